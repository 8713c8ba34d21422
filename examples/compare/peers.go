// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"regexp"
	"slices"

	"github.com/osync-go/osync/examples/compare/foreign"
)

// The names that the program itself looks for.
const (
	baseline   = "sync"
	baseline2  = "sync again"
	lockedSync = "sync-locked"
	ours       = "osync"
	ourThreads = "osync-pinned"
	parkingLot = "parking_lot"
)

// A peer is an implementation that is compared.
type peer struct {
	name    string
	about   string
	threads bool // its workers are threads: it is compared with sync on threads, too
	foreign bool // it is another program
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
		goPeer(lockedSync, "package sync, goroutines locked to threads by runtime.LockOSThread", &syncKit, locked),
		goPeer(ourThreads, "package locks, goroutines pinned to threads by package thread", &osyncKit, pinned),
	}
}

func goPeer(name, about string, k *kit, c crew) peer {
	threads := name == lockedSync || name == ourThreads
	return peer{
		name: name, about: about, threads: threads,
		does: func(w work) bool { return k.does(w.kind) && !(threads && w.kind == crowd) },
		run:  func(spec foreign.Spec) (outcome, error) { return round(k, c, spec) },
	}
}

// abouts says what the foreign peers are. All of their workers are threads.
var abouts = map[string]string{
	"pthread":          "C: pthread_mutex_t and its kin of the C library",
	"macOS pthread":    "C: pthread_mutex_t and its kin of macOS",
	"glibc":            "C: pthread_mutex_t and its kin of the GNU C library",
	"nsync":            "C: nsync_mu and nsync_cv of Google's nsync",
	"C++ std":          "std::mutex, std::shared_mutex and std::condition_variable",
	"C++ atomic::wait": "a mutex and a condition variable upon std::atomic::wait",
	"Rust std":         "std::sync of Rust",
	parkingLot:         "the Rust crate parking_lot",
}

// notInGo returns p as one of the others.
func notInGo(p *foreign.Peer) peer {
	return peer{
		name: p.Name, about: abouts[p.Name], threads: true, foreign: true,
		does: func(w work) bool { return w.procs == 0 && slices.Contains(p.Kinds, w.kind) },
		run: func(spec foreign.Spec) (outcome, error) {
			r, err := p.Run(spec)
			return outcome{Result: r}, err
		},
	}
}

// allPeers returns those whose names match. If none of the foreign ones may, it builds none.
func allPeers(ctx context.Context, names *regexp.Regexp, progress func(string)) (peers []peer, missing []string, end func()) {
	peers, end = inGo(), func() {}
	for name := range abouts {
		if names.MatchString(name) {
			var others []*foreign.Peer
			others, missing = foreign.Start(ctx, progress)
			for _, p := range others {
				peers = append(peers, notInGo(p))
			}
			end = func() {
				for _, p := range others {
					p.Close()
				}
			}
			break
		}
	}
	return slices.DeleteFunc(peers, func(p peer) bool { return p.name != baseline && !names.MatchString(p.name) }), missing, end
}
