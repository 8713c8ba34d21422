// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"strings"
	"sync"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/locks/spin"
)

// A contended is a lock from the view of its contenders.
type contended struct {
	// acquire takes the lock, shared with others or for itself alone; release gives it
	// back. A lock that is never shared does not look at the argument.
	acquire, release func(shared bool)
	shared           int // so many may share it; 0: one has it alone
	writes           int // of 100 acquisitions, so many are not shared
}

const unlimited = 1 << 30

// A kind is a lock that can be chosen.
type kind struct {
	name, title string
	make        func(c config) (contended, error)
}

var kinds = []kind{
	{"sync", "sync.Mutex", alone(func() sync.Locker { return new(sync.Mutex) })},
	{"mutex", "locks.Mutex", alone(func() sync.Locker { return new(locks.Mutex) })},
	{"fair", "locks.FairMutex", alone(func() sync.Locker { return new(locks.FairMutex) })},
	{"spin", "spin.Lock", alone(func() sync.Locker { return new(spin.Lock) })},
	{"ticket", "spin.TicketLock", alone(func() sync.Locker { return new(spin.TicketLock) })},
	{"mcs", "spin.MCSLock", alone(func() sync.Locker { return new(spin.MCSLock) })},
	{"native", "native.Mutex", ofSystem(alone(func() sync.Locker { return new(native.Mutex) }))},
	{"pi", "native.PIMutex", priorityInheriting},
	{"channel", "a channel of one", func(config) (contended, error) { return tokens(1), nil }},
	{"sync-rw", "sync.RWMutex", readWrite(func() readWriter { return new(sync.RWMutex) })},
	{"rw", "locks.RWMutex", readWrite(func() readWriter { return new(locks.RWMutex) })},
	{"native-rw", "native.RWMutex", ofSystem(readWrite(func() readWriter { return new(native.RWMutex) }))},
	{"semaphore", "locks.Semaphore", semaphore},
	{"tokens", "a channel of units", func(c config) (contended, error) { return tokens(c.units), nil }},
}

func kindNamed(name string) (kind, error) {
	var names []string
	for _, k := range kinds {
		if k.name == name {
			return k, nil
		}
		names = append(names, k.name)
	}
	return kind{}, fmt.Errorf("no lock %q; there are %s", name, strings.Join(names, ", "))
}

func alone(make func() sync.Locker) func(config) (contended, error) {
	return func(config) (contended, error) {
		mu := make()
		return contended{acquire: func(bool) { mu.Lock() }, release: func(bool) { mu.Unlock() }, writes: 100}, nil
	}
}

// ofSystem is for locks that not every system has.
func ofSystem(make func(config) (contended, error)) func(config) (contended, error) {
	return func(c config) (contended, error) {
		if err := native.Supported(); err != nil {
			return contended{}, err
		}
		return make(c)
	}
}

func priorityInheriting(config) (contended, error) {
	mu := new(native.PIMutex)
	if err := mu.Lock(); err != nil {
		return contended{}, err
	}
	mu.Unlock()
	lock := func(bool) {
		if err := mu.Lock(); err != nil { // a deadlock, or an owner that died
			panic(err)
		}
	}
	return contended{acquire: lock, release: func(bool) { mu.Unlock() }, writes: 100}, nil
}

type readWriter interface {
	sync.Locker
	RLock()
	RUnlock()
}

func readWrite(make func() readWriter) func(config) (contended, error) {
	return func(c config) (contended, error) {
		rw := make()
		choose := func(read, write func()) func(bool) {
			return func(shared bool) {
				if shared {
					read()
				} else {
					write()
				}
			}
		}
		return contended{choose(rw.RLock, rw.Lock), choose(rw.RUnlock, rw.Unlock), unlimited, c.writes}, nil
	}
}

func semaphore(c config) (contended, error) {
	s := locks.NewSemaphore(int64(c.units))
	acquire := func(bool) { s.Acquire(1) }
	return contended{acquire: acquire, release: func(bool) { s.Release(1) }, shared: c.units}, nil
}

func tokens(n int) contended {
	c := make(chan struct{}, n)
	l := contended{acquire: func(bool) { c <- struct{}{} }, release: func(bool) { <-c }, shared: n}
	if n == 1 {
		l.shared, l.writes = 0, 100
	}
	return l
}
