// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import (
	"runtime"
	"slices"
)

// A thread that repeatedly reads the same words at the same place and finds them unchanged is in a spin loop: another
// read would show nothing new. So it waits until another thread writes one of them. A loop that counts its iterations,
// and finally does something else, may go on when no other thread can.

// A site is the place where a thread reads: a hash of its call stack. Computing it costs more than a step, so it is
// done only once a word has been read often enough.
type site uint64

// maxSites is the maximum number of places at which a spin loop may read one word.
const maxSites = 4

// findSite finds where the caller is about to read, if the read can be another iteration of a spin loop.
func (t *Thread) findSite() {
	t.site = 0
	for i := range t.watched {
		if s := &t.watched[i]; s.obj == t.obj && s.version == s.obj.version && s.again+1 >= t.x.options.Spins {
			var pcs [8]uintptr
			for _, pc := range pcs[:runtime.Callers(4, pcs[:])] { // of the replacement's caller
				t.site = (t.site ^ site(pc)) * 0x100000001B3
			}
			return
		}
	}
}

// maxWatched is the maximum number of words that a spin loop may read.
const maxWatched = 8

// noteRead records the step that t has just taken.
func (t *Thread) noteRead(kind Access) {
	if kind.changes() || t.obj == nil {
		t.watched, t.releases = t.watched[:0], 0
		return
	}
	t.watch(t.obj)
	for _, o := range t.more {
		t.watch(o)
	}
}

// watch records that t read o. It removes from the list the words that have changed since t read them, as the loop may
// not read them again, and counts iterations from here on.
func (t *Thread) watch(o *object) {
	now := seen{obj: o, version: o.version}
	changed := false
	kept := t.watched[:0]
	for _, s := range t.watched {
		switch {
		case s.version != s.obj.version:
			changed = true
		case s.obj == o:
			now.again, now.sites = s.again+1, s.sites
		default:
			kept = append(kept, s)
		}
	}
	if changed {
		now.again, now.sites, t.releases = 0, [maxSites]site{}, 0
		for i := range kept {
			kept[i].again, kept[i].sites = 0, [maxSites]site{}
		}
	}
	if len(kept) == maxWatched {
		kept = kept[:0]
	}
	if t.site != 0 && !slices.Contains(now.sites[:], t.site) {
		copy(now.sites[1:], now.sites[:])
		now.sites[0] = t.site
	}
	t.watched = append(kept, now)
}

// spinning reports whether the step that t is about to take is another step of a spin loop.
func (t *Thread) spinning() bool {
	if len(t.watched) == 0 || t.release {
		return false
	}
	if t.op.kind().changes() || len(t.then) > 0 && t.op.matches() {
		return false
	}
	again := false
	for i := range t.watched {
		s := &t.watched[i]
		if s.version != s.obj.version {
			return false
		}
		if s.obj == t.obj {
			again = s.again >= t.x.options.Spins && slices.Contains(s.sites[:], t.site)
		}
	}
	return again
}

// spinningThreads returns the threads whose next step is another step of a spin loop.
func (x *execution) spinningThreads() (s set) {
	for i, t := range x.threads {
		if t.status == pending && t.spinning() {
			s |= only(i)
		}
	}
	return s
}

// maxReleases is how often a spin loop may go on while nothing else can, before the engine considers it endless.
const maxReleases = 300

// idle is called when no other thread can go on. It chooses a thread that spins, or returns nil. If the threads have
// spun in vain for too long, idle ends the execution.
func (x *execution) idle() *Thread {
	var best *Thread
	for _, t := range x.threads {
		if t.status == pending && t.spinning() && (best == nil || t.releases < best.releases) {
			best = t
		}
	}
	if best == nil {
		return nil
	}
	if best.releases++; best.releases > maxReleases {
		x.fail("livelock", x.spinners())
		return nil
	}
	best.release = true
	best.now += clockJump / 1000 // for loops that end by time
	return best
}

// spinners describes the threads that spin.
func (x *execution) spinners() string {
	text := "the only goroutines that can go on are in spin loops:"
	for _, t := range x.threads {
		if t.status == pending && t.spinning() {
			text += "\n" + t.Name() + " spins in " + x.opText(t)
		}
	}
	return text
}
