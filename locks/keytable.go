// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"errors"
	"hash/maphash"
	"math/bits"
	"sync"
	"unsafe"

	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/internal/observe"
	"github.com/osync-go/osync/locks/park"
)

// A keyTable is the part that Keyed and KeyedRW have in common: the keys that are held or waited for. It is an
// array of buckets, which does not grow. A bucket has room for one key, and a search tree for others. The tree
// takes memory only while it has keys.
type keyTable[K comparable] struct {
	owner   any    // the Keyed or KeyedRW
	typ     string // its name in package held
	verb    string // the purpose of a writer's wait, as package watch reports it
	shift   uint8  // 64 less the bits of an index
	buckets []keyBucket[K]
	ties    Mutex // see lockAll
}

// A keyBucket has the keys whose hash begins with its number. Its lock is held for some ten nanoseconds, or for ten
// more with each doubling of the number of keys in it, and never while a goroutine waits for a key.
type keyBucket[K comparable] struct {
	mu    sync.Mutex
	first keyEntry[K]
	root  *keyNode[K] // the other keys
	spare *keyNode[K] // an unused node, or nil
}

// A keyNode is a node of the tree, a digital search tree like that of package park: the bits of the hash direct the
// search, and any node of a subtree can be its root.
type keyNode[K comparable] struct {
	keyEntry[K]
	hash        uint64
	left, right *keyNode[K]
}

// A keyEntry is one key. The lock of its bucket guards all fields but lock. An uncontended lock and unlock of a key
// change nothing else. The first goroutine that must wait for the key transfers its state to the lock inside, and
// waits for that lock.
//
//	mode      refs                             lock      left by
//	free      0                                zero      the first lock of a key: to written or read
//	written   1, the writer                    zero      its unlock: to free. Downgrade: to read.
//	                                                     A goroutine that must wait: to locked
//	read      the number of readers            zero      the last RUnlock: to free.
//	                                                     A writer that must wait: to locked
//	locked    goroutines that hold the key,    in use    the last of them: to free. An RUnlock that leaves
//	          wait for it, are about to,                 only readers: to read
//	          or are in an unlock of it
//
// Invariants
//  1. An entry is in its bucket from the first lock of its key until refs is 0, and each key has only one. So all
//     goroutines that hold a key or wait for it at the same time have the same entry. The step that makes refs 0
//     takes the entry out, so no goroutine can find it with refs 0.
//  2. In the mode locked, the lock is changed only by goroutines that are counted in refs, or that hold the
//     bucket. So no goroutine uses an entry that was taken out, and it can serve another key at once.
//  3. In the mode locked, the lock is held exactly while a goroutine holds the key. It becomes free with the
//     bucket locked, or by a goroutine that is counted in leaving.
type keyEntry[K comparable] struct {
	lock    RWMutex
	refs    uint32
	leaving uint32 // how many of refs no longer hold the key
	mode    keyMode
	in      *keyTable[K] // set before the first goroutine waits
	key     K
}

type keyMode uint8

const (
	keyFree keyMode = iota
	keyWritten
	keyRead
	keyLocked
)

// keyNodesOnly lets each key have an entry of its own, which serves no other key: the race detector and package held
// know locks by their addresses.
const keyNodesOnly = debugging || race.Enabled

// ownKeyEntries reports whether each key has an entry of its own, since keyNodesOnly is set or package watch is part of
// the program. Package watch asks for the key of a wait that may be over by then, so an entry that had waiters does not
// serve another key.
func ownKeyEntries() bool { return keyNodesOnly || observe.On() != 0 }

var errKeyHeld = errors.New("locks: key is held")

var keySeed = maphash.MakeSeed()

func hashOf[K comparable](key K) uint64 { return maphash.Comparable(keySeed, key) }

// keyBucketsPerProc is the least number of buckets for each processor. Two goroutines that lock different keys use
// the same bucket with a probability of one in the number of buckets.
const (
	keyBucketsPerProc = 16
	minKeyBuckets     = 64
	maxKeyBuckets     = 1 << 12
)

// newKeyTable returns the table of owner, which is empty.
func newKeyTable[K comparable](owner any, typ, verb string) *keyTable[K] {
	log := bits.Len(uint(min(max(procs.Count()*keyBucketsPerProc, minKeyBuckets), maxKeyBuckets) - 1))
	return &keyTable[K]{owner: owner, typ: typ, verb: verb, shift: uint8(64 - log), buckets: make([]keyBucket[K], 1<<log)}
}

