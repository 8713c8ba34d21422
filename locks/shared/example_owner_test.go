// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows

package shared_test

import (
	"fmt"
	"log"
	"os"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

// A waiter that has waited for long reports the owner of the lock.
func ExampleMutex_Owner() {
	r, err := shared.Anonymous(shared.SizeFor[shared.Mutex]())
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	m, err := shared.Map[shared.Mutex](r)
	if err != nil {
		log.Fatal(err)
	}
	if err := m.Lock(); err != nil {
		log.Fatal(err)
	}
	defer m.Unlock()

	if locked, err := m.TryLockFor(10 * time.Millisecond); err != nil || locked {
		log.Fatal(locked, err)
	}
	if owner, held, err := m.Owner(); err == nil && held {
		_ = "stuck: " + owner.String() // process 4711 (alive, started 12:03:04), held for at least 10ms
		fmt.Println(owner.PID == os.Getpid(), owner.Alive, owner.Stopped, owner.Foreign)
		fmt.Println(owner.Started.Before(time.Now()), owner.Since.Before(time.Now()))
	}
	// Output:
	// true true false false
	// true true
}

// The goroutines of a process count as one reader.
func ExampleRWMutex_Readers() {
	r, err := shared.Anonymous(shared.SizeFor[shared.RWMutex]())
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	rw, err := shared.Map[shared.RWMutex](r)
	if err != nil {
		log.Fatal(err)
	}
	for range 3 {
		if err := rw.RLock(); err != nil {
			log.Fatal(err)
		}
		defer rw.RUnlock()
	}

	readers, err := rw.Readers()
	fmt.Println(len(readers), err)
	fmt.Println(readers[0].PID == os.Getpid())
	_, held, err := rw.Owner()
	fmt.Println(held, err)
	// Output:
	// 1 <nil>
	// true
	// false <nil>
}
