// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"

	"github.com/osync-go/osync/locks"
)

func ExampleOnce() {
	var once locks.Once
	for range 3 {
		once.Do(func() { fmt.Println("only once") })
	}
	// Output: only once
}

func ExampleOnceValue() {
	config := locks.OnceValue(func() string {
		fmt.Println("reading")
		return "colour=green"
	})
	fmt.Println(config())
	fmt.Println(config())
	// Output:
	// reading
	// colour=green
	// colour=green
}

func ExampleOnceFunc() {
	hello := locks.OnceFunc(func() { fmt.Println("hello") })
	hello()
	hello()
	// Output: hello
}

func ExampleOnceValues() {
	answer := locks.OnceValues(func() (int, error) {
		fmt.Println("thinking")
		return 42, nil
	})
	fmt.Println(answer())
	fmt.Println(answer())
	// Output:
	// thinking
	// 42 <nil>
	// 42 <nil>
}
