// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import "sync/atomic"

// RLocker returns a [Locker] whose Lock and Unlock are the RLock and RUnlock of rw. The Locker keeps the tokens, so
// that code that takes a Locker can lock rw for reading: a Cond, for example, or a function that is also used with an
// RWMutex. Any number of goroutines may use it at the same time, and one may unlock what another has locked. A lock
// taken with its Lock must be released with its Unlock, or with that of any other Locker that RLocker returned for rw.
//
// Lock and Unlock each take some nanoseconds more than RLock and RUnlock, and do not slow down other processors either.
// An Unlock that finds no token in the slot of its goroutine, for example because another goroutine has locked,
// examines all slots. An Unlock without a Lock panics.
func (rw *BiasedRWMutex) RLocker() Locker { return (*biasedRLocker)(rw) }

type biasedRLocker BiasedRWMutex

func (l *biasedRLocker) Lock() {
	rw := (*BiasedRWMutex)(l)
	if t := rw.RLock(); t.slot != nil {
		t.slot.lockers.keep()
	} else {
		rw.lockers.keep()
	}
}

func (l *biasedRLocker) Unlock() {
	rw := (*BiasedRWMutex)(l)
	rw.RUnlock(rw.takeToken())
}

// A keptTokens counts, in its low half, the tokens for one slot, or for the RWMutex inside, that Locks of RLocker have
// left and no Unlock has taken yet. In its high half it counts those Locks.
//
// Tokens for the same lock are interchangeable, so an Unlock takes any: the number of readers still equals the number
// of tokens left. While a goroutine holds the lock through RLocker, there is always a token for it, but not always the
// same one, nor in the same place. A goroutine that looks from place to place can miss it if others take tokens where
// it has yet to look, and leave new ones where it has looked. A look at all places is conclusive only if no Lock has
// left a token meanwhile, that is, if each place had no token and the same number of Locks as in the previous look.
// Then there was a moment between the two looks at which there was no token at all.
type keptTokens struct{ n atomic.Uint64 }

// keep adds a token.
func (k *keptTokens) keep() { k.n.Add(1<<32 | 1) }

// take takes a token if there is one, and reports whether it did. It also returns the number of
// Locks.
func (k *keptTokens) take() (ok bool, locks uint32) {
	for {
		n := k.n.Load()
		if uint32(n) == 0 {
			return false, uint32(n >> 32)
		}
		if k.n.CompareAndSwap(n, n-1) {
			return true, 0
		}
	}
}

// takeToken takes a token that a Lock of RLocker has left. It panics if there is none.
func (rw *BiasedRWMutex) takeToken() ReadToken {
	slots := rw.slots.Load()
	if slots != nil {
		slot := slots.ofCaller()
		if ok, _ := slot.lockers.take(); ok {
			return ReadToken{slot}
		}
	}
	return rw.takeTokenSlow()
}

//go:noinline
func (rw *BiasedRWMutex) takeTokenSlow() ReadToken {
	var before uint32
	for look := 0; ; look++ {
		ok, locks := rw.lockers.take()
		if ok {
			return ReadToken{}
		}
		if slots := rw.slots.Load(); slots != nil {
			for i := range slots.slots {
				ok, n := slots.slots[i].lockers.take()
				if ok {
					return ReadToken{&slots.slots[i]}
				}
				locks += n // a sum of numbers that only grow: it is unchanged only if each of them is
			}
		}
		if look > 0 && locks == before {
			panic("locks: RUnlock of unlocked RWMutex")
		}
		before = locks
	}
}
