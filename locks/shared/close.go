// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"cmp"
	"runtime/debug"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// Close and the operations of other goroutines interact as follows. An operation, or each of its changes to the file, is
// one of these:
//
//	holding    The process owns a word of the region: retire finds it, and Close returns ErrInUse.
//	inside     It is counted, by enter or linger: Close waits for it, and takes nothing away until it is done.
//	a step     It leaves the file as if it had happened before Close or not at all, such as the Set of an Event, or the
//	           last step of an Unlock. A wake that follows it may be lost: sleeping waiters look again after the time
//	           recheck. C code does not look again, so an Unlock of a PthreadMutex for which a waiter sleeps, or of a
//	           PIMutex, is inside.
//	straggling It takes a free word, 0 → id, with an id that it has read in local.id before retire or evict set that to 0.
//
// The short path of Lock would take half as long again if it were counted, so it may straggle. When it sees that local.id
// has changed, it gives the word back, inside: confirm. If it can no longer get inside, because shut is set, sweep gives
// the word back.
//
//	Close                                       a straggler
//	c1  closed; local.id = 0 for all words      t1  id = local.id, before c1
//	c2  waits until no operation is inside      t2  CAS the word from 0 to id; a fault after c4: ErrClosed
//	c3  and sets shut in the same step          t3  local.id is not id any more; a fault after c6: ErrClosed
//	c4  the data can only be read               t4  linger. With shut: ErrClosed, and the word is left to Close
//	c5  each word with an id of the process:    t5  adopt fails, since the region is closed: the word = 0, ErrClosed
//	    can be written again, 0, back to c4
//	c6  the slots and the memory are given back
//
// If t2 comes after c4, it changes nothing, since no goroutine of the process can write to the file through this mapping
// any more. If t2 comes before c4, and t4 finds shut, c5 sees the word: each word that a goroutine can take has been
// linked once, and so is in words, even if it was evicted. Otherwise t4 comes before shut, so c2 waits until t5 is done.
// So each take is undone once, by the straggler or by Close. When the slots become free, no word bears an id of the
// process, whether or not the process opens the region again with the same keeper. There are at most as many rounds of c4
// and c5 as there are goroutines between t1 and t2, since t1 finds 0 after c1.
//
// An operation takes a word that is marked died, or marks one, only inside, since sweep could not tell that the word was
// marked. With the race detector, operations take all words inside: the detector does not survive a write that faults. An
// operation that is inside can enter once more, since shut is not set while it is inside.

// Close closes the region in this process. If the process holds locks of the region, Close returns [ErrInUse] and
// changes nothing.
//
// A goroutine that waits for something in the region gets [ErrClosed]. Close waits until all such goroutines have
// noticed that the region is closed, for about a tenth of a second at most. The memory that Map has returned must not be
// used any more: locks in it return ErrClosed, and any other use ends the program. Other regions get the addresses only
// after all other addresses of the process have been used up, which are enough for 64 GiB of regions, or 128 MiB on
// 32-bit systems.
func (r *Region) Close() error {
	if err := r.retireOnce(); err != nil {
		return err
	}
	r.shutWhenEmpty()
	closing(1)
	var err error
	if race.Enabled {
		// The detector does not survive a fault between its check of a word and the write: let short operations end.
		time.Sleep(5 * time.Millisecond)
	} else if len(r.words) > 0 {
		err = r.sweep()
	}
	r.leave()
	return cmp.Or(err, r.detach())
}

// closing is called at the steps of Close, for tests: before c4, after it, and when the data can be written again.
var closing = func(step int) {}

func (r *Region) retireOnce() error {
	r.closing.Lock()
	defer r.closing.Unlock()
	if r.closed.Load() {
		return ErrClosed
	}
	return r.retire()
}

// shut is the bit of Region.inside that says that Close no longer waits for operations. Close sets it while no operation
// is inside. Once it is set, the other bits mean nothing.
const shut = 1 << 62

// shutWhenEmpty waits until no operation is inside, and lets none in from then on.
func (r *Region) shutWhenEmpty() {
	for d := 10 * time.Microsecond; !r.inside.CompareAndSwap(0, shut); d = min(2*d, time.Millisecond) {
		time.Sleep(d)
	}
}

// isShut reports whether operations can no longer enter.
func (r *Region) isShut() bool { return r.inside.Load() >= shut/2 }

// sweepMost is the maximum number of rounds of a sweep: a hostile process may write an id again and again.
const sweepMost = 1000

// sweep gives back the words that stragglers have taken. Once it has returned, no goroutine writes to the data any more.
func (r *Region) sweep() error {
	at, n := r.base+uintptr(dataAt), r.size-uintptr(dataAt)
	for range sweepMost {
		if err := setWritable(at, n, false); err != nil {
			return err
		}
		closing(2)
		left := r.left()
		if len(left) == 0 {
			return nil
		}
		if err := setWritable(at, n, true); err != nil {
			return err
		}
		closing(3)
		for _, word := range left {
			sweepWord(word)
		}
	}
	return setWritable(at, n, false)
}

// left returns the words that bear an id of the process.
func (r *Region) left() (words []*atomic.Uint32) {
	for _, addr := range r.words {
		var gone error // with the end of the file
		word := (*atomic.Uint32)(pointer(addr))
		if id := load(word, &gone) & ownerMask; gone == nil && r.owns(id) {
			words = append(words, word)
		}
	}
	return words
}

// sweepWord frees a word that a straggler has taken, and wakes one of the sleeping waiters.
func sweepWord(word *atomic.Uint32) {
	var gone error // with the end of the file
	defer faulted(debug.SetPanicOnFault(true), &gone)
	storeAndWake(word, 0, 1)
}

// over reports whether the region is closed permanently.
func (r *Region) over() bool {
	if !r.closed.Load() {
		return false
	}
	r.closing.Lock()
	defer r.closing.Unlock()
	return r.closed.Load()
}

// enter announces to Close an operation on the object at p in a region. Close takes away neither the region's memory nor
// the private part until exit has been called for each such operation. enter fails if the region is closed.
func enter(p unsafe.Pointer) (*Region, error) {
	r := space.regionOf(uintptr(p))
	if r == nil {
		return nil, ErrClosed
	}
	return r, r.enter()
}

func (r *Region) enter() error {
	if err := r.linger(); err != nil {
		return err
	}
	if r.over() {
		r.exit()
		return ErrClosed
	}
	return nil
}

// linger is enter for an operation that has begun already: it fails only if Close no longer waits for operations. So
// linger does not fail for an operation that is inside.
func (r *Region) linger() error {
	if r.inside.Add(1) >= shut/2 {
		r.exit()
		return ErrClosed
	}
	return nil
}

func (r *Region) exit() { r.inside.Add(-1) }

// detach gives back what attach has taken.
func (r *Region) detach() error {
	if r.base != 0 {
		space.remove(r)
	}
	r.passing.Do(func() {})
	if r.passed != nil && r.passed != r.file {
		r.passed.Close()
	}
	return r.file.Close() // and its record locks
}
