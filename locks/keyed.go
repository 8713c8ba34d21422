// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A Keyed is a mutual exclusion lock for each value of K: goroutines that lock different keys do not wait for each
// other.
//
// The zero value is a Keyed of which no key is locked. A Keyed must not be copied after first use. It is as long as a
// pointer. The first call of a method allocates a table of at least 64 buckets, 16 or more for each processor, of
// some 64 bytes each, or more if K is longer than a string. The table does not grow. A key takes memory only while a
// goroutine holds it or waits for it. While it is alone in its bucket it takes none besides the table, unless package
// watch is part of the program. Nothing remains of a key that is unlocked and has no waiters, so keys can be
// anything: users, files, requests.
//
// The waiters for a key are served as those of a [Mutex] are: in FIFO order, with barging, and with a hand-off to a
// waiter that has waited for a millisecond. A goroutine that waits for a key delays users of other keys only for the
// short time in which it accesses the table. A goroutine waits in the Go scheduler, and a pinned thread (see package
// thread) in the kernel. In a bubble of testing/synctest a wait with a limit is durable; see [Mutex.TryLockFor].
//
// No goroutine owns a key: one may lock it and another unlock it. A goroutine that holds a key and locks it again waits
// forever. Locking a key that is not equal to itself, because it is or contains a NaN, panics, since it could never be
// unlocked. So does locking a key of an interface type whose dynamic type is not comparable, as in a map. Keys are
// hashed with a seed that is random for each run of the program.
//
// # Several keys
//
// LockAll and its forms lock several keys in one call, in an order that is the same for all calls, so that such calls
// never deadlock with each other, and none of them starves. A goroutine that holds keys, locked by any method, and
// then locks others of the same Keyed, must keep to an order that the program defines: give each key a level, lock
// keys of only one level in one call, and wait only for keys of a higher level than all that the goroutine holds.
// Then no goroutines deadlock. In particular, if some goroutines lock two keys with LockAll, others must not lock
// them one after the other. The forms with Try do not wait, and need no order.
//
// # Memory ordering
//
// In the terms of [the Go memory model], for each key the n'th unlock synchronizes before the return of the
// m'th lock for every n < m. A call that does not get a key establishes no ordering, and neither do calls
// for different keys.
//
// [the Go memory model]: https://go.dev/ref/mem
type Keyed[K comparable] struct {
	_     noCopy
	table atomic.Pointer[keyTable[K]] // nil before the first call
}

func (k *Keyed[K]) loadTable() *keyTable[K] {
	if t := k.table.Load(); t != nil {
		return t
	}
	return k.newTable()
}

//go:noinline
func (k *Keyed[K]) newTable() *keyTable[K] {
	k.table.CompareAndSwap(nil, newKeyTable[K](k, typeKeyed, "lock"))
	return k.table.Load()
}

// Lock locks key. It blocks until key is available.
func (k *Keyed[K]) Lock(key K) { k.loadTable().lockWrite(hashOf(key), key) }

// TryLock tries to lock key without blocking, and reports whether it succeeded.
func (k *Keyed[K]) TryLock(key K) bool {
	return k.loadTable().lock(hashOf(key), key, keyWritten, true, park.Limit{}) == nil
}

// TryLockFor locks key, blocking for at most d, and reports whether it succeeded. If d <= 0, it is equivalent to
// [Keyed.TryLock]. A call that gives up leaves no trace.
func (k *Keyed[K]) TryLockFor(key K, d time.Duration) bool {
	return k.TryLock(key) || d > 0 && k.LockLimit(park.For(d), key) == nil
}

// LockContext locks key, blocking until it is available or ctx is done. The errors, and the order in
// which ctx and key are checked, are those of [Mutex.LockContext].
func (k *Keyed[K]) LockContext(ctx context.Context, key K) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if k.TryLock(key) {
		return nil
	}
	return k.LockLimit(park.Context(ctx), key)
}

// LockLimit locks key, blocking until it is available or limit is reached. The limit and the errors are
// those of [Mutex.LockLimit].
func (k *Keyed[K]) LockLimit(limit park.Limit, key K) error {
	return k.loadTable().lock(hashOf(key), key, keyWritten, false, limit)
}

// Unlock unlocks key. It does not block. It panics, and changes nothing, if key is not locked.
func (k *Keyed[K]) Unlock(key K) {
	if !k.loadTable().unlockWrite(hashOf(key), key) {
		panic("locks: unlock of unlocked key")
	}
}

// HasWaiters reports whether goroutines wait for key, or are about to. The result may be out of date when
// HasWaiters returns, unless the caller holds key: then the waiters still wait, unless they gave up.
func (k *Keyed[K]) HasWaiters(key K) bool { return k.loadTable().hasWaiters(hashOf(key), key) }

// LockAll locks all keys. It blocks until it has them all. A key may be given more than once. While LockAll waits
// for one key, it may hold others. The type says which other keys the caller may hold.
func (k *Keyed[K]) LockAll(keys ...K) { k.loadTable().lockAll(park.Limit{}, keyWritten, keys) } // no limit, no error

// TryLockAll tries to lock all keys without blocking, and reports whether it succeeded. If not, it has locked none
// of them.
func (k *Keyed[K]) TryLockAll(keys ...K) bool { return k.loadTable().tryLockAll(keyWritten, keys) }

// TryLockAllFor is LockAll for at most d. It reports whether it succeeded; if not, it has locked no key. If
// d <= 0, it is equivalent to TryLockAll.
func (k *Keyed[K]) TryLockAllFor(d time.Duration, keys ...K) bool {
	return k.TryLockAll(keys...) || d > 0 && k.LockAllLimit(park.For(d), keys...) == nil
}

// LockAllContext is LockAll until ctx is done. If it returns an error, it has locked no key. The errors
// are those of [Mutex.LockContext].
func (k *Keyed[K]) LockAllContext(ctx context.Context, keys ...K) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if k.TryLockAll(keys...) {
		return nil
	}
	return k.LockAllLimit(park.Context(ctx), keys...)
}

// LockAllLimit is LockAll until limit is reached. If it returns an error, it has locked no key. The errors are
// those of [Mutex.LockLimit].
func (k *Keyed[K]) LockAllLimit(limit park.Limit, keys ...K) error {
	return k.loadTable().lockAll(limit, keyWritten, keys)
}

// UnlockAll unlocks all keys, by whichever method they were locked. A key may be given more than once, and is
// unlocked once. It does not block. It panics, and changes nothing, if a key is not locked.
func (k *Keyed[K]) UnlockAll(keys ...K) {
	if !k.loadTable().unlockAll(keyWritten, keys) {
		panic("locks: unlock of unlocked key")
	}
}
