// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"errors"
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"unsafe"
)

// MaxEntries is the maximum number of entries of an [Array]: 1,048,576, or 65,536 for a process of a 32-bit machine,
// whose address space is small.
const MaxEntries = 1 << (16 + 4*(^uint(0)>>63))

// An Array is a set of mutexes in a region of its own, which are identified by the numbers 0, 1 and so on. It is for
// programs that need a lock for each of many things, such as containers, and store the number of the lock with the
// thing.
//
// An entry is free, or allocated by a process, or kept. An allocated entry becomes free when the process that allocated
// it dies; [Array.Keep] makes it stay allocated until [Array.Free], whatever happens to processes and the system. An
// Array can grow, without notice to other processes that have it open. It cannot shrink.
//
// Any goroutine may call the methods. They wait for other processes only to grow, to free an entry that another process
// is examining, and for the end of a process that has been killed. Each method returns [ErrClosed] or [ErrTruncated] if
// the region is gone.
//
// An entry takes 32 bytes in the file, and a process that opens an Array needs address space for
// MaxEntries.
type Array struct {
	r    *Region
	head *arrayHead
}

// An arrayHead is the beginning of an array's data. Entries follow.
type arrayHead struct {
	grow    Mutex         // held by the process that makes the array longer
	length  atomic.Uint32 // the number of entries, which only grows, once the file has their bytes
	hint    atomic.Uint32 // the entry at which Allocate begins to search
	_       [40]byte
	entries [0]arrayEntry // for the layout
}

// An arrayEntry is one lock and its allocation:
//
//	kept  claim           the entry is
//	0     0, or died      free
//	0     id              allocated by the process whose id it is, or about to be free or allocated
//	1     0, or died      kept
//	1     id              kept; the process looks at it, in Allocate, Keep or Free
//
// These are the changes and their authors. Goroutines of a process hold the claim's local gate:
//
//	free → allocated      Allocate: takes the claim
//	allocated → free      Free, by the process that has the claim; or the death of that process
//	allocated → kept      Keep, by that process: kept = 1, then gives the claim back
//	kept → free           Free: takes the claim, kept = 0, then gives the claim back
//
// kept changes only by the process that owns the claim, and claim is a robust word. So a kill leaves the entry as it
// was, or as it was to become. A process that is killed in Keep or Free after it has changed kept leaves a claim that
// is marked died, which counts as 0.
type arrayEntry struct {
	mu    Mutex
	claim owned
	kept  atomic.Uint32
	_     [8]byte
}

const arraySize = int64(unsafe.Sizeof(arrayHead{}) + MaxEntries*unsafe.Sizeof(arrayEntry{}))

// CreateArray makes an array of n free entries in a file, as [Create] does a region, and opens it.
func CreateArray(name string, n int) (*Array, error) { return Options{}.CreateArray(name, n) }

// OpenArray opens the array in a file, as [Open] does a region.
func OpenArray(name string) (*Array, error) { return Options{}.OpenArray(name) }

// OpenOrCreateArray opens the array in a file, or makes it, as [OpenOrCreate] does a region. If it has fewer than n
// entries, it grows.
func OpenOrCreateArray(name string, n int) (*Array, error) {
	return Options{}.OpenOrCreateArray(name, n)
}

// CreateArray is the function [CreateArray] with these options.
func (o Options) CreateArray(name string, n int) (*Array, error) {
	return o.openArray("create", name, create|exclusive, n)
}

// OpenArray is the function [OpenArray] with these options, of which it uses only Memory.
func (o Options) OpenArray(name string) (*Array, error) { return o.openArray("open", name, 0, 0) }

// OpenOrCreateArray is the function [OpenOrCreateArray] with these options.
func (o Options) OpenOrCreateArray(name string, n int) (*Array, error) {
	return o.openArray("open", name, create, n)
}

