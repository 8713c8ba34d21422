// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync"
	"time"

	"github.com/osync-go/osync/examples/internal/clock"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/native"
)

// uncontended are the operations that find nobody in their way. Each stands here twice, for
// the types themselves: through an interface or a type parameter no call would inline,
// and the calls are most of the cost.
func uncontended() []comparison {
	rows := []comparison{
		{"Mutex Lock+Unlock", "sync.Mutex", locksMutex, syncMutex},
		{"RWMutex RLock+RUnlock", "sync.RWMutex", locksRead, syncRead},
		{"RWMutex Lock+Unlock", "sync.RWMutex", locksWrite, syncWrite},
		{"Once.Do, done before", "sync.Once", locksOnce, syncOnce},
		{"WaitGroup Add+Done+Wait", "sync.WaitGroup", locksWaitGroup, syncWaitGroup},
	}
	if native.Supported() == nil {
		rows = append(rows, comparison{"native.Mutex Lock+Unlock", "sync.Mutex", nativeMutex, syncMutex})
	}
	return rows
}

func locksMutex(n int) (time.Duration, error) {
	mu := new(locks.Mutex)
	begin := clock.Now()
	for range n {
		mu.Lock()
		mu.Unlock()
	}
	return begin.Elapsed(), nil
}

func syncMutex(n int) (time.Duration, error) {
	mu := new(sync.Mutex)
	begin := clock.Now()
	for range n {
		mu.Lock()
		mu.Unlock()
	}
	return begin.Elapsed(), nil
}

func nativeMutex(n int) (time.Duration, error) {
	mu := new(native.Mutex)
	begin := clock.Now()
	for range n {
		mu.Lock()
		mu.Unlock()
	}
	return begin.Elapsed(), nil
}

func locksRead(n int) (time.Duration, error) {
	rw := new(locks.RWMutex)
	begin := clock.Now()
	for range n {
		rw.RLock()
		rw.RUnlock()
	}
	return begin.Elapsed(), nil
}

func syncRead(n int) (time.Duration, error) {
	rw := new(sync.RWMutex)
	begin := clock.Now()
	for range n {
		rw.RLock()
		rw.RUnlock()
	}
	return begin.Elapsed(), nil
}

func locksWrite(n int) (time.Duration, error) {
	rw := new(locks.RWMutex)
	begin := clock.Now()
	for range n {
		rw.Lock()
		rw.Unlock()
	}
	return begin.Elapsed(), nil
}

func syncWrite(n int) (time.Duration, error) {
	rw := new(sync.RWMutex)
	begin := clock.Now()
	for range n {
		rw.Lock()
		rw.Unlock()
	}
	return begin.Elapsed(), nil
}

func locksOnce(n int) (time.Duration, error) {
	once := new(locks.Once)
	begin := clock.Now()
	for range n {
		once.Do(nothing)
	}
	return begin.Elapsed(), nil
}

func syncOnce(n int) (time.Duration, error) {
	once := new(sync.Once)
	begin := clock.Now()
	for range n {
		once.Do(nothing)
	}
	return begin.Elapsed(), nil
}

func nothing() {}

func locksWaitGroup(n int) (time.Duration, error) {
	wg := new(locks.WaitGroup)
	begin := clock.Now()
	for range n {
		wg.Add(1)
		wg.Done()
		wg.Wait()
	}
	return begin.Elapsed(), nil
}

func syncWaitGroup(n int) (time.Duration, error) {
	wg := new(sync.WaitGroup)
	begin := clock.Now()
	for range n {
		wg.Add(1)
		wg.Done()
		wg.Wait()
	}
	return begin.Elapsed(), nil
}