// bucketOf returns the bucket of a hash.
//
//go:norace
func (t *keyTable[K]) bucketOf(hash uint64) *keyBucket[K] { return &t.buckets[hash>>t.shift] }

// The race detector must not mistake the lock of a bucket for an ordering among the users of its keys, who are
// unrelated. So it does not see that lock, and the functions that rely on it are marked go:norace. Instead, keyEdges
// report the ordering of the users of each key.

func (b *keyBucket[K]) acquire() {
	race.Disable()
	b.mu.Lock()
	race.Enable()
}

func (b *keyBucket[K]) release() {
	race.Disable()
	b.mu.Unlock()
	race.Enable()
}

// isEmpty reports whether b has no key, so that first can be used for any key.
//
//go:norace
func (b *keyBucket[K]) isEmpty() bool { return b.first.refs == 0 && b.root == nil && !ownKeyEntries() }

// forget clears e, so that it keeps no key alive.
//
//go:norace
func (e *keyEntry[K]) forget() {
	var none K
	e.key = none
}

// inflate transfers the state of e to its lock, which enters the mode locked. The bucket is locked.
//
//go:norace
func (e *keyEntry[K]) inflate(t *keyTable[K]) {
	switch e.mode {
	case keyLocked:
		return
	case keyWritten:
		e.lock.w.state.Store(mutexLocked)
		e.lock.state.Store(rwWriterHolds)
	case keyRead:
		e.lock.state.Store(e.refs * rwReader)
	}
	e.mode, e.in = keyLocked, t
}

// open undoes inflate: it gives e the mode that says how it is held. The bucket is locked, and no
// goroutine waits.
//
//go:norace
func (e *keyEntry[K]) open(mode keyMode) {
	if e.mode == keyLocked {
		e.lock.state.Store(0)
		e.lock.w.state.Store(0) // bits that waiters who gave up have left here no longer matter
	}
	e.mode = mode
}

// isHeld reports whether e is held in a mode, keyWritten or keyRead.
//
//go:norace
func (e *keyEntry[K]) isHeld(mode keyMode) bool {
	switch {
	case e.mode != keyLocked:
		return e.mode == mode
	case mode == keyWritten:
		return e.lock.state.Load()&rwWriterHolds != 0
	}
	return e.lock.isRead()
}

// waiting returns how many goroutines wait for e, or are about to.
//
//go:norace
func (e *keyEntry[K]) waiting() uint32 {
	if e.mode != keyLocked {
		return 0
	}
	s := e.lock.state.Load()
	holders := s / rwReader
	if s&rwWriterHolds != 0 {
		holders = 1
	}
	return e.refs - e.leaving - min(holders, e.refs-e.leaving)
}

// lockWrite locks a key for writing, without a limit.
//
//go:norace
func (t *keyTable[K]) lockWrite(hash uint64, key K) {
	b := t.bucketOf(hash)
	b.acquire()
	if b.isEmpty() && equalsItself(key) {
		b.first.key, b.first.refs, b.first.mode = key, 1, keyWritten
		b.release()
		return
	}
	t.lockIn(b, hash, key, keyWritten, false, park.Limit{}) // no limit, no error
}

// unlockWrite unlocks a key that is held for writing, and reports whether it was.
//
//go:norace
func (t *keyTable[K]) unlockWrite(hash uint64, key K) (ok bool) {
	b := t.bucketOf(hash)
	b.acquire()
	if b.first.mode == keyWritten && b.first.key == key {
		var none K
		b.first.key, b.first.refs, b.first.mode = none, 0, keyFree
		b.release()
		return true
	}
	return t.unlockIn(b, hash, key, keyWritten)
}

// lockRead is lockWrite for reading.
//
//go:norace
func (t *keyTable[K]) lockRead(hash uint64, key K) {
	b := t.bucketOf(hash)
	b.acquire()
	switch {
	case b.isEmpty() && equalsItself(key):
		b.first.key, b.first.refs, b.first.mode = key, 1, keyRead
	case b.first.mode == keyRead && b.first.key == key && b.first.refs < rwMaxReaders:
		b.first.refs++
	default:
		t.lockIn(b, hash, key, keyRead, false, park.Limit{}) // no limit, no error
		return
	}
	b.release()
}

// unlockRead is unlockWrite for a key that is held for reading.
//
//go:norace
func (t *keyTable[K]) unlockRead(hash uint64, key K) (ok bool) {
	b := t.bucketOf(hash)
	b.acquire()
	if b.first.mode == keyRead && b.first.key == key {
		if b.first.refs--; b.first.refs == 0 {
			b.first.mode = keyFree
			b.first.forget()
		}
		b.release()
		return true
	}
	return t.unlockIn(b, hash, key, keyRead)
}

