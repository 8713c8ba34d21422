// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"cmp"
	"slices"

	"github.com/osync-go/osync/locks/park"
)

// Several keys are locked in the order of their hashes.
//
// Goroutines that keep to the rule of Keyed never wait for each other in a cycle. Suppose that they do, and that each
// holds the key that the one before it waits for. If a goroutine locked that key in an earlier call, the key has a
// lower level than the one that the goroutine waits for. If it locked the key in this call, the key has the same
// level, and its hash is not greater. So around the cycle no level is lower than the one before, which means that all
// levels are equal, that all keys were locked in the calls that wait, and that all hashes are equal. Different keys
// have equal hashes once in 2^64 pairs. A call with two such keys holds ties until it has all its keys, so at most
// one waiting call holds one of them and wants another, which is no cycle. (A cycle through ties takes two such
// pairs, of different levels: once in 2^128.)

// A hashedKey is a key and its hash.
type hashedKey[K comparable] struct {
	hash uint64
	key  K
}

// fewKeys is how many keys are sorted without an allocation.
const fewKeys = 8

// sorted appends the keys to buf in the order in which they are to be locked, each of them once. It panics if
// one of them could never be unlocked.
func (t *keyTable[K]) sorted(keys []K, buf []hashedKey[K]) []hashedKey[K] {
	for _, key := range keys {
		if !equalsItself(key) {
			panicNotEqualToItself()
		}
		h := hashedKey[K]{hashOf(key), key}
		buf = append(buf, h)
	}
	return order(buf)
}

// order sorts keys by their hashes, and removes duplicates.
func order[K comparable](keys []hashedKey[K]) []hashedKey[K] {
	if len(keys) <= fewKeys {
		for i := range keys {
			for j := i; j > 0 && keys[j].hash < keys[j-1].hash; j-- {
				keys[j], keys[j-1] = keys[j-1], keys[j]
			}
		}
	} else {
		slices.SortFunc(keys, func(a, b hashedKey[K]) int { return cmp.Compare(a.hash, b.hash) })
	}
	n := 0
next:
	for _, k := range keys {
		for i := n; i > 0 && keys[i-1].hash == k.hash; i-- {
			if keys[i-1].key == k.key {
				continue next
			}
		}
		keys[n] = k
		n++
	}
	return keys[:n]
}

// tied reports whether two keys of a sorted list have the same hash.
func tied[K comparable](keys []hashedKey[K]) bool {
	for i := 1; i < len(keys); i++ {
		if keys[i].hash == keys[i-1].hash {
			return true
		}
	}
	return false
}

func (t *keyTable[K]) lockAll(limit park.Limit, mode keyMode, keys []K) error {
	var buf [fewKeys]hashedKey[K]
	return t.lockSorted(limit, mode, t.sorted(keys, buf[:0]))
}

// lockSorted locks a sorted list of keys, or none of them if the limit ends the wait for one, and returns the error of
// the limit.
func (t *keyTable[K]) lockSorted(limit park.Limit, mode keyMode, keys []hashedKey[K]) error {
	if tied(keys) {
		if err := t.ties.LockLimit(limit); err != nil {
			return err
		}
		defer t.ties.Unlock()
	}
	locked := 0
	defer func() {
		if locked < len(keys) { // the limit has ended a wait, or a context has panicked
			t.unlockSorted(mode, keys[:locked])
		}
	}()
	for ; locked < len(keys); locked++ {
		if err := t.lock(keys[locked].hash, keys[locked].key, mode, false, limit); err != nil {
			return err
		}
	}
	return nil
}

func (t *keyTable[K]) tryLockAll(mode keyMode, keys []K) bool {
	var buf [fewKeys]hashedKey[K]
	return t.tryLockSorted(mode, t.sorted(keys, buf[:0]))
}

func (t *keyTable[K]) tryLockSorted(mode keyMode, keys []hashedKey[K]) bool {
	for i, k := range keys {
		if t.lock(k.hash, k.key, mode, true, park.Limit{}) != nil {
			t.unlockSorted(mode, keys[:i])
			return false
		}
	}
	return true
}

// unlockAll unlocks keys that are held in a mode, and reports whether all of them were. If not, it changes
// nothing.
func (t *keyTable[K]) unlockAll(mode keyMode, keys []K) (ok bool) {
	var buf [fewKeys]hashedKey[K]
	sorted := t.sorted(keys, buf[:0])
	for _, k := range sorted {
		if !t.isHeld(k.hash, k.key, mode) {
			return false
		}
	}
	return t.unlockSorted(mode, sorted)
}

// unlockSorted unlocks a list of keys, the last one first.
func (t *keyTable[K]) unlockSorted(mode keyMode, keys []hashedKey[K]) (ok bool) {
	ok = true
	for _, k := range slices.Backward(keys) {
		ok = t.unlock(k.hash, k.key, mode) && ok
	}
	return ok
}
