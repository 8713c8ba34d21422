// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package main

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

// A state is what the region holds. Words that different threads write are in cache lines of their own. c/glibc.c has the same.
type state struct {
	pthread        shared.PthreadMutex
	_              [64 - pthreadSize]byte
	mutex          shared.Mutex
	_              [64 - mutexSize]byte
	counter, other int64
	_              [48]byte
	phase          atomic.Uint32 // 0 before, 1 while, and 2 after the workers work
	_              [60]byte
	added          [workersMost]struct {
		n uint64
		_ [56]byte
	}
}

const workersMost = 64

// work is a process with n goroutines that add to the counter.
func work(kind, name, first, n string) error {
	r, err := shared.Open(name)
	if err != nil {
		return err
	}
	s, err := shared.Map[state](r)
	if err != nil {
		return err
	}
	at, err := strconv.Atoi(first)
	if err != nil {
		return err
	}
	goroutines, err := strconv.Atoi(n)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for s.phase.Load() == 0 {
		time.Sleep(100 * time.Microsecond)
	}
	var wg sync.WaitGroup
	for i := range goroutines {
		wg.Go(func() {
			switch kind {
			case "Mutex":
				addMutex(s, &s.mutex, &s.added[at+i].n)
			case "PthreadMutex":
				addPthreadMutex(s, &s.pthread, &s.added[at+i].n)
			}
		})
	}
	wg.Wait()
	return nil
}

// addMutex and addPthreadMutex are the same: a function for both would call the methods of an interface, which C does not.
// added is not atomic, since an atomic addition costs as much as half of the lock.
func addMutex(s *state, m *shared.Mutex, added *uint64) {
	for s.phase.Load() == 1 {
		if err := m.Lock(); err != nil {
			panic(err)
		}
		s.counter++
		s.other++
		m.Unlock()
		*added++
	}
}

func addPthreadMutex(s *state, m *shared.PthreadMutex, added *uint64) {
	for s.phase.Load() == 1 {
		if err := m.Lock(); err != nil {
			panic(err)
		}
		s.counter++
		s.other++
		m.Unlock()
		*added++
	}
}
