// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// Errors of misuse. For both, errors.Is reports EINVAL.
var (
	// ErrDestroyed means that an object was used after Destroy, a semaphore's handle after Close, or a key after
	// Delete.
	ErrDestroyed = fmt.Errorf("pthread: use after Destroy, Close or Delete: %w", EINVAL)

	// ErrNotMade means that the object is a zero value: only the New, Init and At functions make objects that can be
	// used.
	ErrNotMade = fmt.Errorf("pthread: use of an object that was not made: %w", EINVAL)
)

// An object is Go's state of an object of the C library. It is the part of a Mutex that the cleanup of the Mutex may
// reference.
//
// Its owner is the number of the thread that holds the lock through this handle, 0 if there is none.
// Only that thread writes owner and depth, while it holds the lock. Others read owner, to compare
// it with themselves; a stale value is good enough if they are locked to their thread, since no goroutine that was the
// owner can run there at the same time.
type object struct {
	addr  uintptr
	where unsafe.Pointer // addr, if the memory is the caller's: keeps Go memory from being collected
	owned bool           // the memory belongs to the handle, and is freed with it

	// unchecked means that the library does not check the thread that unlocks, so this package must.
	unchecked bool

	// lost means that the library has returned ENOTRECOVERABLE. That state is permanent, so the library is not called
	// again: glibc 2.36 leaves such a mutex locked after a failed trylock, and then a lock waits forever and an unlock
	// crashes.
	lost atomic.Bool

	owner atomic.Uintptr
	depth int32        // how often the owner has locked it
	users atomic.Int32 // readers inside, threads that arrived at a barrier since one left it, or calls of a semaphore
	waits waits        // the waiters of a condition variable

	closed atomic.Bool // a named semaphore: sem_close was called

	unusable  atomic.Bool // destroyed, or err says why
	err       error
	destroyMu sync.Mutex
}

// newObject allocates memory of the C library for an object, which init initializes.
func newObject(size uintptr, init *function, b, c uintptr) (*object, error) {
	if err := load(); err != nil {
		return nil, err
	}
	if err := init.missing(); err != nil {
		return nil, err
	}
	addr := libcCalloc.call(1, size, 0, 0)
	if addr == 0 {
		return nil, fmt.Errorf("pthread: %s: out of memory", init.name)
	}
	if e := init.do(addr, b, c); e != 0 {
		release(addr)
		return nil, init.failed(e)
	}
	return &object{addr: addr, owned: true}, nil
}

// objectAt returns an object in memory of the caller. With an init it makes the object there. If it returns an object,
// it stores an error in it.
func objectAt(p unsafe.Pointer, init *function, b, c uintptr) *object {
	o := &object{addr: uintptr(p), where: p}
	o.err = o.begin(init, b, c)
	o.unusable.Store(o.err != nil)
	return o
}

func (o *object) begin(init *function, b, c uintptr) error {
	if err := load(); err != nil {
		return err
	}
	if o.addr == 0 {
		return fmt.Errorf("pthread: object at nil: %w", EINVAL)
	}
	if o.addr%max(system.Align, 1) != 0 {
		return fmt.Errorf("pthread: object at %#x, want a multiple of %d: %w", o.addr, system.Align, EINVAL)
	}
	if init == nil {
		return nil
	}
	if err := init.missing(); err != nil {
		return err
	}
	if e := init.do(o.addr, b, c); e != 0 {
		return init.failed(e)
	}
	return nil
}

// usable returns an error if o cannot be passed to f.
func (o *object) usable(f *function) error {
	if o == nil {
		return ErrNotMade
	}
	if o.unusable.Load() {
		return o.why()
	}
	if f.addr == 0 {
		return unsupported(f.name)
	}
	return nil
}

func (o *object) why() error {
	if o.err != nil {
		return o.err
	}
	return ErrDestroyed
}

// destroy calls f, once. The memory stays until the handle is collected, so that
// even a call that comes too late, or at the same time, finds valid memory.
func (o *object) destroy(f *function) error {
	if o == nil {
		return ErrNotMade
	}
	o.destroyMu.Lock()
	defer o.destroyMu.Unlock()
	switch {
	case o.err != nil:
		return o.err
	case o.unusable.Load():
		return nil
	case o.owner.Load() != 0 || o.users.Load() != 0 || o.waits.asleep():
		return EBUSY // not all libraries check
	case f.addr == 0:
		return unsupported(f.name)
	}
	if e := f.do(o.addr, 0, 0); e != 0 {
		return e
	}
	o.unusable.Store(true)
	return nil
}

// collect is run when the handle of o has been collected. An object that is in use is never freed: its owner, or the
// kernel, may hold its address.
func (o *object) collect(f *function) {
	if o.destroy(f) == nil && o.owned {
		release(o.addr)
	}
}