// downgrade turns a key that is held for writing into one that is held for reading, and reports whether it was.
//
//go:norace
func (t *keyTable[K]) downgrade(hash uint64, key K) (ok bool) {
	b := t.bucketOf(hash)
	b.acquire()
	e := b.find(t, hash, key)
	if e == nil || !e.isHeld(keyWritten) {
		b.release()
		return false
	}
	t.releasing(hash, keyWritten)
	locked := e.mode == keyLocked
	if !locked {
		e.mode = keyRead
	}
	b.release()
	if locked { // e stays, since the caller is counted in refs
		e.lock.downgrade("Downgrade", rwReader)
		e.lock.w.Unlock()
	}
	if debugging {
		noteChange(unsafe.Pointer(e), t.typ, debugWrite, debugRead)
	}
	return true
}

// lock locks a key in a mode, and waits for it if it must, unless try is set. It returns the error of the limit if
// that ends the wait, and errKeyHeld if it would have to wait and try is set.
//
//go:norace
func (t *keyTable[K]) lock(hash uint64, key K, mode keyMode, try bool, limit park.Limit) error {
	b := t.bucketOf(hash)
	b.acquire()
	return t.lockIn(b, hash, key, mode, try, limit)
}

// lockIn is the rest of lock after it has locked the bucket.
//
//go:norace
func (t *keyTable[K]) lockIn(b *keyBucket[K], hash uint64, key K, mode keyMode, try bool, limit park.Limit) error {
	e := b.find(t, hash, key)
	switch {
	case e == nil:
		if !equalsItself(key) {
			b.release()
			panicNotEqualToItself()
		}
		e = b.insert(t, hash, key)
		e.refs, e.mode = 1, mode
	case e.refs >= rwMaxReaders:
		b.release()
		panic("locks: too many goroutines use a key")
	case mode == keyRead && e.mode == keyRead:
		e.refs++
	case try && !e.try(mode):
		b.release()
		return errKeyHeld
	case try:
		e.refs++
	default:
		e.inflate(t)
		e.refs++
		b.release()
		err := t.wait(b, hash, e, mode, limit)
		if err == nil {
			t.acquired(hash, mode)
		}
		return err
	}
	b.release()
	if debugging {
		if !try {
			noteBefore(unsafe.Pointer(e), t.typ, mode.debug())
		}
		noteLocked(unsafe.Pointer(e), t.typ, mode.debug())
	}
	t.acquired(hash, mode)
	return nil
}

// try locks e if that needs no wait, and reports whether it did. The bucket is locked.
//
//go:norace
func (e *keyEntry[K]) try(mode keyMode) bool {
	if e.mode != keyLocked {
		return false
	}
	for {
		s := e.lock.state.Load()
		switch {
		case s&rwWriter != 0 || mode == keyWritten && s != 0:
			return false
		case mode == keyWritten:
			if !e.lock.w.TryLock() {
				return false
			}
			if e.lock.state.CompareAndSwap(0, rwWriterHolds) { // acquire
				return true
			}
			e.lock.w.Unlock()
		case e.lock.state.CompareAndSwap(s, withReader(s)): // acquire
			return true
		}
	}
}

// wait locks the lock of e, in which the caller is counted. If the limit ends the wait, wait takes the caller out
// of e and returns the error of the limit.
func (t *keyTable[K]) wait(b *keyBucket[K], hash uint64, e *keyEntry[K], mode keyMode, limit park.Limit) (err error) {
	locked := false
	defer func() {
		if !locked { // the limit has ended the wait, or a context has panicked
			b.acquire()
			b.leave(t, hash, e)
			b.release()
		}
	}()
	if debugging {
		noteBefore(unsafe.Pointer(e), t.typ, mode.debug())
	}
	switch {
	case mode == keyWritten:
		err = e.lock.w.lockWith((*keyWriterQueue[K])(e), nil, limit)
		if err == nil && !e.lock.state.CompareAndSwap(0, rwWriterHolds) { // acquire
			err = e.lock.excludeReadersAs((*keyDrainQueue[K])(e), limit)
		}
	case !e.lock.rLockSpinning(false):
		err = e.lock.rLockSleepingAs((*keyReaderQueue[K])(e), limit)
	}
	locked = err == nil
	if debugging && locked {
		noteLocked(unsafe.Pointer(e), t.typ, mode.debug())
	}
	return err
}

