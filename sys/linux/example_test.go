// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/osync-go/osync/sys/linux"
)

// A mutex is a lock of three states: 0 free, 1 held, 2 held and perhaps waited for.
type mutex struct{ word atomic.Uint32 }

func (m *mutex) Lock() {
	if m.word.CompareAndSwap(0, 1) {
		return
	}
	for m.word.Swap(2) != 0 {
		err := linux.FutexWait(&m.word, 2, nil, linux.FUTEX_PRIVATE_FLAG)
		if err != nil && err != syscall.EAGAIN {
			panic(err)
		}
	}
}

func (m *mutex) Unlock() {
	if m.word.Swap(0) == 2 {
		if _, err := linux.FutexWake(&m.word, 1, linux.FUTEX_PRIVATE_FLAG); err != nil {
			panic(err)
		}
	}
}

// The mutex from which every futex lock started.
func Example() {
	var m mutex
	var wg sync.WaitGroup
	sum := 0
	for range 4 {
		wg.Go(func() {
			for range 1000 {
				m.Lock()
				sum++
				m.Unlock()
			}
		})
	}
	wg.Wait()
	fmt.Println(sum)
	// Output: 4000
}

// A deadline is a point in time, so a signal costs nothing but another call.
func ExampleFutexWaitBitset() {
	var word atomic.Uint32
	end := time.Now().Add(10 * time.Millisecond)
	deadline := linux.Timespec{Sec: end.Unix(), Nsec: int64(end.Nanosecond())}
	const flags = linux.FUTEX_PRIVATE_FLAG | linux.FUTEX_CLOCK_REALTIME
	for {
		err := linux.FutexWaitBitset(&word, 0, &deadline, linux.FUTEX_BITSET_MATCH_ANY, flags)
		if err != syscall.EINTR {
			fmt.Println(err)
			return
		}
	}
	// Output: connection timed out
}

// A wake returns the number of threads woken: here no thread waits.
func ExampleFutexWake() {
	var word atomic.Uint32
	n, err := linux.FutexWake(&word, 1, linux.FUTEX_PRIVATE_FLAG)
	fmt.Println(n, err)
	// Output: 0 <nil>
}
