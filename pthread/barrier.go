// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"runtime"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

var (
	barrierattrInit       = symbol("pthread_barrierattr_init")
	barrierattrDestroy    = symbol("pthread_barrierattr_destroy")
	barrierattrSetpshared = symbol("pthread_barrierattr_setpshared")
	barrierattrGetpshared = symbol("pthread_barrierattr_getpshared")

	barrierInit    = symbol("pthread_barrier_init")
	barrierDestroy = symbol("pthread_barrier_destroy")
	barrierWait    = symbol("pthread_barrier_wait")
)

// A BarrierAttr says what a barrier shall be like. It is used when that is made, and can then be
// changed or destroyed. It serves one goroutine at a time.
type BarrierAttr struct{ attr }

// NewBarrierAttr returns attributes with the system's defaults. macOS lacks it.
func NewBarrierAttr() (*BarrierAttr, error) {
	a := new(BarrierAttr)
	if err := newAttr(&a.attr, barrierattrInit); err != nil {
		return nil, err
	}
	return watch(a, a.o, barrierattrDestroy), nil
}

// SetPShared says whether the barrier shall work between processes that map its memory.
func (a *BarrierAttr) SetPShared(shared bool) error {
	return a.setShared(barrierattrSetpshared, shared)
}

// PShared reports whether the barrier shall work between processes.
func (a *BarrierAttr) PShared() (bool, error) { return a.shared(barrierattrGetpshared) }

// Destroy ends the life of the attributes, not of barriers made with them. Calling it again
// does nothing.
func (a *BarrierAttr) Destroy() error { return a.o.destroy(barrierattrDestroy) }

func (a *BarrierAttr) addr() (uintptr, error) {
	if a == nil {
		return 0, load()
	}
	return a.attr.addr()
}

// A Barrier is a pthread_barrier_t: a number of threads wait in it until all have come. It can be
// used again at once. macOS lacks it.
//
// What [Mutex] says of handles, memory and the end of objects is true of it too. Each wait
// blocks a thread. In the terms of the Go memory model, each call of Wait through one handle
// synchronizes before the return of all calls of its round.
type Barrier struct {
	_ noCopy
	o *object
}

// NewBarrier returns a barrier for count threads in memory of the C library's; see [NewMutex]. A
// count of 0 is EINVAL.
//
//	pthread_barrier_init(calloc(...), attr, count)
func NewBarrier(attr *BarrierAttr, count uint32) (*Barrier, error) {
	a, err := attr.addr()
	if err != nil {
		return nil, err
	}
	o, err := newObject(objectSize, barrierInit, a, uintptr(count))
	runtime.KeepAlive(attr)
	if err != nil {
		return nil, err
	}
	return watch(&Barrier{o: o}, o, barrierDestroy), nil
}

// BarrierAt returns a handle of the barrier at p; see [MutexAt].
func BarrierAt(p unsafe.Pointer) *Barrier { return &Barrier{o: objectAt(p, nil, 0, 0)} }

// InitBarrierAt makes a barrier for count threads at p, in [Sizes].Barrier bytes; see
// [InitMutexAt].
//
//	pthread_barrier_init(p, attr, count)
func InitBarrierAt(p unsafe.Pointer, attr *BarrierAttr, count uint32) (*Barrier, error) {
	a, err := attr.addr()
	if err != nil {
		return nil, err
	}
	o := objectAt(p, barrierInit, a, uintptr(count))
	runtime.KeepAlive(attr)
	if o.err != nil {
		return nil, o.err
	}
	return &Barrier{o: o}, nil
}

// Wait blocks the calling thread until as many as the barrier is for are in Wait. One of them gets
// true, whichever: PTHREAD_BARRIER_SERIAL_THREAD.
//
//	pthread_barrier_wait(b)
func (b *Barrier) Wait() (serial bool, err error) {
	if err := b.o.usable(barrierWait); err != nil {
		return false, err
	}
	race.ReleaseMerge(unsafe.Pointer(b.o))
	b.o.use(1)
	r := int32(barrierWait.call(b.o.addr, 0, 0, 0))
	b.o.users.Store(0) // the other parties may be on their way back; Destroy need not wait for them
	race.Acquire(unsafe.Pointer(b.o))
	runtime.KeepAlive(b)
	switch r {
	case system.serial:
		return true, nil
	case 0:
		return false, nil
	default:
		return false, errno(r)
	}
}

// Pointer returns the pthread_barrier_t, for code in C; nil after Destroy.
func (b *Barrier) Pointer() unsafe.Pointer { return b.o.pointer() }

// Destroy ends the life of the barrier; see [Mutex.Destroy]. Any thread whose Wait has returned
// may call it, such as the serial one, if Wait is not called again. It blocks until the library is done
// with the other threads of the round.
//
//	pthread_barrier_destroy(b)
//
// EBUSY says that a thread waits: it has come since the last one left. Destroy cannot see a thread that
// came to the next round before all had left the last, nor code in C; with glibc it then blocks until
// they are released.
func (b *Barrier) Destroy() error {
	err := b.o.destroy(barrierDestroy)
	runtime.KeepAlive(b)
	return err
}