// unlock unlocks a key that is held in a mode, and reports whether it was.
//
//go:norace
func (t *keyTable[K]) unlock(hash uint64, key K, mode keyMode) (ok bool) {
	b := t.bucketOf(hash)
	b.acquire()
	return t.unlockIn(b, hash, key, mode)
}

// unlockIn is the rest of unlock after it has locked the bucket.
//
//go:norace
func (t *keyTable[K]) unlockIn(b *keyBucket[K], hash uint64, key K, mode keyMode) (ok bool) {
	if debugging {
		b.release()
		t.noteUnlocking(hash, key, mode)
		b.acquire()
	}
	e := b.find(t, hash, key)
	if e == nil || !e.isHeld(mode) {
		b.release()
		return false
	}
	t.releasing(hash, mode)
	if e.mode == keyLocked && e.refs != 1 && !(mode == keyRead && e.onlyReaders()) {
		t.unlockLocked(b, hash, e, mode)
		return true
	}
	if mode == keyRead && e.refs != 1 {
		e.open(keyRead)
	}
	b.leave(t, hash, e)
	b.release()
	return true
}

// unlockLocked unlocks the lock of e, which other goroutines use, too. The bucket is locked, and unlockLocked unlocks
// it. The lock becomes free while the bucket is locked, so that of two concurrent unlocks of one lock, one panics.
// Waiters are woken after the bucket is unlocked.
//
//go:norace
func (t *keyTable[K]) unlockLocked(b *keyBucket[K], hash uint64, e *keyEntry[K], mode keyMode) {
	rw := &e.lock
	var s, w uint32
	if mode == keyRead {
		s = rw.state.Add(rwLess) // release
	} else {
		s = rw.dropWriter() // release
		if s&rwWriterHolds == 0 {
			w = rw.w.state.And(^uint32(mutexLocked))
		}
	}
	if mode == keyRead && s&rwSlow == 0 || mode == keyWritten && w == mutexLocked {
		b.leave(t, hash, e)
		b.release()
		return
	}
	e.leaving++ // the entry stays, by invariant 2
	b.release()
	switch {
	case mode == keyRead:
		rw.rUnlockSlow(s)
	case w != 0:
		rw.w.unlocked(w)
	default: // readers sleep
		rw.unlockSlow()
		rw.w.Unlock()
	}
	b.acquire()
	e.leaving--
	b.leave(t, hash, e)
	b.release()
}

// dropWriter ends the turn of the writer that holds rw, unless readers sleep, and returns the resulting word.
func (rw *RWMutex) dropWriter() uint32 {
	for {
		s := rw.state.Load()
		if s&rwParked != 0 {
			return s
		}
		if free := s &^ rwWriterHolds; rw.state.CompareAndSwap(s, free) { // release
			return free
		}
	}
}

// onlyReaders reports whether all goroutines that use e, which is in the mode locked, are readers
// that hold it.
//
//go:norace
func (e *keyEntry[K]) onlyReaders() bool {
	return e.leaving == 0 && e.lock.state.Load() == e.refs*rwReader && e.lock.w.state.Load() == 0
}

// isHeld reports whether a key is held in a mode.
//
//go:norace
func (t *keyTable[K]) isHeld(hash uint64, key K, mode keyMode) bool {
	b := t.bucketOf(hash)
	b.acquire()
	e := b.find(t, hash, key)
	ok := e != nil && e.isHeld(mode)
	b.release()
	return ok
}

// hasWaiters reports whether a goroutine waits for a key.
//
//go:norace
func (t *keyTable[K]) hasWaiters(hash uint64, key K) bool {
	b := t.bucketOf(hash)
	b.acquire()
	e := b.find(t, hash, key)
	ok := e != nil && e.waiting() != 0
	b.release()
	return ok
}

func panicNotEqualToItself() { panic("locks: lock of a key that is not equal to itself") }

// equalsItself reports whether key equals itself, that is, contains no NaN. Other keys could never
// be unlocked.
func equalsItself[K comparable](key K) bool {
	same := key
	return key == same
}

func (m keyMode) debug() debugMode {
	if m == keyRead {
		return debugRead
	}
	return debugWrite
}

// noteUnlocking tells package held that the key is about to be unlocked, if it is held.
func (t *keyTable[K]) noteUnlocking(hash uint64, key K, mode keyMode) {
	b := t.bucketOf(hash)
	b.acquire()
	e := b.find(t, hash, key)
	ok := e != nil && e.isHeld(mode)
	b.release()
	if ok {
		noteUnlocking(unsafe.Pointer(e), t.typ, mode.debug())
	}
}
