// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

import "slices"

// A thread that reads the same words again and again, and finds them unchanged, is in a spin loop: to let
// it read once more shows nothing new. So it waits until another thread has written one of them. A loop
// that counts its turns, and does something else in the end, may go on when no other thread can.

// maxWatched is how many words a spin loop may read.
const maxWatched = 8

// noteRead notes the step that t has just taken.
func (t *Thread) noteRead(kind Access) {
	if kind != Read || t.obj == nil {
		t.watched, t.releases = t.watched[:0], 0
		return
	}
	t.watch(t.obj)
	for _, o := range t.more {
		t.watch(o)
	}
}

// watch notes that t has read o.
func (t *Thread) watch(o *object) {
	t.forget(o)
	for i := range t.watched {
		s := &t.watched[i]
		if s.obj != o {
			continue
		}
		if s.version == o.version {
			s.again++
			return
		}
		t.releases = 0
		break
	}
	t.watched = without(t.watched, o)
	if len(t.watched) == maxWatched {
		t.watched = t.watched[:0]
	}
	t.watched = append(t.watched, seen{o, o.version, 0})
}

// forget takes the words that have changed off the list, but for o, which t has just read, and counts the turns
// from here on: a loop that does not read such a word again does not wait for it.
func (t *Thread) forget(o *object) {
	if !slices.ContainsFunc(t.watched, func(s seen) bool { return s.obj != o && s.version != s.obj.version }) {
		return
	}
	kept := t.watched[:0]
	for _, s := range t.watched {
		if s.obj == o || s.version == s.obj.version {
			kept = append(kept, seen{s.obj, s.version, 0})
		}
	}
	t.watched, t.releases = kept, 0
}

// without takes o, and what has changed, off the list.
func without(watched []seen, o *object) []seen {
	kept := watched[:0]
	for _, s := range watched {
		if s.obj != o && s.version == s.obj.version {
			kept = append(kept, s)
		}
	}
	return kept
}

// spinning reports whether the step that t is about to take is one more of a spin loop.
func (t *Thread) spinning() bool {
	if len(t.watched) == 0 || t.release {
		return false
	}
	if t.op.kind() != Read || len(t.then) > 0 && t.op.matches() {
		return false
	}
	again := false
	for i := range t.watched {
		s := &t.watched[i]
		if s.version != s.obj.version {
			return false
		}
		if s.obj == t.obj {
			again = s.again >= t.x.options.Spins
		}
	}
	return again
}

// maxReleases is how often a spin loop may go on while nothing else can, before it counts as one that
// never ends.
const maxReleases = 300

// idle chooses a thread that spins, since no other can go on, or nil. If the threads have gone on in vain
// for too long, idle ends the execution.
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

// spinners says which threads spin.
func (x *execution) spinners() string {
	text := "no goroutine can go on but those that read the same again and again:"
	for _, t := range x.threads {
		if t.status == pending && t.spinning() {
			text += "\n" + t.Name() + " spins in " + x.opText(t)
		}
	}
	return text
}
