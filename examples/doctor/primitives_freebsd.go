// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/freebsd"
	"golang.org/x/sys/unix"
)

// systemName is what systemVersion begins with.
const systemName = "FreeBSD"

// primitives returns what FreeBSD has for locks. All but the last of them are in every system that Go runs on.
func primitives() []primitive {
	there := func() error { return nil }
	return []primitive{
		{"_umtx_op WAIT_UINT_PRIVATE", "12", "sleep while a word holds a value", there, testUmtxPrivate},
		{"_umtx_op WAIT_UINT", "12", "the same between processes", there, testUmtxShared},
		{"_umtx_op NWAKE_PRIVATE", "12", "wake the sleepers of many words", there, testUmtxNwake},
		{"_umtx_op MUTEX", "12", "lock that a thread owns; lends its priority if asked to", there, testUmutex},
		{"_umtx_op MUTEX, robust", "12", "survive the death of the owner", there, testRobustUmutex},
		{"_umtx_op CV", "12", "unlock and wait in one step", there, testUcond},
		{"_umtx_op RW", "12", "lock for readers and writers", there, testUrwlock},
		{"_umtx_op SEM2", "12", "count", there, testUsem},
		{"thr_suspend, thr_wake", "12", "wake a thread of your choice", there, testThrSuspend},
		{"cpuset_setaffinity", "12", "bind a thread to CPUs", there, testCpuset},
		{"rtprio_thread", "12", "make a thread a real-time one: with the privilege", there, testRtprio},
		{
			"_umtx_op MIN_TIMEOUT", "13.3", "slow threads that poll",
			func() error {
				_, err := freebsd.UmtxGetMinTimeout()
				if err == syscall.EINVAL {
					return errors.ErrUnsupported
				}
				return err
			}, nil,
		},
	}
}

// sleeps makes a call again after a signal of Go's own.
func sleeps(call func() error) func() error {
	return func() error {
		err := call()
		for err == syscall.EINTR {
			err = call()
		}
		return err
	}
}

// wakes wakes a sleeping thread, again and again until it is awake.
func wakes(sleep, wake func() error) error {
	var awake atomic.Bool
	sleeper := thread.Spawn(func() error {
		defer awake.Store(true)
		return sleeps(sleep)()
	})
	for ; !awake.Load(); time.Sleep(time.Millisecond) {
		if err := wake(); err != nil {
			return err
		}
	}
	return sleeper.Join()
}

func testUmtxPrivate() error {
	word := new(atomic.Uint32)
	return wakes(func() error { return freebsd.UmtxWaitUintPrivate(word, 0, nil) },
		func() error { return freebsd.UmtxWakePrivate(word, 1) })
}

func testUmtxShared() error {
	word := new(atomic.Uint32)
	return wakes(func() error { return freebsd.UmtxWaitUint(word, 0, nil) },
		func() error { return freebsd.UmtxWake(unsafe.Pointer(word), 1) })
}

func testUmtxNwake() error {
	words := new([3]atomic.Uint32)
	addrs := []*atomic.Uint32{&words[0], &words[1], &words[2]}
	return wakes(func() error { return freebsd.UmtxWaitUintPrivate(&words[2], 0, nil) },
		func() error { return freebsd.UmtxNwakePrivate(addrs) })
}

func testUmutex() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	m := &freebsd.Umutex{Flags: freebsd.UMUTEX_PRIO_INHERIT}
	if err := freebsd.UmtxMutexLock(m, nil); err != nil {
		return err
	}
	other := thread.Spawn(func() error {
		return errors.Join(freebsd.UmtxMutexLock(m, nil), freebsd.UmtxMutexUnlock(m))
	})
	for m.Owner.Load()&freebsd.UMUTEX_CONTESTED == 0 {
		time.Sleep(time.Millisecond)
	}
	return errors.Join(freebsd.UmtxMutexUnlock(m), other.Join())
}

func testRobustUmutex() error {
	type robust struct {
		list, privateList, inact uintptr
		m                        freebsd.Umutex
	}
	memory, err := unix.Mmap(-1, 0, unix.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return err
	}
	r := (*robust)(unsafe.Pointer(&memory[0])) // never unmapped: the kernel looks at it when the thread has ended
	r.m.Flags = freebsd.UMUTEX_ROBUST
	r.privateList = uintptr(unsafe.Pointer(&r.m))
	owned := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked, so the thread ends
		owned <- errors.Join(freebsd.UmtxMutexLock(&r.m, nil), freebsd.UmtxRobustLists(&freebsd.UmtxRobustListsParams{
			RobustListOffset:     uintptr(unsafe.Pointer(&r.list)),
			RobustPrivListOffset: uintptr(unsafe.Pointer(&r.privateList)),
			RobustInactOffset:    uintptr(unsafe.Pointer(&r.inact)),
		}))
	}()
	if err := <-owned; err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := freebsd.UmtxMutexLock(&r.m, nil); err != unix.EOWNERDEAD {
		return fmt.Errorf("the heir got %v, not EOWNERDEAD", err)
	}
	return freebsd.UmtxMutexUnlock(&r.m)
}

func testUcond() error {
	m, cv := new(freebsd.Umutex), new(freebsd.Ucond)
	return wakes(func() error {
		if err := freebsd.UmtxMutexLock(m, nil); err != nil {
			return err
		}
		return freebsd.UmtxCvWait(cv, m, nil, 0)
	}, func() error { return freebsd.UmtxCvSignal(cv) })
}

func testUrwlock() error {
	rw := new(freebsd.Urwlock)
	if err := freebsd.UmtxRwRdlock(rw, 0, nil); err != nil {
		return err
	}
	writer := thread.Spawn(sleeps(func() error { return freebsd.UmtxRwWrlock(rw, nil) }))
	for rw.State.Load()&freebsd.URWLOCK_WRITE_WAITERS == 0 {
		time.Sleep(time.Millisecond)
	}
	return errors.Join(freebsd.UmtxRwUnlock(rw), writer.Join(), freebsd.UmtxRwUnlock(rw))
}

func testUsem() error {
	sem := new(freebsd.Usem2)
	return wakes(func() error { return freebsd.UmtxSem2Wait(sem, nil) },
		func() error { return freebsd.UmtxSem2Wake(sem) })
}

func testThrSuspend() error {
	id := make(chan int, 1)
	sleeper := thread.Spawn(func() error {
		id <- freebsd.ThrSelf()
		return freebsd.ThrSuspend(nil)
	})
	return errors.Join(freebsd.ThrWake(<-id), sleeper.Join())
}

func testCpuset() error {
	return thread.Spawn(func() error {
		cpus, err := thread.Affinity()
		if err != nil {
			return err
		}
		return thread.SetAffinity(cpus[0])
	}).Join()
}

func testRtprio() error {
	var rtp freebsd.Rtprio
	return freebsd.RtprioThread(freebsd.RTP_LOOKUP, 0, &rtp)
}
