// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows

package shared_test

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/osync-go/osync/locks/shared"
)

// An engine gives each container a lock, and stores the number of the lock with the container.
func ExampleArray() {
	dir, err := os.MkdirTemp("", "locks")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	a, err := shared.OpenOrCreateArray(filepath.Join(dir, "locks"), 2)
	if err != nil {
		log.Fatal(err)
	}
	defer a.Close()

	create := func() (n int, err error) {
		n, err = a.Allocate() // free again if this process dies now
		if errors.Is(err, shared.ErrFull) {
			if err = a.Grow(min(2*a.Len(), shared.MaxEntries)); err == nil {
				n, err = a.Allocate()
			}
		}
		if err != nil {
			return 0, err
		}
		return n, a.Keep(n) // then store the number
	}
	for range 3 {
		n, err := create()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("a container with lock", n)
	}

	m, err := a.Mutex(1)
	if err != nil {
		log.Fatal(err)
	}
	if err := m.Lock(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(errors.Is(a.Free(1), shared.ErrInUse))
	m.Unlock()
	if err := a.Free(1); err != nil {
		log.Fatal(err)
	}
	_, err = a.Mutex(1)
	fmt.Println(errors.Is(err, shared.ErrNotAllocated))
	fmt.Println(a.Len())
	// Output:
	// a container with lock 0
	// a container with lock 1
	// a container with lock 2
	// true
	// true
	// 4
}

// A lock without a container was left by a process that was killed before it stored the number.
func ExampleArray_All() {
	dir, err := os.MkdirTemp("", "locks")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "locks")
	a, err := shared.Options{Perm: 0o660}.CreateArray(name, 8) // for a group of users
	if err != nil {
		log.Fatal(err)
	}
	defer a.Close()
	for range 3 {
		n, err := a.Allocate()
		if err == nil {
			err = a.Keep(n)
		}
		if err != nil {
			log.Fatal(err)
		}
	}

	containers := map[int]string{0: "web", 2: "db"}
	for n, entry := range a.All() {
		switch {
		case containers[n] != "":
			fmt.Println(n, containers[n], entry.Held, entry.Err)
		case entry.Kept:
			fmt.Println(n, "has no container:", a.Free(n))
		default:
			fmt.Println(n, "is about to be used by", entry.Allocator)
		}
	}
	// Output:
	// 0 web false <nil>
	// 1 has no container: <nil>
	// 2 db false <nil>
}

// Several processes open the same array, and the first one makes it.
func ExampleOpenArray() {
	dir, err := os.MkdirTemp("", "locks")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "locks")
	if _, err := shared.OpenArray(name); errors.Is(err, os.ErrNotExist) {
		fmt.Println("there is none")
	}
	a, err := shared.CreateArray(name, 100)
	if err != nil {
		log.Fatal(err)
	}
	defer a.Close()
	fmt.Println(a.Len())
	// Output:
	// there is none
	// 100
}
