// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/cacheline"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/locks/internal/observe"
	"github.com/osync-go/osync/locks/watch/internal/profile"
)

// SetContentionFraction sets the fraction of contention events that the profile osync.contention reports: on
// average one in rate. It returns the previous rate. A rate of 0, the default, turns the profile off; a
// negative rate only returns the current one. Events that the profile has already recorded remain.
//
// A contention event is an unlock that ends the wait of others. It is charged with the time for which it kept
// others waiting: for each goroutine and pinned thread in the queue of the lock, the time since it arrived,
// or since the previous unlock. The profile reports that time by the stack of the unlock, as the runtime's
// mutex profile does for package sync (see [runtime.SetMutexProfileFraction]), and with the same sample
// types: contentions, and delay in nanoseconds. Both are multiplied by the rate, so that they are estimates
// for all events:
//
//	watch.SetContentionFraction(100)
//	…
//	pprof.Lookup("osync.contention").WriteTo(file, 0) // for go tool pprof
//
// The profile covers locks that are held: Mutex, RWMutex, FairMutex, BiasedRWMutex, those of package guard,
// and user-defined locks whose waiters are of kind park.Exclusion. A Release of a Semaphore and a Signal of a
// Cond are not charged, since their callers are not the cause of the waits.
//
// The profile is approximate in these respects:
//   - The wait of a writer for several readers is charged to the last one that leaves.
//   - A barging Mutex wakes one waiter at a time. While that waiter is awake, an Unlock wakes no other. The time
//     that the others have waited meanwhile is charged to the next Unlock that wakes one.
//   - A wait that its limit ends is not charged, and neither is the spin before a sleep, nor a wait in a
//     bubble of testing/synctest.
//   - In a queue of more than 32 waiters, the charge for those further back is an estimate.
//
// At a rate of 100, a wait costs a few nanoseconds more; recording the stack of an event takes about a
// microsecond, after the waiter was woken. The profile takes memory for each distinct stack, up to 10,000 of
// them.
func SetContentionFraction(rate int) (old int) {
	fraction.Lock()
	defer fraction.Unlock()
	old = int(observe.Fraction())
	rate = int(min(int64(rate), math.MaxUint32))
	switch {
	case rate < 0 || rate == old:
	case rate == 0:
		observe.Switch(0, observe.Contention)
		observe.SetFraction(0, mono.Now())
	default:
		observe.SetFraction(uint32(rate), mono.Now())
		observe.Switch(observe.Contention, 0)
	}
	return old
}

// fraction is locked by calls of observe.SetFraction.
var fraction sync.Mutex

func init() {
	observe.Charge = charge
	profile.Register("osync.contention", writeContention, func() int { return int(stacks.n.Load()) })
}

const (
	maxDepth  = 128 // as in the runtime's profiles
	maxStacks = 10_000
)

// A stack is a call stack with which locks were unlocked.
type stack struct {
	pcs                []uintptr
	next               *stack // in the table
	contentions, delay atomic.Int64
}

// stacks has the stacks that were charged, in a hash table. They are never removed.
var stacks struct {
	_     cacheline.Pad
	n     atomic.Int32
	_     cacheline.Pad
	slots [4096]atomic.Pointer[stack]
	_     cacheline.Pad
}

// others is charged instead of stacks for which there is no room.
var others = stack{pcs: []uintptr{reflect.ValueOf(otherStacks).Pointer() + 1}}

// otherStacks represents them in the profile.
func otherStacks() {}

// charge charges the unlock that is its caller's caller.
func charge(delay int64) {
	rate := int64(observe.Fraction())
	var pcs [maxDepth]uintptr
	n := runtime.Callers(3, pcs[:]) // without itself and Wake
	s := stackIn(pcs[:n])
	s.contentions.Add(rate)
	s.delay.Add(delay * rate)
}

// stackIn returns the stack of pcs in the table.
func stackIn(pcs []uintptr) *stack {
	hash := uint64(0)
	for _, pc := range pcs {
		hash = (hash ^ uint64(pc)) * 0x9E3779B97F4A7C15
		hash ^= hash >> 32
	}
	slot := &stacks.slots[hash%uint64(len(stacks.slots))]
	var added *stack
	for {
		first := slot.Load()
		for s := first; s != nil; s = s.next {
			if slices.Equal(s.pcs, pcs) {
				if added != nil { // another goroutine was faster
					stacks.n.Add(-1)
				}
				return s
			}
		}
		if added == nil {
			if stacks.n.Add(1) > maxStacks {
				stacks.n.Add(-1)
				return &others
			}
			added = &stack{pcs: slices.Clone(pcs)}
		}
		added.next = first
		if slot.CompareAndSwap(first, added) {
			return added
		}
	}
}

// An unlocker is a stack as the profile shows it.
type unlocker struct {
	frames             Stack // the first is that of the function that was called to unlock
	contentions, delay int64
}

// unlockers returns the stacks that were charged so far, those with the longest delay first.
func unlockers() []unlocker {
	var us []unlocker
	add := func(s *stack) {
		if contentions := s.contentions.Load(); contentions != 0 {
			us = append(us, unlocker{fromLock(profile.Frames(s.pcs)), contentions, s.delay.Load()})
		}
	}
	for i := range stacks.slots {
		for s := stacks.slots[i].Load(); s != nil; s = s.next {
			add(s)
		}
	}
	add(&others)
	slices.SortFunc(us, func(a, b unlocker) int { return slices.CompareFunc(a.frames, b.frames, compareFrames) })
	merged := us[:0]
	for _, u := range us { // stacks may differ only in the calls inside a lock
		if n := len(merged); n > 0 && slices.CompareFunc(merged[n-1].frames, u.frames, compareFrames) == 0 {
			merged[n-1].contentions += u.contentions
			merged[n-1].delay += u.delay
		} else {
			merged = append(merged, u)
		}
	}
	slices.SortStableFunc(merged, func(a, b unlocker) int { return cmp.Compare(b.delay, a.delay) })
	return merged
}

func compareFrames(a, b runtime.Frame) int {
	return cmp.Or(cmp.Compare(a.Function, b.Function), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
}

// writeContention writes the profile as package runtime/pprof writes that of sync.Mutex.
func writeContention(w io.Writer, debug int) error {
	if debug > 0 {
		return writeContentionText(w)
	}
	p := profile.Profile{
		Types:  []profile.Type{{Name: "contentions", Unit: "count"}, {Name: "delay", Unit: "nanoseconds"}},
		Time:   time.Now(),
		Period: 1, // the values are already multiplied
	}
	for _, u := range unlockers() {
		p.Samples = append(p.Samples, profile.Sample{Values: []int64{u.contentions, u.delay}, Stack: u.frames})
	}
	return p.Write(w, 0)
}

func writeContentionText(w io.Writer) error {
	b := bufio.NewWriter(w) // keeps the first error
	fmt.Fprintf(b, "--- contention:\ncycles/second=1000000000\nsampling period=%d\n", observe.Fraction())
	for _, u := range unlockers() {
		fmt.Fprintf(b, "%d %d @", u.delay, u.contentions)
		for _, f := range u.frames {
			fmt.Fprintf(b, " %#x", f.PC)
		}
		b.WriteByte('\n')
		for _, f := range u.frames {
			fmt.Fprintf(b, "#\t%#x\t%s+%#x\t%s:%d\n", f.PC, f.Function, f.PC-f.Entry, f.File, f.Line)
		}
		b.WriteByte('\n')
	}
	return b.Flush()
}
