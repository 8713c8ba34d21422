// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import "github.com/osync-go/osync/examples/compare/foreign"

// The names that the program itself looks for.
const (
	baseline   = "sync"
	baseline2  = "sync again"
	onThreads  = "sync-locked"
	ours       = "osync"
	ourThreads = "osync-pinned"
	parkingLot = "parking_lot"
)

// A peer is one of those who are compared.
type peer struct {
	name    string
	about   string
	threads bool // its workers are threads: it is compared with sync on threads, too
	does    func(w work) bool
	run     func(foreign.Spec) (outcome, error)
}

// inGo returns the peers that are written in Go.
func inGo() []peer {
	return []peer{
		goPeer(baseline, "package sync: the baseline", &syncKit, goroutines),
		goPeer(baseline2, "the same once more: how far it is from 1.00 is noise", &syncKit, goroutines),
		goPeer(ours, "package locks", &osyncKit, goroutines),
		goPeer("osync-fair", "locks.FairMutex, strictly in order of arrival", &fairKit, goroutines),
		goPeer("osync-guard", "guard.Mutex, a value inside its lock", &guardedKit, goroutines),
		goPeer("osync-biased", "locks.BiasedRWMutex, for values that are hardly ever written", &biasedKit, goroutines),
		goPeer("chan", "a channel with room for one value", &chanKit, goroutines),
		goPeer("x/sync", "semaphore.Weighted of golang.org/x/sync", &semaphoreKit, goroutines),
		goPeer("xsync", "RBMutex of github.com/puzpuzpuz/xsync", &xsyncKit, goroutines),
		goPeer(onThreads, "package sync, goroutines locked to threads by runtime.LockOSThread", &syncKit, locked),
		goPeer(ourThreads, "package locks, goroutines pinned to threads by package thread", &osyncKit, pinned),
	}
}

func goPeer(name, about string, k *kit, c crew) peer {
	threads := name == onThreads || name == ourThreads
	return peer{
		name: name, about: about, threads: threads,
		does: func(w work) bool { return k.does(w.kind) && !(threads && w.kind == crowd) },
		run:  func(spec foreign.Spec) (outcome, error) { return round(k, c, spec) },
	}
}
