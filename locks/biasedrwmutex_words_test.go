// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"errors"
	"math"
	"runtime"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/locks/park"
)

// A biasedWord is the state of a BiasedRWMutex, in parts.
type biasedWord struct {
	rwWord // of the lock inside

	slots  bool // there are some
	biased bool
	count  uint32 // of the slot that a call has changed, or of all
	until  int64  // when the bias may come back; never is any time in the future
	look   uint32 // biasLook
}

const never = math.MaxInt64

// make returns a BiasedRWMutex in the state w.
func (w biasedWord) make() *BiasedRWMutex {
	biasLook = w.look
	rw := new(BiasedRWMutex)
	rw.inner.state.Store(w.word())
	if w.owned() {
		rw.inner.w.Lock()
	}
	if w.slots {
		rw.slots.Store(rw.newSlots(4))
		for i := range rw.slots.Load().slots {
			rw.slots.Load().slots[i].readers.Store(w.count)
		}
	}
	if w.biased {
		rw.bias.Store(rw.slots.Load())
	}
	rw.inhibited.Store(w.until)
	return rw
}

// stateOf returns the state of rw, of which one slot at most has another count than before.
func stateOf(t *testing.T, rw *BiasedRWMutex, before uint32) (word uint32, w biasedWord) {
	w = biasedWord{slots: rw.slots.Load() != nil, biased: rw.bias.Load() != nil, count: before, until: rw.inhibited.Load(), look: biasLook}
	if w.biased && rw.bias.Load() != rw.slots.Load() {
		t.Errorf("the bias is %p, and the slots are %p", rw.bias.Load(), rw.slots.Load())
	}
	// The clocks of Windows and of Node.js may stand still while a writer turns readers away.
	if w.until > mono.Now() || (runtime.GOOS == "windows" || runtime.GOARCH == "wasm") && w.until > 1 {
		w.until = never
	}
	if w.slots {
		changed := 0
		for i := range rw.slots.Load().slots {
			if n := rw.slots.Load().slots[i].readers.Load(); n != before {
				w.count = n
				changed++
			}
		}
		if changed > 1 {
			t.Errorf("%d slots have changed", changed)
		}
	}
	return rw.inner.state.Load(), w
}

// biasedWords are states that a BiasedRWMutex can have, with all slots alike.
func biasedWords() (words []biasedWord) {
	const no, yes = false, true
	for _, inner := range []rwWord{
		{},
		{readers: 1},
		{readers: rwMaxReaders},
		{readers: -1},
		{waits: yes, readers: 1},
		{waits: yes, writerParked: yes, parked: yes, readers: 1},
		{waits: yes, parked: yes, admit: yes, readers: 1},
		{holds: yes},
		{holds: yes, parked: yes, admit: yes},
	} {
		words = append(words, biasedWord{rwWord: inner, look: 1}, biasedWord{rwWord: inner, look: math.MaxUint32})
		for _, count := range []uint32{0, 1, 2, biasTooMany - 2, biasTooMany - 1, biasTooMany, biasTooMany + 1, biasFew - 2, biasFew - 1, biasFew, biasFew + 1, 1<<32 - 2, 1<<32 - 1} {
			for _, until := range []int64{0, 1, never} {
				for _, look := range []uint32{1, math.MaxUint32} {
					w := biasedWord{rwWord: inner, slots: yes, count: count, until: until, look: look}
					words = append(words, w)
					if w.biased = yes; !w.holds {
						words = append(words, w)
					}
				}
			}
		}
	}
	return words
}

// in is a form of RLock, which returns otherwise if there is a writer, and a reader has no slot.
func (w *biasedWord) in(otherwise any) any {
	if w.biased {
		switch n := w.count + 1; {
		case int32(n) >= 0:
			w.count = n
			return "slot"
		case n < biasFew:
			return panics
		}
	}
	got := w.rwWord.in("inner", otherwise)
	if got == "inner" && !w.owned() && (w.until == 0 || w.look == 1 && w.until != never) {
		w.biased, w.slots = true, true
	}
	return got
}

// out is an RUnlock with a token of the first slot.
func (w *biasedWord) out() any {
	switch {
	case !w.slots:
		return blocks
	case !w.biased && w.holds:
		return panics
	case w.count-1 >= biasFew:
		return panics
	}
	w.count--
	return nil
}

// lock is a form of Lock.
func (w *biasedWord) lock(got, otherwise any) any {
	if w.biased && w.count != 0 {
		return otherwise
	}
	if got := w.rwWord.lock(got, otherwise); !w.holds || got == otherwise {
		return got
	}
	if w.biased {
		w.biased, w.until = false, never
	}
	return got
}

