// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"time"

	"github.com/osync-go/osync/locks/park"
)

// A KeyLock is one key of a KeyedRW as a lock. Its hash is the test's, so that keys share a bucket, or a hash, as
// the test wants, and explorations do the same each time.
type KeyLock struct {
	K    *KeyedRW[int]
	Hash uint64
	Key  int
}

func (l KeyLock) lock(mode keyMode, try bool, limit park.Limit) error {
	return l.K.loadTable().lock(l.Hash, l.Key, mode, try, limit)
}

func (l KeyLock) Lock()         { l.K.loadTable().lockWrite(l.Hash, l.Key) }
func (l KeyLock) TryLock() bool { return l.lock(keyWritten, true, park.Limit{}) == nil }
func (l KeyLock) TryLockFor(d time.Duration) bool {
	return l.TryLock() || d > 0 && l.lock(keyWritten, false, park.For(d)) == nil
}

func (l KeyLock) LockContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	return l.lock(keyWritten, false, park.Context(ctx))
}

func (l KeyLock) Unlock() {
	if !l.K.loadTable().unlockWrite(l.Hash, l.Key) {
		panic("locks: unlock of unlocked mutex, Unlock of unlocked RWMutex")
	}
}

func (l KeyLock) RLock()         { l.K.loadTable().lockRead(l.Hash, l.Key) }
func (l KeyLock) TryRLock() bool { return l.lock(keyRead, true, park.Limit{}) == nil }
func (l KeyLock) TryRLockFor(d time.Duration) bool {
	return l.TryRLock() || d > 0 && l.lock(keyRead, false, park.For(d)) == nil
}

func (l KeyLock) RLockContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	return l.lock(keyRead, false, park.Context(ctx))
}

func (l KeyLock) RUnlock() {
	if !l.K.loadTable().unlockRead(l.Hash, l.Key) {
		panic("locks: RUnlock of unlocked RWMutex")
	}
}

func (l KeyLock) Downgrade() {
	if !l.K.loadTable().downgrade(l.Hash, l.Key) {
		panic("locks: Downgrade of unlocked key of KeyedRW")
	}
}

func (l KeyLock) LockLimit(limit park.Limit) error  { return l.lock(keyWritten, false, limit) }
func (l KeyLock) RLockLimit(limit park.Limit) error { return l.lock(keyRead, false, limit) }

func (l KeyLock) HasWaiters() bool { return l.K.loadTable().hasWaiters(l.Hash, l.Key) }

// Waiting returns how many goroutines sleep until they have the key.
func (l KeyLock) Waiting() int { return l.K.loadTable().waiting(l.Hash, l.Key) }

func (k *Keyed[K]) Waiting(key K) int { return k.loadTable().waiting(hashOf(key), key) }

func (t *keyTable[K]) waiting(hash uint64, key K) int {
	b := t.bucketOf(hash)
	b.acquire()
	e := b.find(t, hash, key)
	b.release()
	if e == nil {
		return 0
	}
	return e.lock.Waiting()
}

// State returns how many keys of the table are in use.
func (l KeyLock) State() uint64 { return uint64(l.K.Keys()) }

// LockBoth locks the keys of two locks of one KeyedRW in one call.
func (l KeyLock) LockBoth(other KeyLock, limit park.Limit) error {
	return l.K.loadTable().lockSorted(limit, keyWritten, order([]hashedKey[int]{{l.Hash, l.Key}, {other.Hash, other.Key}}))
}

// Keys returns how many keys are in use, and checks each entry.
func (k *KeyedRW[K]) Keys() int { return k.loadTable().keys() }
func (k *Keyed[K]) Keys() int   { return k.loadTable().keys() }

func (t *keyTable[K]) keys() (n int) {
	for i := range t.buckets {
		b := &t.buckets[i]
		b.acquire()
		if b.first.refs != 0 {
			n++
		} else {
			b.first.mustBeUnused()
		}
		if b.spare != nil {
			b.spare.mustBeUnused()
		}
		n += b.root.count()
		b.release()
	}
	return n
}

func (n *keyNode[K]) count() int {
	if n == nil {
		return 0
	}
	return 1 + n.left.count() + n.right.count()
}

func (e *keyEntry[K]) mustBeUnused() {
	var none K
	if e.key != none || e.mode != keyFree || e.refs != 0 || e.leaving != 0 || e.lock.State() != 0 {
		panic("an entry that is not in use is not empty")
	}
}

// Debugging is whether the build has the tag osync_debug.
const Debugging = debugging
