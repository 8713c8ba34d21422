// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import "sync/atomic"

// RLocker returns a [Locker] whose Lock and Unlock are the RLock and RUnlock of rw. It keeps the tokens, so that code
// which wants a Locker can read: a Cond, or a function that is used with an RWMutex, too. Any number of goroutines may use it
// at the same time, and one may unlock what another has locked. What its Lock has locked only its Unlock can unlock, of
// whichever Locker RLocker has returned.
//
// Lock and Unlock take some nanoseconds more than RLock and RUnlock each, and do not slow those of other processors down
// either. An Unlock that finds no token in the slot of its goroutine, as when another goroutine has locked, looks at all slots. An
// Unlock without a Lock panics.
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

// A keptTokens counts tokens for one slot, or for the RWMutex inside, that Locks of RLocker have left and no Unlock has
// taken yet, in its low half. In its high half it counts the Locks.
//
// Tokens for the same lock are alike, so an Unlock takes whichever it finds: the readers are still as many as the tokens that
// are left. While a goroutine holds the lock by RLocker there is a token for it at any time, but not always the same one, nor
// in the same place: a goroutine that looks from place to place can miss it, if others take tokens where it has yet to look, and
// leave new ones where it has looked. So a look at all places finds nothing for sure only if no Lock has left a token meanwhile:
// if each place has had none and the same number of Locks as in the look before. Then there was a moment, between
// the two looks, at which there was no token at all.
type keptTokens struct{ n atomic.Uint64 }

// keep leaves a token.
func (k *keptTokens) keep() { k.n.Add(1<<32 | 1) }

// take takes a token, if there is one. It returns the number of Locks, too.
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
				locks += n // a sum of numbers that only grow: it is the same only if each of them is
			}
		}
		if look > 0 && locks == before {
			panic("locks: RUnlock of unlocked RWMutex")
		}
		before = locks
	}
}
