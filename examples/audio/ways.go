// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/guard"
	"github.com/osync-go/osync/locks/native"
)

// params are what goroutines set and the audio thread needs in each period. Each gain is the version, so that half of one
// change and half of another are found out.
type params struct {
	version uint64
	gain    [7]float64
}

func (p *params) set(version uint64) {
	p.version = version
	for i := range p.gain {
		p.gain[i] = float64(version)
	}
}

// whole reports whether p is of one change.
func (p *params) whole() bool {
	for _, g := range p.gain {
		if g != float64(p.version) {
			return false
		}
	}
	return true
}

// A way is one of sharing params between goroutines and the audio thread.
type way struct {
	name  string
	waits bool // the audio thread may have to wait for a goroutine
	share func() sharing
}

// A sharing is a way in use.
type sharing struct {
	// change is called by goroutines, several at a time. build changes the params; it takes its time.
	change func(build func(*params))
	// latest is called by the audio thread. It brings p up to date, or leaves it if that would mean to wait, and then
	// reports false.
	latest func(p *params) bool
}

// lock is what the mutexes have in common.
type lock interface {
	sync.Locker
	TryLock() bool
}

// blocking shares params under a lock that the audio thread waits for.
func blocking(mu lock) sharing {
	var shared params
	return sharing{
		change: func(build func(*params)) { mu.Lock(); build(&shared); mu.Unlock() },
		latest: func(p *params) bool { mu.Lock(); *p = shared; mu.Unlock(); return true },
	}
}

// trying shares params under a lock that the audio thread takes only if it is free.
func trying(mu lock) sharing {
	var shared params
	return sharing{
		change: func(build func(*params)) { mu.Lock(); build(&shared); mu.Unlock() },
		latest: func(p *params) bool {
			if !mu.TryLock() {
				return false
			}
			*p = shared
			mu.Unlock()
			return true
		},
	}
}

// inheriting shares params under a lock whose holder inherits the priority of the audio thread, as far as the system has that. The goroutines
// are locked to a thread while they hold it.
func inheriting() sharing {
	var mu native.PIMutex
	var shared params
	must := func(err error) {
		if err != nil {
			panic(err) // no thread ends while it holds mu, or locks it twice
		}
	}
	return sharing{
		change: func(build func(*params)) { must(mu.Lock()); build(&shared); mu.Unlock() },
		latest: func(p *params) bool { must(mu.Lock()); *p = shared; mu.Unlock(); return true },
	}
}

// builder is what the ways have in common whose goroutines build params of their own before they share them: one after the other.
type builder struct {
	mu sync.Mutex // never locked by the audio thread
	p  params
}

func (b *builder) next(build func(*params), share func(params)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	build(&b.p)
	share(b.p)
}

func seqLock(try bool) sharing {
	var b builder
	var shared guard.SeqLock[params]
	shared.Store(params{}) // the first use takes longer: not on the audio thread
	latest := func(p *params) bool { *p = shared.Load(); return true }
	if try {
		latest = func(p *params) bool {
			v, ok := shared.TryLoad()
			if ok {
				*p = v
			}
			return ok
		}
	}
	return sharing{
		change: func(build func(*params)) { b.next(build, shared.Store) },
		latest: latest,
	}
}

func pointer() sharing {
	var b builder
	var shared atomic.Pointer[params]
	shared.Store(new(params))
	return sharing{
		change: func(build func(*params)) {
			b.next(build, func(p params) { shared.Store(&p) }) // p never changes any more
		},
		latest: func(p *params) bool { *p = *shared.Load(); return true },
	}
}

func channel() sharing {
	var b builder
	c := make(chan params, 1)
	return sharing{
		change: func(build func(*params)) {
			b.next(build, func(p params) {
				select {
				case <-c: // what the audio thread has not taken
				default:
				}
				c <- p
			})
		},
		latest: func(p *params) bool {
			select {
			case *p = <-c:
			default: // nothing is new
			}
			return true
		},
	}
}

func changes() sharing {
	var b builder
	r := newRing[params](256)
	return sharing{
		change: func(build func(*params)) {
			b.next(build, func(p params) {
				r.put(p) // if the ring is full, a later change brings p up to date
			})
		},
		latest: func(p *params) bool {
			for range 256 { // not forever, if goroutines are quicker
				if !r.take(p) {
					break
				}
			}
			return true
		},
	}
}

// ways are compared in this order: those in which the audio thread waits first.
var ways = []way{
	{"sync.Mutex.Lock", true, func() sharing { return blocking(new(sync.Mutex)) }},
	{"locks.Mutex.Lock", true, func() sharing { return blocking(new(locks.Mutex)) }},
	{"native.PIMutex.Lock", true, inheriting},
	{"guard.SeqLock.Load", true, func() sharing { return seqLock(false) }},
	{"guard.SeqLock.TryLoad", false, func() sharing { return seqLock(true) }},
	{"locks.Mutex.TryLock", false, func() sharing { return trying(new(locks.Mutex)) }},
	{"a channel, select with default", false, channel},
	{"a ring of changes", false, changes},
	{"atomic.Pointer to a snapshot", false, pointer},
}
