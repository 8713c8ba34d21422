// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A KeyedRW is a reader-writer lock for each value of K: any number of readers or one writer can hold a key, and
// goroutines that lock different keys do not wait for each other.
//
// The zero value is a KeyedRW of which no key is locked. It must not be copied after first use. Its size, the memory
// that keys take, the keys that it accepts, and the rule for goroutines that lock several keys are those of [Keyed];
// the waiters for one key are served as those of an [RWMutex] are. At most 33,554,431 goroutines can hold a key or
// wait for it; a call for one more panics, and changes nothing.
//
// In the terms of [the Go memory model], a key orders memory as an [RWMutex] does, except that readers establish no
// ordering among themselves. Calls for different keys establish no ordering.
//
// [the Go memory model]: https://go.dev/ref/mem
type KeyedRW[K comparable] struct {
	_     noCopy
	table atomic.Pointer[keyTable[K]] // nil before the first call
}

func (k *KeyedRW[K]) loadTable() *keyTable[K] {
	if t := k.table.Load(); t != nil {
		return t
	}
	return k.newTable()
}

//go:noinline
func (k *KeyedRW[K]) newTable() *keyTable[K] {
	k.table.CompareAndSwap(nil, newKeyTable[K](k, typeKeyedRW, "write"))
	return k.table.Load()
}

// Lock locks key for writing. It blocks until key is available.
func (k *KeyedRW[K]) Lock(key K) { k.loadTable().lockWrite(hashOf(key), key) }

// TryLock tries to lock key for writing without blocking, and reports whether it succeeded.
func (k *KeyedRW[K]) TryLock(key K) bool {
	return k.loadTable().lock(hashOf(key), key, keyWritten, true, park.Limit{}) == nil
}

// TryLockFor locks key for writing, blocking for at most d, and reports whether it succeeded. If d <= 0, it is
// equivalent to [KeyedRW.TryLock]. A call that gives up leaves no trace.
func (k *KeyedRW[K]) TryLockFor(key K, d time.Duration) bool {
	return k.TryLock(key) || d > 0 && k.LockLimit(park.For(d), key) == nil
}

// LockContext locks key for writing, blocking until it is available or ctx is done. The errors, and the order in
// which ctx and key are checked, are those of [Mutex.LockContext].
func (k *KeyedRW[K]) LockContext(ctx context.Context, key K) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if k.TryLock(key) {
		return nil
	}
	return k.LockLimit(park.Context(ctx), key)
}

// LockLimit locks key for writing, blocking until it is available or limit is reached. The limit and the errors are
// those of [Mutex.LockLimit].
func (k *KeyedRW[K]) LockLimit(limit park.Limit, key K) error {
	return k.loadTable().lock(hashOf(key), key, keyWritten, false, limit)
}

// Unlock unlocks key. It does not block. It panics, and changes nothing, if key is not locked for writing.
func (k *KeyedRW[K]) Unlock(key K) {
	if !k.loadTable().unlockWrite(hashOf(key), key) {
		panic("locks: Unlock of unlocked key of KeyedRW")
	}
}

// RLock locks key for reading. It blocks while a writer holds key or waits for it. A goroutine must not lock a key for
// reading twice: a writer that arrives between the two calls would wait for the first and block the second.
func (k *KeyedRW[K]) RLock(key K) { k.loadTable().lockRead(hashOf(key), key) }

// TryRLock tries to lock key for reading without blocking, and reports whether it succeeded.
func (k *KeyedRW[K]) TryRLock(key K) bool {
	return k.loadTable().lock(hashOf(key), key, keyRead, true, park.Limit{}) == nil
}

// TryRLockFor locks key for reading, blocking for at most d, and reports whether it succeeded. If d <= 0, it is
// equivalent to [KeyedRW.TryRLock]. A call that gives up leaves no trace.
func (k *KeyedRW[K]) TryRLockFor(key K, d time.Duration) bool {
	return k.TryRLock(key) || d > 0 && k.RLockLimit(park.For(d), key) == nil
}

// RLockContext locks key for reading, blocking until it is available or ctx is done. The errors, and the order in
// which ctx and key are checked, are those of [RWMutex.RLockContext].
func (k *KeyedRW[K]) RLockContext(ctx context.Context, key K) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if k.TryRLock(key) {
		return nil
	}
	return k.RLockLimit(park.Context(ctx), key)
}

// RLockLimit locks key for reading, blocking until it is available or limit is reached. The limit and the errors are
// those of [RWMutex.RLockLimit].
func (k *KeyedRW[K]) RLockLimit(limit park.Limit, key K) error {
	return k.loadTable().lock(hashOf(key), key, keyRead, false, limit)
}