// freed, if set, is called for each object that is freed: for tests.
var freed atomic.Pointer[func(addr uintptr)]

// release frees memory of the C library.
func release(addr uintptr) {
	libcFree.call(addr, 0, 0, 0)
	if hear := freed.Load(); hear != nil {
		(*hear)(addr)
	}
}

// watch arranges that o is collected with its handle, in a separate goroutine: if C code still waits for a condition
// variable or a barrier, glibc's destroy blocks, and it must not block the goroutine that runs the cleanups of the
// whole program.
func watch[T any](handle *T, o *object, destroy *function) *T {
	runtime.AddCleanup(handle, func(o *object) { go o.collect(destroy) }, o)
	return handle
}

// pointer returns the address of the object, or nil if it cannot be used.
func (o *object) pointer() unsafe.Pointer {
	if o == nil || o.unusable.Load() {
		return nil
	}
	return pointer(o.addr)
}

// lock calls f, which acquires the lock for the calling thread, and if it does, locks the goroutine to that thread.
func (o *object) lock(f *function) error {
	if err := o.usable(f); err != nil {
		return err
	}
	me, err := o.lockThread()
	if err != nil {
		return err
	}
	return o.locked(me, f.do(o.addr, 0, 0))
}

// lockUntil is lock, for a function with a deadline, which comes after its argument c if
// clock is not nil.
func (o *object) lockUntil(f *function, clock *Clock, deadline Timespec) error {
	at, id, err := o.prepare(f, clock)
	if err != nil {
		return err
	}
	me, err := o.lockThread()
	if err != nil {
		return err
	}
	return o.locked(me, f.until(deadline, at, o.addr, id, 0))
}

// lockThread locks the goroutine to its thread, which it returns, unless no thread can have the lock.
func (o *object) lockThread() (me uintptr, err error) {
	if o.lost.Load() {
		return 0, ENOTRECOVERABLE
	}
	runtime.LockOSThread()
	if me = self(); me == 0 {
		runtime.UnlockOSThread()
		return 0, EAGAIN
	}
	return me, nil
}

// prepare returns the index of the deadline among the arguments of f, and the number of the clock.
func (o *object) prepare(f *function, clock *Clock) (at int, id uintptr, err error) {
	if err := o.usable(f); err != nil {
		return 0, 0, err
	}
	if clock == nil {
		return 1, 0, nil
	}
	id, err = clock.id()
	return 2, id, err
}

// locked records that the calling thread, whose number is me, holds o, unless e says that it does not.
func (o *object) locked(me uintptr, e errno) error {
	if e != 0 && e != EOWNERDEAD {
		runtime.UnlockOSThread()
		if e == ENOTRECOVERABLE {
			o.lost.Store(true)
		}
		return e
	}
	race.Acquire(unsafe.Pointer(o))
	if e == 0 && o.owner.Load() == me {
		o.depth++
	} else {
		o.owner.Store(me)
		o.depth = 1
	}
	race.Release(unsafe.Pointer(o)) // an owner that dies will not announce that it wrote depth
	return check(e)
}

// unlock undoes lock by calling f. If no thread holds o through this handle, C code may hold it on this thread: the
// library reports whether that is so, if it checks.
func (o *object) unlock(f *function) error {
	if err := o.usable(f); err != nil {
		return err
	}
	owner, err := o.ownerHere()
	defer runtime.UnlockOSThread()
	switch {
	case err != nil:
		return err
	case owner == 0:
		return check(f.do(o.addr, 0, 0))
	}
	depth := o.depth
	if o.depth--; o.depth == 0 {
		o.owner.Store(0)
	}
	race.Release(unsafe.Pointer(o))
	if e := f.do(o.addr, 0, 0); e != 0 {
		o.depth = depth
		o.owner.Store(owner)
		return e
	}
	runtime.UnlockOSThread()
	return nil
}

// ownerHere locks the goroutine to its thread, and returns the owner of o: the calling thread, or 0 if it may be C
// code. The error is EPERM if neither is possible.
func (o *object) ownerHere() (uintptr, error) {
	runtime.LockOSThread() // before owner is read, so that self is that of the same thread
	switch owner := o.owner.Load(); {
	case owner == 0 && !o.unchecked && !o.lost.Load():
		return 0, nil
	case owner == 0 || owner != self():
		return 0, EPERM
	default:
		return owner, nil
	}
}

// use adds n to the number of users, and returns the result. It hides the atomic operation from the race detector,
// since readers are not ordered among themselves.
func (o *object) use(n int32) int32 {
	race.Disable()
	defer race.Enable()
	return o.users.Add(n)
}

// check converts the result of a function to an error.
func check(e errno) error {
	if e != 0 {
		return e
	}
	return nil
}
