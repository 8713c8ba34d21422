// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows

package native_test

import (
	"fmt"
	"sync"
	"time"

	"github.com/osync-go/osync/locks/native"
)

func Example() {
	if err := native.Supported(); err != nil {
		fmt.Println(err)
		return
	}
	var m native.Mutex
	m.Lock()
	// This goroutine has a thread of its own here.
	fmt.Println("locked")
	m.Unlock()
	// Output: locked
}

func ExampleMutex_TryLockFor() {
	var m native.Mutex
	m.Lock()
	var other sync.WaitGroup
	other.Go(func() {
		if !m.TryLockFor(time.Millisecond) {
			fmt.Println("busy")
		}
	})
	other.Wait()
	m.Unlock()
	// Output: busy
}

func ExampleMutex_Unlock() {
	var m native.Mutex
	m.Lock()
	var stranger sync.WaitGroup
	stranger.Go(func() {
		defer func() { fmt.Println(recover()) }()
		m.Unlock()
	})
	stranger.Wait()
	m.Unlock() // it is in order
	// Output: native: unlock of a mutex that another thread holds
}

func ExampleRWMutex() {
	var rw native.RWMutex
	settings := map[string]int{"volume": 3}
	var writer sync.WaitGroup
	writer.Go(func() {
		rw.Lock()
		settings["volume"] = 4
		rw.Unlock()
	})
	writer.Wait()
	rw.RLock()
	fmt.Println(settings["volume"])
	rw.RUnlock()
	// Output: 4
}

func ExampleCond() {
	var m native.Mutex
	ready := native.NewCond(&m)
	var queue []string

	var consumer sync.WaitGroup
	consumer.Go(func() {
		m.Lock()
		defer m.Unlock()
		for len(queue) == 0 {
			ready.Wait()
		}
		fmt.Println(queue[0])
	})

	m.Lock()
	queue = append(queue, "hello")
	m.Unlock()
	ready.Signal()
	consumer.Wait()
	// Output: hello
}
