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

// A BarrierAttr holds the attributes of a barrier to be made. Once the barrier is made, the attributes can be changed
// or destroyed. A BarrierAttr must not be used by several goroutines at the same time.
type BarrierAttr struct{ attr }

// NewBarrierAttr returns new attributes with the system's defaults. macOS lacks it.
func NewBarrierAttr() (*BarrierAttr, error) {
	a := new(BarrierAttr)
	if err := newAttr(&a.attr, barrierattrInit); err != nil {
		return nil, err
	}
	return watch(a, a.o, barrierattrDestroy), nil
}

// SetPShared sets whether the barrier works between processes that map its memory.
func (a *BarrierAttr) SetPShared(shared bool) error {
	return a.setShared(barrierattrSetpshared, shared)
}

// PShared reports whether the barrier works between processes.
func (a *BarrierAttr) PShared() (bool, error) { return a.shared(barrierattrGetpshared) }

// Destroy destroys the attributes, but not the barriers made with them. Further calls do nothing.
func (a *BarrierAttr) Destroy() error { return a.o.destroy(barrierattrDestroy) }

func (a *BarrierAttr) addr() (uintptr, error) {
	if a == nil {
		return 0, load()
	}
	return a.attr.addr()
}

// A Barrier is a pthread_barrier_t: threads wait at it until a given number of them have arrived. It can be reused at
// once. macOS lacks it.
//
// The rules of [Mutex] for handles, memory and the end of objects apply to it, too. Each wait blocks a thread. In the
// terms of the Go memory model, each call of Wait through one handle synchronizes before the return of all calls of its
// round.
type Barrier struct {
	_ noCopy
	o *object
}

// NewBarrier returns a barrier for count threads, in memory of the C library; see [NewMutex]. It returns EINVAL if
// count is 0.
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

// BarrierAt returns a handle for the barrier at p; see [MutexAt].
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

// Wait blocks the calling thread until as many threads as the barrier is for are in Wait. It returns true
// (PTHREAD_BARRIER_SERIAL_THREAD) to exactly one of them; which one is unspecified.
//
//	pthread_barrier_wait(b)
func (b *Barrier) Wait() (serial bool, err error) {
	if err := b.o.usable(barrierWait); err != nil {
		return false, err
	}
	race.ReleaseMerge(unsafe.Pointer(b.o))
	b.o.use(1)
	r := int32(barrierWait.call(b.o.addr, 0, 0, 0))
	b.o.users.Store(0) // the other parties may still be returning; Destroy need not wait for them
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

// Destroy destroys the barrier; see [Mutex.Destroy]. Any thread whose Wait has returned, such as the serial one, may
// call it, if Wait is not called again. It blocks until the library is done with the other threads of the round.
//
//	pthread_barrier_destroy(b)
//
// EBUSY means that a thread waits that arrived after the last one left. Destroy cannot see a thread that arrived for
// the next round before all had left the previous one, nor threads in C code; with glibc it then blocks until they are
// released.
func (b *Barrier) Destroy() error {
	err := b.o.destroy(barrierDestroy)
	runtime.KeepAlive(b)
	return err
}