// RUnlock undoes one RLock of key. It does not block. It panics, and changes nothing, if key is not locked for reading.
func (k *KeyedRW[K]) RUnlock(key K) {
	if !k.loadTable().unlockRead(hashOf(key), key) {
		panic("locks: RUnlock of unlocked key of KeyedRW")
	}
}

// Downgrade turns a lock of key for writing into one for reading. No other writer gets in between, so the caller reads
// what it has written; other readers can get in. Release the key with RUnlock. It does not block. It panics, and
// changes nothing, if key is not locked for writing.
func (k *KeyedRW[K]) Downgrade(key K) {
	if !k.loadTable().downgrade(hashOf(key), key) {
		panic("locks: Downgrade of unlocked key of KeyedRW")
	}
}

// HasWaiters reports whether goroutines wait for key, or are about to. The result may be out of date when
// HasWaiters returns, unless the caller holds key: then the waiters still wait, unless they gave up.
func (k *KeyedRW[K]) HasWaiters(key K) bool { return k.loadTable().hasWaiters(hashOf(key), key) }

// LockAll locks all keys for writing. It blocks until it has them all. A key may be given more than once. While
// LockAll waits for one key, it may hold others. The type says which other keys the caller may hold.
func (k *KeyedRW[K]) LockAll(keys ...K) { k.loadTable().lockAll(park.Limit{}, keyWritten, keys) } // no limit, no error

// TryLockAll tries to lock all keys for writing without blocking, and reports whether it succeeded. If not, it has
// locked none of them.
func (k *KeyedRW[K]) TryLockAll(keys ...K) bool { return k.loadTable().tryLockAll(keyWritten, keys) }

// TryLockAllFor is LockAll for at most d. It reports whether it succeeded; if not, it has locked no key. If
// d <= 0, it is equivalent to TryLockAll.
func (k *KeyedRW[K]) TryLockAllFor(d time.Duration, keys ...K) bool {
	return k.TryLockAll(keys...) || d > 0 && k.LockAllLimit(park.For(d), keys...) == nil
}

// LockAllContext is LockAll until ctx is done. If it returns an error, it has locked no key. The errors
// are those of [Mutex.LockContext].
func (k *KeyedRW[K]) LockAllContext(ctx context.Context, keys ...K) error {
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
func (k *KeyedRW[K]) LockAllLimit(limit park.Limit, keys ...K) error {
	return k.loadTable().lockAll(limit, keyWritten, keys)
}

// UnlockAll unlocks all keys, which must be locked for writing, by whichever method. A key may be given more than
// once, and is unlocked once. It does not block. It panics, and changes nothing, if a key is not locked for writing.
func (k *KeyedRW[K]) UnlockAll(keys ...K) {
	if !k.loadTable().unlockAll(keyWritten, keys) {
		panic("locks: Unlock of unlocked key of KeyedRW")
	}
}

// RLockAll locks all keys for reading. It blocks until it has them all. A key may be given more than once. While
// RLockAll waits for one key, it may hold others. The type says which other keys the caller may hold.
func (k *KeyedRW[K]) RLockAll(keys ...K) { k.loadTable().lockAll(park.Limit{}, keyRead, keys) } // no limit, no error

// TryRLockAll tries to lock all keys for reading without blocking, and reports whether it succeeded. If not, it
// has locked none of them.
func (k *KeyedRW[K]) TryRLockAll(keys ...K) bool { return k.loadTable().tryLockAll(keyRead, keys) }

// TryRLockAllFor is RLockAll for at most d. It reports whether it succeeded; if not, it has locked no key. If
// d <= 0, it is equivalent to TryRLockAll.
func (k *KeyedRW[K]) TryRLockAllFor(d time.Duration, keys ...K) bool {
	return k.TryRLockAll(keys...) || d > 0 && k.RLockAllLimit(park.For(d), keys...) == nil
}

// RLockAllContext is RLockAll until ctx is done. If it returns an error, it has locked no key. The errors
// are those of [RWMutex.RLockContext].
func (k *KeyedRW[K]) RLockAllContext(ctx context.Context, keys ...K) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	if k.TryRLockAll(keys...) {
		return nil
	}
	return k.RLockAllLimit(park.Context(ctx), keys...)
}

// RLockAllLimit is RLockAll until limit is reached. If it returns an error, it has locked no key. The errors are
// those of [RWMutex.RLockLimit].
func (k *KeyedRW[K]) RLockAllLimit(limit park.Limit, keys ...K) error {
	return k.loadTable().lockAll(limit, keyRead, keys)
}

// RUnlockAll unlocks all keys, which must be locked for reading, by whichever method. A key may be given more than
// once, and is unlocked once. It does not block. It panics, and changes nothing, if a key is not locked for reading.
func (k *KeyedRW[K]) RUnlockAll(keys ...K) {
	if !k.loadTable().unlockAll(keyRead, keys) {
		panic("locks: RUnlock of unlocked key of KeyedRW")
	}
}
