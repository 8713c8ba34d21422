// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

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

func ExampleMutex_TryLock() {
	var m native.Mutex
	fmt.Println(m.TryLock())
	fmt.Println(m.TryLock()) // the owner cannot lock it twice
	m.Unlock()
	// Output:
	// true
	// false
}

func ExampleMutex_Unlock() {
	var m native.Mutex
	m.Lock()
	var other sync.WaitGroup
	other.Go(func() {
		defer func() { fmt.Println(recover()) }()
		m.Unlock()
	})
	other.Wait()
	m.Unlock() // the panic has changed nothing
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

func ExampleRWMutex_TryRLockFor() {
	var rw native.RWMutex
	fmt.Println("read:", rw.TryRLock())
	var other sync.WaitGroup
	other.Go(func() {
		fmt.Println("write beside a reader:", rw.TryLock(), rw.TryLockFor(time.Millisecond))
		if rw.TryRLockFor(time.Second) {
			fmt.Println("another reads beside it")
			rw.RUnlock()
		}
	})
	other.Wait()
	rw.RUnlock()
	// Output:
	// read: true
	// write beside a reader: false false
	// another reads beside it
}

func ExampleCond_WaitFor() {
	var m native.Mutex
	c := native.Cond{L: &m}
	arrived := false
	c.L.Lock()
	defer c.L.Unlock()
	deadline := time.Now().Add(time.Millisecond)
	for !arrived {
		if !c.WaitFor(time.Until(deadline)) {
			fmt.Println("nothing has come")
			return
		}
	}
	// Output: nothing has come
}

func ExampleCond_Broadcast() {
	var m native.Mutex
	c := native.NewCond(&m)
	open := false
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			m.Lock()
			defer m.Unlock()
			for !open {
				c.Wait()
			}
		})
	}
	m.Lock()
	open = true
	m.Unlock()
	c.Broadcast()
	all.Wait()
	fmt.Println("all are through")
	// Output: all are through
}
