// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"container/list"
	"math"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/locks/park"
)

// A crowd is the set of goroutines of the process that wait for a change of one shared word. They wait in Go's
// scheduler, in FIFO order. One more goroutine, the lookout, waits in the kernel for all of them, and ends when no
// goroutine waits any longer.
//
// So other processes see one sleeper. A wake reaches the lookout, and each change that the lookout sees releases as
// many waiters as the word's type says. No change can be lost: if the lookout misses the wake, it sees the change after
// the time recheck.
type crowd struct {
	word    *atomic.Uint32
	region  *Region // the lookout is inside
	kind    crowdKind
	seen    uint32    // the value of the word that the lookout knows
	waiting list.List // of *waiting
}

// A crowdKind is what a crowd needs to know about the type of its word. All fields may be nil.
type crowdKind struct {
	// release returns how many waiters a change of the word releases, or everyone. If it is nil, every change
	// releases everyone.
	release func(from, to uint32) uint32
	// standing counts the lookouts of all processes. A lookout whose process is killed stays
	// counted.
	standing *atomic.Uint32
	// recheck is called by the lookout when the word has not changed for the time recheck.
	recheck func()
}

const everyone = math.MaxUint32

// anyChange is the kind of a crowd that every change of the word releases.
func anyChange() crowdKind { return crowdKind{} }

// A waiting is a goroutine in a crowd.
type waiting struct {
	crowd *crowd
	place *list.Element // nil once released
	done  atomic.Uint32 // 1 once released, for park
	err   error         // of the region, such as ErrClosed
}

// crowds has the crowds of the process, by their words. The lock also guards the contents of the
// crowds.
var crowds struct {
	mu sync.Mutex
	of map[*atomic.Uint32]*crowd
}

// gather adds the caller to the crowd of a word, for which kind is called if there is no crowd yet. old is the value
// that the caller has seen. If the word has changed since then, the caller is released at once: the lookout may have
// seen that change before. A word must not return to a value that it had before.
func gather(word *atomic.Uint32, old uint32, kind func() crowdKind) *waiting {
	crowds.mu.Lock()
	defer crowds.mu.Unlock()
	if word.Load() != old {
		w := &waiting{}
		w.done.Store(1)
		return w
	}
	c := crowds.of[word]
	if c == nil {
		var err error
		if c, err = assemble(word, old, kind); err != nil {
			w := &waiting{err: err}
			w.done.Store(1)
			return w
		}
		if crowds.of == nil {
			crowds.of = map[*atomic.Uint32]*crowd{}
		}
		crowds.of[word] = c
		go c.look()
	}
	w := &waiting{crowd: c}
	w.place = c.waiting.PushBack(w)
	return w
}

// assemble makes a crowd, without its lookout, which is inside from now on.
func assemble(word *atomic.Uint32, old uint32, kind func() crowdKind) (c *crowd, err error) {
	r, err := enter(unsafe.Pointer(word))
	if err != nil {
		return nil, err
	}
	defer func() {
		if c == nil { // a fault
			r.exit()
		}
	}()
	k := kind()
	if k.standing != nil {
		k.standing.Add(1)
	}
	return &crowd{word: word, region: r, kind: k, seen: old}, nil
}

// wait waits until a change of the word releases w. It returns the error of the limit if that is reached first.
func (w *waiting) wait(l limit) error {
	for w.done.Load() == 0 {
		if err := park.WaitLimit(&w.done, 0, park.Exclusion, l.local()); err != nil && w.leave() {
			return reason(err)
		}
	}
	return w.err
}

// leave takes w out of the crowd. It reports false if w has been released.
func (w *waiting) leave() bool {
	crowds.mu.Lock()
	defer crowds.mu.Unlock()
	if w.place == nil {
		return false
	}
	w.crowd.waiting.Remove(w.place)
	w.place = nil
	return true
}

// look is the function of the lookout. The region's memory stays mapped until look returns.
func (c *crowd) look() {
	defer c.region.exit()
	for more := true; more; {
		to, n, err := c.await()
		var released []*waiting
		released, more = c.update(to, n, err)
		for _, w := range released {
			w.done.Store(1)
			park.Wake(&w.done)
		}
		if left := int64(n) - int64(len(released)); left > 0 && n != everyone && err == nil {
			c.passOn(uint32(min(left, math.MaxInt32)))
		}
	}
}

// await waits for a change of the word, for at most the time recheck. It returns the word's value and how many waiters
// the change releases.
func (c *crowd) await() (to, n uint32, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := await(c.word, c.seen, limit{}); err != nil {
		c.word.Load() // faults, if the memory is gone
		return 0, 0, err
	}
	if to = c.word.Load(); to == c.seen && c.kind.recheck != nil {
		c.kind.recheck()
		to = c.word.Load()
	}
	switch {
	case to == c.seen:
		return to, 0, nil
	case c.kind.release == nil:
		return to, everyone, nil
	}
	return to, c.kind.release(c.seen, to), nil
}

// passOn wakes other lookouts, since the crowd had too few waiters to consume all wakes.
func (c *crowd) passOn(n uint32) {
	var err error
	defer faulted(debug.SetPanicOnFault(true), &err)
	wake(c.word, n)
}

// update takes n waiters out of the crowd, and records the word's new value. It reports whether the lookout continues.
// An error releases all waiters.
func (c *crowd) update(to, n uint32, err error) (released []*waiting, more bool) {
	crowds.mu.Lock()
	defer crowds.mu.Unlock()
	for e := c.waiting.Front(); e != nil && (n > 0 || err != nil); e = c.waiting.Front() {
		w := c.waiting.Remove(e).(*waiting)
		w.place, w.err = nil, err
		released = append(released, w)
		n--
	}
	c.seen = to
	if c.waiting.Len() > 0 {
		return released, true
	}
	delete(crowds.of, c.word)
	if c.kind.standing != nil {
		defer faulted(debug.SetPanicOnFault(true), &err) // of a file that has been truncated
		c.kind.standing.Add(^uint32(0))
	}
	return released, false
}