func (o Options) openArray(op, name string, flags, n int) (*Array, error) {
	if n < 0 || n > MaxEntries {
		return nil, &RegionError{op, name, fmt.Errorf("%w: %d entries", ErrSize, n)}
	}
	size := int64(unsafe.Sizeof(arrayHead{}))
	if o.mapsBeyond() {
		o.reach = arraySize
	} else {
		size = arraySize
	}
	r, err := o.open(op, name, flags, size)
	if err != nil {
		return nil, err
	}
	head, err := Map[arrayHead](r)
	if err != nil {
		r.Close()
		return nil, err
	}
	a := &Array{r, head}
	if err := errors.Join(a.tooLong(), a.Grow(n)); err != nil {
		r.Close()
		return nil, &RegionError{op, name, err}
	}
	return a, nil
}

// tooLong returns an error if the array has more entries than this process can map, which an array of a 64-bit
// machine may have.
func (a *Array) tooLong() (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if n := a.head.length.Load(); n > MaxEntries {
		return fmt.Errorf("%w: %d entries, of at most %d", ErrSize, n, MaxEntries)
	}
	return nil
}

// mapsBeyond reports whether a file can be mapped beyond its end, for the bytes that it will have once it
// is longer.
func (o Options) mapsBeyond() bool {
	return runtime.GOOS == "linux" || runtime.GOOS == "darwin" && !o.Memory
}

// Close closes the array in this process. It fails with [ErrInUse], and changes nothing, if the process holds locks of
// the array, or has allocated entries that it has neither kept nor freed. After Close, the methods of mutexes that
// Mutex returned return [ErrClosed].
func (a *Array) Close() error { return a.r.Close() }

// Len returns the number of entries, both free and allocated.
func (a *Array) Len() int {
	n, _ := a.length()
	return n
}

func (a *Array) length() (n int, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if a.r.over() {
		return 0, ErrClosed
	}
	return int(min(a.head.length.Load(), MaxEntries)), nil
}

// Grow makes the array n entries long if it is shorter. The new entries are free. If Grow fails, the array is
// unchanged. The error is that of the file, for example of a full disk, or [ErrSize] if n exceeds MaxEntries.
func (a *Array) Grow(n int) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if n > MaxEntries {
		return fmt.Errorf("shared: %w: %d entries", ErrSize, n)
	}
	if length, err := a.length(); n <= length || err != nil {
		return err
	}
	switch err := a.head.grow.Lock(); err {
	case nil:
	case ErrOwnerDied: // the file may be longer than necessary, since length is written last
		a.head.grow.Consistent()
	default:
		return err
	}
	defer a.head.grow.Unlock()
	if length, err := a.length(); n <= length || err != nil {
		return err
	}
	if a.r.size > uintptr(a.r.header().size) { // otherwise the file has all entries from the beginning
		end := unsafe.Sizeof(arrayHead{}) + uintptr(n)*unsafe.Sizeof(arrayEntry{})
		if err := allocate(a.r.file, dataAt+int64(end)); err != nil {
			return err
		}
	}
	a.head.length.Store(uint32(n))
	return nil
}

// entry returns entry i, which must exist.
func (a *Array) entry(i int) *arrayEntry {
	return (*arrayEntry)(unsafe.Add(unsafe.Pointer(a.head), unsafe.Sizeof(arrayHead{})+uintptr(i)*unsafe.Sizeof(arrayEntry{})))
}

// at returns entry i, or an error if it does not exist.
func (a *Array) at(i int) (*arrayEntry, error) {
	n, err := a.length()
	if err != nil {
		return nil, err
	}
	if i < 0 || i >= n {
		return nil, fmt.Errorf("%w: there is no entry %d, the array has %d", ErrNotAllocated, i, n)
	}
	return a.entry(i), nil
}

// Mutex returns the mutex of entry i, or [ErrNotAllocated] if the entry is free or does not exist.
//
// The Mutex does not know whether its entry is still allocated. If a process uses it after a Free, another process can
// allocate the entry anew: Allocate skips entries whose mutex is held, but a later Lock contends with the new user of
// the entry. So free an entry only when no process needs its mutex any longer.
func (a *Array) Mutex(i int) (m *Mutex, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	e, err := a.at(i)
	if err != nil {
		return nil, err
	}
	if e.kept.Load() == 0 && !a.lives(e.claim.word.Load()) {
		return nil, fmt.Errorf("%w: entry %d is free", ErrNotAllocated, i)
	}
	return &e.mu, nil
}

