// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command seqlock shows a sequence lock: a writer makes a number odd, changes the words, and makes
// it even. A reader copies the words, and if the number was not the same even one before and
// after, it reads again. Readers write nothing, so they cost each other nothing.
//
// The copy may be half old and half new before the reader finds out. So the words are atomics,
// which the race detector accepts and the Go memory model defines, and hold no pointers. Watch
// for the reads that were discarded, and that none of the others is torn. guard.SeqLock is
// this for any type without pointers.
package main

import (
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/guard"
)

const about = "Shows a sequence lock: readers write nothing, and read again if a writer came between."

func main() { program.Main(about, run) }

const words = 4

// A SeqLock holds a few words.
type SeqLock struct {
	seq  atomic.Uint64 // even: the words are whole; odd: a writer is at them
	data [words]atomic.Uint64
	meet func() // if not nil, called in the middle of each copy: so that it meets writers
}

// Update changes the words by f. Writers exclude each other by the odd number.
func (l *SeqLock) Update(f func(*[words]uint64)) {
	seq := l.seq.Load()
	for seq%2 != 0 || !l.seq.CompareAndSwap(seq, seq+1) { // acquire
		runtime.Gosched()
		seq = l.seq.Load()
	}
	var v [words]uint64
	for i := range v {
		v[i] = l.data[i].Load()
	}
	f(&v)
	for i := range v {
		l.data[i].Store(v[i])
	}
	l.seq.Store(seq + 2) // release
}

// TryLoad returns a copy of the words, if no writer came between.
func (l *SeqLock) TryLoad() (v [words]uint64, ok bool) {
	seq := l.seq.Load() // acquire
	if seq%2 != 0 {
		return v, false
	}
	for i := range v {
		if i == words/2 && l.meet != nil {
			l.meet()
		}
		v[i] = l.data[i].Load()
	}
	return v, l.seq.Load() == seq // Go's atomics keep their order: the words were read before
}

func run(out io.Writer) error {
	const readers, updates = 3, 2000
	var (
		ours                = SeqLock{meet: runtime.Gosched}
		theirs              guard.SeqLock[[words]uint64]
		stop                atomic.Bool
		kept, thrown, torn  atomic.Int64
		readersWG, writerWG sync.WaitGroup
	)
	whole := func(v [words]uint64) bool { return v[1] == v[0] && v[2] == v[0] && v[3] == v[0] }
	for range readers {
		readersWG.Go(func() {
			for !stop.Load() {
				v, ok := ours.TryLoad()
				if !ok {
					thrown.Add(1)
					runtime.Gosched() // the writer may have been stopped
					continue
				}
				kept.Add(1)
				if !whole(v) || !whole(theirs.Load()) {
					torn.Add(1)
				}
			}
		})
	}
	add := func(v *[words]uint64) {
		for i := range v {
			v[i]++
		}
	}
	for range 2 {
		writerWG.Go(func() {
			for range updates {
				ours.Update(add)
				theirs.Update(add)
				runtime.Gosched()
			}
		})
	}
	writerWG.Wait()
	stop.Store(true)
	readersWG.Wait()

	v, _ := ours.TryLoad()
	fmt.Fprintf(out, "%d updates by two writers: ours is %d, guard.SeqLock %d\n", 2*updates, v, theirs.Load())
	fmt.Fprintf(out, "%d readers kept %d reads, of which %d were torn, and discarded %d\n", readers, kept.Load(), torn.Load(), thrown.Load())
	if want := uint64(2 * updates); torn.Load() != 0 || v[0] != want || !whole(v) || theirs.Load() != v {
		return fmt.Errorf("%d torn reads, and %d after %d updates", torn.Load(), v, want)
	}
	return nil
}
