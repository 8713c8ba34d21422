// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
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

// The first request connects. If it gives up or fails, the next waiting request tries.
func ExampleOnce_DoContext() {
	var once locks.Once
	connect := func(ctx context.Context) error {
		fmt.Println("connecting")
		return ctx.Err() // the error of a dialer that was cancelled
	}
	hasty, cancel := context.WithCancel(context.Background())
	fmt.Println(once.DoContext(hasty, func(ctx context.Context) error {
		cancel() // while it connects
		return connect(ctx)
	}))
	fmt.Println(once.DoContext(context.Background(), connect))
	fmt.Println(once.DoContext(context.Background(), connect))
	// Output:
	// connecting
	// context canceled
	// connecting
	// <nil>
	// <nil>
}

func ExampleOnceValueContext() {
	tries := 0
	config := locks.OnceValueContext(func(ctx context.Context) (string, error) {
		if tries++; tries == 1 {
			return "", errors.New("the server is starting")
		}
		return "colour=green", nil
	})
	for range 3 {
		c, err := config(context.Background())
		fmt.Printf("%q %v\n", c, err)
	}
	fmt.Println("tries:", tries)
	// Output:
	// "" the server is starting
	// "colour=green" <nil>
	// "colour=green" <nil>
	// tries: 2
}