// lives reports whether a word has an owner that is alive.
func (a *Array) lives(word uint32) bool { return word&ownerMask != 0 && !a.r.dead(word&ownerMask) }

// Allocate allocates a free entry and returns its number. The entry's mutex is unlocked, and has no history. If the
// process dies before it calls Keep or Free, the entry is free again.
//
// The error is [ErrFull] if no entry is free; see Grow. Allocate prefers entries with low numbers. It usually examines
// one entry, but may examine all if few are free, which takes a millisecond or two for a million entries.
//
// If a lock must outlive its process, call Keep before you store its number. Otherwise, if the process is killed before
// it calls Keep, the stored number refers to a free entry, which another user can allocate. A process that is killed
// between Keep and the store leaves an allocated entry whose number is stored nowhere. [Array.All] finds such entries.
func (a *Array) Allocate() (i int, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := a.r.enter(); err != nil {
		return 0, err
	}
	defer a.r.exit()
	n, err := a.length()
	if err != nil {
		return 0, err
	}
	hint := a.head.hint.Load()
	first := int(hint % MaxEntries)
	// The kernel marks the claims of dead processes, if it can, so examine the other claims last.
	for _, burying := range []bool{false, true} {
		var living []uint32 // owners
		for k := range n {
			i := (first + k) % n
			e := a.entry(i)
			if e.kept.Load() != 0 {
				continue
			}
			if s := e.claim.word.Load(); s&ownerMask != 0 {
				if !burying || slices.Contains(living, s&ownerMask) {
					continue
				}
				if a.lives(s) {
					living = append(living, s&ownerMask)
					continue
				}
			}
			if ok, err := e.allocate(); err != nil {
				return 0, err
			} else if ok {
				a.head.hint.CompareAndSwap(hint, uint32(i+1))
				return i, nil
			}
		}
	}
	return 0, ErrFull
}

// allocate allocates the entry, if it is free and no process holds its mutex.
func (e *arrayEntry) allocate() (ok bool, err error) {
	gate := &e.claim.local().gate
	if !gate.TryLock() {
		return false, nil
	}
	defer gate.Unlock()
	if s := e.claim.word.Load(); s&ownerMask != 0 {
		e.claim.orphaned(s)
	}
	if ok, err := e.take(); !ok {
		return false, err
	}
	if e.kept.Load() == 0 {
		id, err := e.mu.id()
		if err != nil {
			e.claim.free(e.claim.owner())
			return false, err
		}
		if s := e.mu.word.Load(); s&ownerMask != 0 {
			e.mu.orphaned(s)
		}
		e.mu.bury()
		if taken, _ := e.mu.take(id, 0); taken {
			e.mu.state.Store(consistent)
			e.mu.since.Store(0)
			e.mu.free(e.mu.owner())
			return true, nil
		}
	}
	e.claim.free(e.claim.owner())
	return false, nil
}

// take takes the claim, if no process has it.
func (e *arrayEntry) take() (ok bool, err error) {
	id, err := e.claim.id()
	if err != nil {
		return false, err
	}
	e.claim.bury()
	ok, _ = e.claim.take(id, 0)
	return ok, nil
}

// Keep makes an entry stay allocated when the process that allocated it, which must be the caller's, dies. Keeping a
// kept entry has no effect. The error is [ErrNotAllocated] if the entry is free, and [ErrInUse] if another process has
// allocated it.
func (a *Array) Keep(i int) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := a.r.enter(); err != nil {
		return err
	}
	defer a.r.exit()
	e, err := a.at(i)
	if err != nil {
		return err
	}
	gate := &e.claim.local().gate
	gate.Lock()
	defer gate.Unlock()
	switch {
	case e.kept.Load() != 0:
		return nil
	case e.claim.owner() != 0:
		e.kept.Store(1)
		e.claim.free(e.claim.owner())
		return nil
	case a.lives(e.claim.word.Load()):
		return fmt.Errorf("%w: another process has allocated entry %d", ErrInUse, i)
	}
	return fmt.Errorf("%w: entry %d is free", ErrNotAllocated, i)
}

