// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"fmt"
	"time"

	"github.com/osync-go/osync/locks"
)

// A garbage collector visits all series, which takes long, and meanwhile lets in goroutines that add series. A map
// may change during a range loop; a slice would have to be examined again.
func ExampleMutex_Bump() {
	var m locks.Mutex
	series := map[string]time.Duration{"old": time.Hour, "older": 2 * time.Hour, "young": time.Second}
	m.Lock()
	for name, age := range series {
		if age >= time.Hour {
			delete(series, name)
		}
		m.Bump() // one load if no goroutine waits
	}
	fmt.Println(series)
	m.Unlock()
	// Output: map[young:1s]
}

func ExampleMutex_HasWaiters() {
	var m locks.Mutex
	var wg locks.WaitGroup
	m.Lock()
	wg.Go(func() {
		m.Lock()
		fmt.Println("the other one")
		m.Unlock()
	})
	for !m.HasWaiters() {
		time.Sleep(time.Millisecond)
	}
	fmt.Println("bumped:", m.Bump())
	m.Unlock()
	wg.Wait()
	// Output:
	// the other one
	// bumped: true
}

func ExampleFairMutex_Bump() {
	var m locks.FairMutex
	m.Lock()
	fmt.Println(m.HasWaiters(), m.Bump())
	m.Unlock()
	// Output: false false
}

// A reader that takes long lets writers in.
func ExampleRWMutex_RBump() {
	var rw locks.RWMutex
	var wg locks.WaitGroup
	names := []string{"a", "b"}
	rw.RLock()
	wg.Go(func() {
		rw.Lock()
		names = append(names, "c")
		rw.Unlock()
	})
	for !rw.WriterWaiting() {
		time.Sleep(time.Millisecond)
	}
	for i := 0; i < len(names); i++ { // not range names, which would not see added elements
		rw.RBump()
		fmt.Print(names[i], " ")
	}
	rw.RUnlock()
	wg.Wait()
	// Output: a b c
}

func ExampleRWMutex_Bump() {
	var rw locks.RWMutex
	var wg locks.WaitGroup
	stage := 1
	rw.Lock()
	wg.Go(func() {
		rw.RLock()
		fmt.Println("a reader sees stage", stage)
		rw.RUnlock()
	})
	for !rw.HasWaiters() {
		time.Sleep(time.Millisecond)
	}
	rw.Bump()
	stage = 2
	rw.Unlock()
	wg.Wait()
	// Output: a reader sees stage 1
}

func ExampleBiasedRWMutex_RBump() {
	var rw locks.BiasedRWMutex
	t := rw.RLock()
	defer func() { rw.RUnlock(t) }() // with the token of the last RBump
	for range 3 {
		var bumped bool
		t, bumped = rw.RBump(t)
		fmt.Println(bumped, rw.WriterWaiting())
	}
	// Output:
	// false false
	// false false
	// false false
}

func ExampleBiasedRWMutex_Bump() {
	var rw locks.BiasedRWMutex
	rw.Lock()
	fmt.Println(rw.HasWaiters(), rw.Bump())
	rw.Unlock()
	// Output: false false
}

// Readers wait until the table has an entry. They hold the lock for reading while they check.
func ExampleBiasedRWMutex_RLocker() {
	var rw locks.BiasedRWMutex
	var wg locks.WaitGroup
	table := map[string]int{}
	filled := locks.NewCond(rw.RLocker())
	for range 2 {
		wg.Go(func() {
			filled.L.Lock()
			for len(table) == 0 {
				filled.Wait()
			}
			fmt.Println(table)
			filled.L.Unlock()
		})
	}
	rw.Lock()
	table["answer"] = 42
	rw.Unlock()
	filled.Broadcast()
	wg.Wait()
	// Output:
	// map[answer:42]
	// map[answer:42]
}
