// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/compare/foreign"
)

// An outcome is what a round has brought.
type outcome struct {
	foreign.Result

	// Of a crowd: what each waiter takes, and how many threads there were.
	bytesEach float64
	threads   int
}

// round does what spec says, with k's locks and c's workers.
func round(k *kit, c crew, spec foreign.Spec) (outcome, error) {
	switch spec.Kind {
	case foreign.Uncontended, foreign.Mutex:
		return outcome{Result: mutexRound(k.mutex(), c, spec)}, nil
	case foreign.RWLock:
		return outcome{Result: rwlockRound(k.rwlock(), c, spec)}, nil
	case behind:
		return outcome{Result: behindRound(k.rwlock(), c, spec)}, nil
	case foreign.Broadcast:
		return outcome{Result: broadcastRound(k.cond(), c, spec)}, nil
	case crowd:
		return crowdRound(k.mutex(), spec)
	}
	if turns := k.turns[spec.Kind]; turns != nil {
		return outcome{Result: turnsRound(turns(), c, spec)}, nil
	}
	return outcome{}, errors.ErrUnsupported
}

// result returns what l has brought, without the waits.
func (l *lap) result(shares []uint64) foreign.Result {
	r := foreign.Result{Nanos: uint64(l.took), CPUNanos: uint64(l.cpu), Shares: shares}
	for _, n := range shares {
		r.Ops += n
	}
	return r
}

// loopRound measures the time alone: each worker does loop.
func loopRound(loop func(w *worker) (ops uint64), c crew, spec foreign.Spec) foreign.Result {
	l, shares := new(lap), make([]uint64, spec.Workers)
	l.run(c, spec.Workers, time.Duration(spec.Nanos), func(me int) {
		shares[me] = loop(newWorker(me, spec, &l.stop))
	})
	return l.result(shares)
}

func mutexRound(m *mutex, c crew, spec foreign.Spec) foreign.Result {
	if !spec.Latency {
		return loopRound(m.loop, c, spec)
	}
	l, shares := new(lap), make([]uint64, spec.Workers)
	if m.with == nil {
		m.with = func(f func()) { m.lock(); f(); m.unlock() }
	}
	waited := newWaits(spec.Workers)
	l.run(c, spec.Workers, time.Duration(spec.Nanos), func(me int) {
		w, n := newWorker(me, spec, &l.stop), uint64(0)
		for ; !w.stop.Load(); n++ {
			begin := l.begin.Elapsed()
			var end time.Duration
			m.with(func() {
				end = l.begin.Elapsed()
				*m.data = chain(*m.data, w.inside)
			})
			waited.note(me, end-begin)
			w.data = chain(w.data, w.outside)
		}
		shares[me] = n
	})
	r := l.result(shares)
	waited.fill(&r)
	return r
}

func rwlockRound(rw *rwlock, c crew, spec foreign.Spec) foreign.Result {
	if !spec.Latency {
		return loopRound(rw.loop, c, spec)
	}
	l, shares := new(lap), make([]uint64, spec.Workers)
	waited := newWaits(spec.Workers)
	l.run(c, spec.Workers, time.Duration(spec.Nanos), func(me int) {
		w, n := newWorker(me, spec, &l.stop), uint64(0)
		for ; !w.stop.Load(); n++ {
			reads, begin := w.readsNext(), l.begin.Elapsed()
			if reads {
				waited.note(me, rw.read(l, w, begin))
			} else {
				waited.note(me, rw.write(l, w, begin))
			}
			w.data = chain(w.data, w.outside)
		}
		shares[me] = n
	})
	r := l.result(shares)
	waited.fill(&r)
	return r
}

// read reads what rw protects, and returns how long it has waited since begin.
func (rw *rwlock) read(l *lap, w *worker, begin time.Duration) time.Duration {
	unlock := rw.rlock()
	end := l.begin.Elapsed()
	w.data ^= chain(*rw.data, w.inside)
	unlock()
	return end - begin
}

// write changes what rw protects, and returns how long it has waited since begin.
func (rw *rwlock) write(l *lap, w *worker, begin time.Duration) time.Duration {
	rw.lock()
	end := l.begin.Elapsed()
	*rw.data = chain(*rw.data, w.inside)
	rw.unlock()
	return end - begin
}

// behindRound lets one worker read and the others write. Only what is read counts.
func behindRound(rw *rwlock, c crew, spec foreign.Spec) foreign.Result {
	l, reads := new(lap), []uint64{0}
	waited := newWaits(1)
	l.run(c, spec.Workers, time.Duration(spec.Nanos), func(me int) {
		for w := newWorker(me, spec, &l.stop); !w.stop.Load(); {
			if begin := l.begin.Elapsed(); me > 0 {
				rw.write(l, w, begin)
			} else {
				waited.note(0, rw.read(l, w, begin))
				reads[0]++
			}
		}
	})
	r := l.result(reads)
	r.Ops, r.Shares = max(1, r.Ops), nil // one that never came in has waited all the time
	waited.fill(&r)
	return r
}

// turnsRound passes a turn to and fro between two workers.
func turnsRound(step func(me int), c crew, spec foreign.Spec) foreign.Result {
	l, waited := new(lap), newWaits(1)
	var turns uint64
	var all atomic.Uint64 // the turns of each worker; set before the last one, and 0 until then
	l.run(c, 2, time.Duration(spec.Nanos), func(me int) {
		if me == 1 {
			for n := uint64(0); n == 0 || n != all.Load(); n++ {
				step(1)
			}
			return
		}
		last := l.begin.Elapsed()
		for all.Load() == 0 {
			if turns++; l.stop.Load() {
				all.Store(turns)
			}
			step(0)
			if spec.Latency {
				now := l.begin.Elapsed()
				waited.note(0, now-last)
				last = now
			}
		}
	})
	r := l.result(nil)
	r.Ops = 2 * turns
	waited.fill(&r)
	return r
}

// broadcastRound lets one worker wake all others, again and again. Only the time from the wake-up
// until the last of them has the mutex again counts.
func broadcastRound(k *cond, c crew, spec foreign.Spec) foreign.Result {
	n, l, waited := spec.Workers, new(lap), newWaits(1)
	var ops uint64
	var total time.Duration

	// What the mutex protects.
	var generation, back int
	var over bool
	var end time.Duration // when the last of them was back

	l.run(c, n+1, time.Duration(spec.Nanos), func(me int) {
		k.Lock()
		defer k.Unlock()
		if me < n {
			for !over {
				if back++; back == n {
					end = l.begin.Elapsed()
					k.back.Signal()
				}
				for seen := generation; seen == generation; {
					k.changed.Wait()
				}
			}
			return
		}
		for begin := time.Duration(-1); !over; {
			for back < n {
				k.back.Wait()
			}
			if begin >= 0 {
				ops++
				total += end - begin
				waited.note(0, end-begin)
			}
			back, over = 0, l.stop.Load() && ops > 0
			generation++
			begin = l.begin.Elapsed()
			k.Unlock()
			k.changed.Broadcast()
			k.Lock()
		}
	})
	r := l.result(nil)
	r.Ops, r.Nanos = ops, uint64(total)
	waited.fill(&r)
	return r
}
