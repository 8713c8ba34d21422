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

// uncontended are the operations that meet no other goroutine. Each stands here twice, for
// the types themselves: through an interface or a type parameter no call would inline,
// and the calls are most of the cost.
func uncontended() []comparison {
	rows := []comparison{
		{name: "Mutex Lock+Unlock", counterpart: "sync.Mutex", osync: locksMutex, sync: syncMutex},
		{name: "RWMutex RLock+RUnlock", counterpart: "sync.RWMutex", osync: locksRead, sync: syncRead},
		{name: "RWMutex Lock+Unlock", counterpart: "sync.RWMutex", osync: locksWrite, sync: syncWrite},
		{name: "Once.Do, done before", counterpart: "sync.Once", osync: locksOnce, sync: syncOnce},
		{name: "WaitGroup Add+Done+Wait", counterpart: "sync.WaitGroup", osync: locksWaitGroup, sync: syncWaitGroup},
	}
	if native.Supported() == nil {
		rows = append(rows, comparison{name: "native.Mutex Lock+Unlock", counterpart: "sync.Mutex", osync: nativeMutex, sync: syncMutex})
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
