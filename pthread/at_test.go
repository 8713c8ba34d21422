// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"runtime"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/pthread"
)

// TestOthersAt makes objects in memory of the caller, as in a file that several processes map, and uses them through two
// handles. TestMutexAt, TestC11At and the tests of semaphores and interop cover the other objects.
func TestOthersAt(t *testing.T) {
	need(t)
	memory := new([32]uint64) // Go's, which suffices for objects that no thread waits for
	p := unsafe.Pointer(memory)
	sizes := pthread.SizeOf()
	if sizes == (pthread.Sizes{}) {
		t.Error("the types have no sizes")
	}
	if largest := max(sizes.RWLock, sizes.Spin, sizes.Barrier); largest > unsafe.Sizeof(*memory) {
		t.Fatalf("an object has %d bytes", largest)
	}
	t.Run("RWLock", func(t *testing.T) {
		var a *pthread.RWLockAttr = made(pthread.NewRWLockAttr())(t)
		must(t, a.SetPShared(true))
		l := made(pthread.InitRWLockAt(p, a))(t)
		other := pthread.RWLockAt(p)
		must(t, l.WrLock())
		elsewhere(func() { wants(t, "another handle, TryRdLock", other.TryRdLock(), pthread.EBUSY) })
		must(t, l.Unlock())
		must(t, other.RdLock())
		elsewhere(func() { wants(t, "TryWrLock", l.TryWrLock(), pthread.EBUSY) })
		must(t, other.Unlock())
		must(t, l.Destroy())
		must(t, a.Destroy())
		_, err := pthread.InitRWLockAt(nil, nil)
		wants(t, "InitRWLockAt a bad place", err, pthread.EINVAL)
	})
	t.Run("Spin", func(t *testing.T) {
		need(t, "pthread_spin_init")
		for _, shared := range []bool{false, true} {
			l := made(pthread.InitSpinAt(p, shared))(t)
			must(t, l.Lock())
			elsewhere(func() { wants(t, "another handle, TryLock", pthread.SpinAt(p).TryLock(), pthread.EBUSY) })
			must(t, l.Unlock())
			must(t, l.Destroy())
		}
		_, err := pthread.InitSpinAt(nil, false)
		wants(t, "InitSpinAt a bad place", err, pthread.EINVAL)
	})
	t.Run("Barrier", func(t *testing.T) {
		need(t, "pthread_barrier_init")
		var a *pthread.BarrierAttr = made(pthread.NewBarrierAttr())(t)
		must(t, a.SetPShared(true))
		b := made(pthread.InitBarrierAt(p, a, 2))(t)
		serial := make(chan bool)
		go func() { serial <- made(pthread.BarrierAt(p).Wait())(t) }()
		if mine, its := made(b.Wait())(t), <-serial; mine == its {
			t.Errorf("of two threads are serial: %v and %v", mine, its)
		}
		must(t, b.Destroy())
		must(t, a.Destroy())
		_, err := pthread.InitBarrierAt(nil, nil, 1)
		wants(t, "InitBarrierAt a bad place", err, pthread.EINVAL)
	})
	runtime.KeepAlive(memory)
}