// biasedCalls are calls of a BiasedRWMutex that do not block, or whose limit is a nanosecond.
var biasedCalls = []struct {
	name string
	call func(*BiasedRWMutex) any
	want func(*biasedWord) any
}{
	{"TryRLock", func(rw *BiasedRWMutex) any { t, ok := rw.TryRLock(); return t.mode(ok) }, func(w *biasedWord) any { return w.in("no") }},
	{"TryRLockFor(0)", func(rw *BiasedRWMutex) any { t, ok := rw.TryRLockFor(0); return t.mode(ok) }, func(w *biasedWord) any { return w.in("no") }},
	{"TryRLockFor(1)", func(rw *BiasedRWMutex) any { t, ok := rw.TryRLockFor(1); return t.mode(ok) }, func(w *biasedWord) any {
		got := w.in("no")
		if got == "no" {
			w.parked, w.admit = false, false // no other reader is in the queue
		}
		return got
	}},
	{"RLock", func(rw *BiasedRWMutex) any { return rw.RLock().mode(true) }, func(w *biasedWord) any { return w.in(blocks) }},
	{"RLockContext", func(rw *BiasedRWMutex) any {
		t, err := rw.RLockContext(context.Background())
		return t.mode(err == nil)
	}, func(w *biasedWord) any { return w.in(blocks) }},
	{"RLockLimit", func(rw *BiasedRWMutex) any {
		t, err := rw.RLockLimit(park.Limit{})
		return t.mode(err == nil)
	}, func(w *biasedWord) any { return w.in(blocks) }},
	{"RLockContext, canceled", func(rw *BiasedRWMutex) any {
		t, err := rw.RLockContext(canceled())
		return t.mode(!errors.Is(err, context.Canceled))
	}, func(w *biasedWord) any { return "no" }},
	{"enterSlot", func(rw *BiasedRWMutex) any {
		s := rw.enterSlot(&rw.slots.Load().slots[0])
		return ReadToken{s}.mode(s != nil)
	}, func(w *biasedWord) any {
		switch n := w.count + 1; {
		case !w.slots:
			return blocks
		case n >= biasTooMany && n < biasFew:
			return panics
		case !w.biased || int32(n) < 0:
			return "no"
		}
		w.count++
		return "slot"
	}},
	{"RUnlock, slot", func(rw *BiasedRWMutex) any { rw.RUnlock(ReadToken{&rw.slots.Load().slots[0]}); return nil }, (*biasedWord).out},
	{"RUnlock, inner", func(rw *BiasedRWMutex) any { rw.RUnlock(ReadToken{}); return nil }, func(w *biasedWord) any { return w.rwWord.out() }},
	{"RUnlock of another", func(rw *BiasedRWMutex) any {
		rw.RUnlock(ReadToken{&new(BiasedRWMutex).newSlots(1).slots[0]})
		return nil
	}, func(w *biasedWord) any { return panics }},

	{"TryLock", func(rw *BiasedRWMutex) any { return rw.TryLock() }, func(w *biasedWord) any { return w.lock(true, false) }},
	{"TryLockFor(0)", func(rw *BiasedRWMutex) any { return rw.TryLockFor(0) }, func(w *biasedWord) any { return w.lock(true, false) }},
	{"TryLockFor(1)", func(rw *BiasedRWMutex) any { return rw.TryLockFor(1) }, func(w *biasedWord) any { return w.lock(true, false) }},
	{"Lock", func(rw *BiasedRWMutex) any { rw.Lock(); return nil }, func(w *biasedWord) any { return w.lock(nil, blocks) }},
	{"LockContext", func(rw *BiasedRWMutex) any { return rw.LockContext(context.Background()) }, func(w *biasedWord) any { return w.lock(nil, blocks) }},
	{"LockContext, canceled", func(rw *BiasedRWMutex) any { return rw.LockContext(canceled()) }, func(w *biasedWord) any { return context.Canceled }},
	{"LockLimit", func(rw *BiasedRWMutex) any { return rw.LockLimit(park.For(1)) == nil }, func(w *biasedWord) any { return w.lock(true, false) }},
	{"Unlock", func(rw *BiasedRWMutex) any { rw.Unlock(); return nil }, func(w *biasedWord) any { return w.endTurn() }},
}

// mode says how a reader has locked, if it has. A token that is not valid has no slot.
func (t ReadToken) mode(ok bool) string {
	switch {
	case ok && t.slot != nil:
		return "slot"
	case ok:
		return "inner"
	case t.slot != nil:
		return "no, with a slot"
	}
	return "no"
}