// Free makes an entry free. Any process may free an entry that is kept. Free returns [ErrInUse], and changes nothing,
// if a process holds the entry's mutex, or if another process has allocated the entry and has not kept it. It returns
// [ErrNotAllocated] if the entry is free. [Array.Mutex] describes the effect on processes that still use the mutex.
func (a *Array) Free(i int) (err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	if err := a.r.enter(); err != nil {
		return err
	}
	defer a.r.exit()
	e, err := a.at(i)
	if err != nil {
		return err
	}
	gate := &e.claim.local().gate
	gate.Lock()
	defer gate.Unlock()
	for e.claim.owner() == 0 {
		s := e.claim.word.Load()
		switch kept := e.kept.Load() != 0; {
		case !kept && a.lives(s):
			return fmt.Errorf("%w: another process has allocated entry %d", ErrInUse, i)
		case !kept:
			return fmt.Errorf("%w: entry %d is free", ErrNotAllocated, i)
		case s&ownerMask != 0 && !e.claim.orphaned(s): // for an instant
			if err := e.claim.wait(s, limit{}); err != nil {
				return err
			}
			continue
		}
		switch ok, err := e.take(); {
		case err != nil:
			return err
		case !ok: // another was faster, or the dead owner is not buried yet
			limit{}.pause()
		case e.kept.Load() == 0: // another was faster
			e.claim.free(e.claim.owner())
		}
	}
	if a.lives(e.mu.word.Load()) {
		if e.kept.Load() != 0 {
			e.claim.free(e.claim.owner())
		}
		return fmt.Errorf("%w: the mutex of entry %d is locked", ErrInUse, i)
	}
	e.kept.Store(0)
	e.claim.free(e.claim.owner())
	for hint := a.head.hint.Load(); uint32(i) < hint && !a.head.hint.CompareAndSwap(hint, uint32(i)); {
		hint = a.head.hint.Load()
	}
	return nil
}

// An Entry describes an allocated entry of an [Array].
type Entry struct {
	Kept      bool  // the entry stays allocated when its allocator dies
	Allocator Owner // of an entry that is not kept; it has no Since
	Held      bool  // a process holds the mutex, or died while it held it
	Owner     Owner // that process

	// Err is [ErrOwnerDied] if an owner of the mutex has died and Consistent has not been called since,
	// [ErrNotRecoverable] if the mutex was then unlocked without Consistent, and nil otherwise.
	Err error
}

// All returns an iterator over the allocated entries and their numbers, in ascending order. Each Entry is a snapshot
// taken when the iterator reaches it. The iteration ends early if the region is gone.
func (a *Array) All() iter.Seq2[int, Entry] {
	return func(yield func(int, Entry) bool) {
		for i := 0; i < a.Len(); i++ {
			e, ok, err := a.look(i)
			if err != nil || ok && !yield(i, e) {
				return
			}
		}
	}
}

// look returns the description of entry i. It reports false if the entry is free.
func (a *Array) look(i int) (e Entry, ok bool, err error) {
	defer faulted(debug.SetPanicOnFault(true), &err)
	p := a.entry(i)
	if e.Kept = p.kept.Load() != 0; !e.Kept {
		var claimed bool
		e.Allocator, claimed, err = p.claim.describe()
		if err != nil || !claimed || !e.Allocator.Alive {
			return e, false, err
		}
	}
	if e.Owner, e.Held, err = p.mu.Owner(); err != nil {
		return e, false, err
	}
	switch state := p.mu.state.Load(); {
	case state == lost:
		e.Err = ErrNotRecoverable
	case state == broken, e.Held && !e.Owner.Alive:
		e.Err = ErrOwnerDied
	}
	return e, true, nil
}