// TestBiasedWords makes each call with each state, and compares the state after it, and what it returns, with the table in
// biasedrwmutex.go. A call that panics changes nothing.
func TestBiasedWords(t *testing.T) {
	t.Cleanup(NeverInhibit())
	biasInhibit = 1 << 40 // so that each writer leaves a time in the future
	for _, c := range biasedCalls {
		for _, before := range biasedWords() {
			after := before
			want := c.want(&after)
			if want == blocks {
				continue
			}
			rw := before.make()
			got := orPanics(func() any { return c.call(rw) })
			word, state := stateOf(t, rw, before.count)
			owned := rw.inner.w.state.Load() != 0
			state.rwWord = after.rwWord
			if got != want || word != after.word() || owned != after.owned() || state != after {
				t.Fatalf("%s of %+v: %v, %08x, and %+v\nwant %v, %08x, and %+v; the Mutex inside is locked: %t",
					c.name, before, got, word, state, want, after.word(), after, owned)
			}
		}
	}
}

// TestBiasedWordsOneSlot lets one reader be in each slot in turn, beside a writer that does not wait long.
func TestBiasedWordsOneSlot(t *testing.T) {
	t.Cleanup(NeverInhibit())
	rw := biasedWord{slots: true, biased: true, look: 1}.make()
	for i := range rw.slots.Load().slots {
		rw.slots.Load().slots[i].readers.Store(1)
		if rw.slots.Load().empty() || rw.TryLock() || rw.TryLockFor(1) || rw.bias.Load() == nil {
			t.Errorf("a writer is in beside a reader in slot %d, or has taken the bias", i)
		}
		rw.slots.Load().slots[i].readers.Store(0)
	}
	if !rw.slots.Load().empty() || !rw.TryLock() {
		t.Error("a writer is kept out of a free lock")
	}
}

// TestBiasedWordsWait lets each form of each lock wait, for at most an hour, until the lock comes free.
func TestBiasedWordsWait(t *testing.T) {
	t.Cleanup(NeverInhibit())
	const hour = time.Hour
	read := map[string]func(*BiasedRWMutex) (ReadToken, bool){
		"RLock":       func(rw *BiasedRWMutex) (ReadToken, bool) { return rw.RLock(), true },
		"TryRLockFor": func(rw *BiasedRWMutex) (ReadToken, bool) { return rw.TryRLockFor(hour) },
		"RLockContext": func(rw *BiasedRWMutex) (ReadToken, bool) {
			token, err := rw.RLockContext(t.Context())
			return token, err == nil
		},
	}
	write := map[string]func(*BiasedRWMutex) bool{
		"Lock":        func(rw *BiasedRWMutex) bool { rw.Lock(); return true },
		"TryLockFor":  func(rw *BiasedRWMutex) bool { return rw.TryLockFor(hour) },
		"LockContext": func(rw *BiasedRWMutex) bool { return rw.LockContext(t.Context()) == nil },
	}
	wait := func(name string, rw *BiasedRWMutex, lock func() bool, release, unlock func()) {
		done := make(chan bool, 1)
		go func() { done <- lock() }()
		locktest.Eventually(t, name+" waits", func() bool { return rw.Waiting() == 1 })
		release()
		select {
		case ok := <-done:
			if !ok {
				t.Errorf("%s has failed", name)
			}
		case <-time.After(time.Minute):
			t.Fatalf("%s: asleep, though the lock is free", name)
		}
		unlock()
		if rw.Waiting() != 0 || rw.State() != 0 {
			t.Errorf("%s: %d wait, and the words are %x in the end", name, rw.Waiting(), rw.State())
		}
	}
	for _, biased := range []bool{false, true} {
		for name, lock := range read {
			rw := biasedWord{slots: biased, biased: biased, look: 1}.make()
			rw.Lock()
			var token ReadToken
			wait(name, rw, func() (ok bool) { token, ok = lock(rw); return ok }, rw.Unlock, func() { rw.RUnlock(token) })
		}
		for name, lock := range write {
			rw := biasedWord{slots: biased, biased: biased, look: 1}.make()
			token := rw.RLock()
			if token.Biased() != biased {
				t.Fatalf("a reader is in a slot: %t, want %t", token.Biased(), biased)
			}
			wait(name, rw, func() bool { return lock(rw) }, func() { rw.RUnlock(token) }, rw.Unlock)
		}
	}
}

// TestBiasedWordsInhibit lets a writer say that it began a second ago.
func TestBiasedWordsInhibit(t *testing.T) {
	var rw BiasedRWMutex
	begun := mono.Now()
	start := begun - int64(time.Second)
	rw.inhibit(start)
	end := mono.Now()
	if got, least, most := rw.inhibited.Load(), begun+9*(begun-start), end+9*(end-start); got < least || got > most {
		t.Errorf("the bias may come back at %d, want %d to %d", got, least, most)
	}
}
