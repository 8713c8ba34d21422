// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd

package freebsd_test

import (
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/sys/freebsd"
	"golang.org/x/sys/unix"
)

// waits has the waits for a word of 32 bits, and their wakes.
var waits = map[string]struct {
	wait func(*atomic.Uint32, uint32, *freebsd.UmtxTime) error
	wake func(*atomic.Uint32, int32) error
}{
	"private": {freebsd.UmtxWaitUintPrivate, freebsd.UmtxWakePrivate},
	"shared": {freebsd.UmtxWaitUint, func(addr *atomic.Uint32, n int32) error {
		return freebsd.UmtxWake(unsafe.Pointer(addr), n)
	}},
}

func TestWaitUint(t *testing.T) {
	for name, c := range waits {
		t.Run(name, func(t *testing.T) {
			word := new(atomic.Uint32)
			want(t, "a word that differs", c.wait(word, 1, nil), nil)
			want(t, "a word that differs, long past", c.wait(word, 1, &freebsd.UmtxTime{Flags: freebsd.UMTX_ABSTIME, ClockID: unix.CLOCK_MONOTONIC}), nil)
			want(t, "no time", c.wait(word, 0, in(0)), syscall.ETIMEDOUT)
			want(t, "long past", c.wait(word, 0, &freebsd.UmtxTime{Flags: freebsd.UMTX_ABSTIME, ClockID: unix.CLOCK_MONOTONIC}), syscall.ETIMEDOUT)
			for _, limit := range wrongLimits() {
				want(t, "a wrong limit", c.wait(word, 0, limit), syscall.EINVAL)
			}
			want(t, "a word nowhere", c.wait(nowhere[atomic.Uint32](), 0, nil), syscall.EFAULT)
			want(t, "a limit nowhere", c.wait(word, 0, nowhere[freebsd.UmtxTime]()), syscall.EFAULT)

			start(again(func() error { return c.wait(word, 0, nil) })).ends(t, func() { want(t, "wake", c.wake(word, 0), nil) }, nil)
			s := start(func() error { return c.wait(word, 0, nil) })
			s.ends(t, s.signal, syscall.EINTR)
		})
	}
	want(t, "a shared wake nowhere", freebsd.UmtxWake(unsafe.Pointer(nowhere[uint32]()), 1), syscall.EFAULT)
	want(t, "a private wake nowhere", freebsd.UmtxWakePrivate(nowhere[atomic.Uint32](), 1), nil)
}

// TestLimits shows that a wait with either kind of limit ends after it, and not before.
func TestLimits(t *testing.T) {
	word := new(atomic.Uint32)
	for name, limit := range map[string]func(time.Duration) *freebsd.UmtxTime{
		"duration": in,
		"point":    func(d time.Duration) *freebsd.UmtxTime { return after(t, d) },
	} {
		const d = 20 * time.Millisecond
		begin := time.Now()
		l := limit(d)
		err := again(func() error { return freebsd.UmtxWaitUintPrivate(word, 0, l) })()
		if took := time.Since(begin); err != syscall.ETIMEDOUT || took < d || took > patience {
			t.Errorf("%s: %v after %v", name, err, took)
		}
	}
}

func TestWait(t *testing.T) {
	word := new(atomic.Uintptr)
	word.Store(^uintptr(0))
	want(t, "a word that differs in its upper half alone", freebsd.UmtxWait(word, ^uintptr(0)>>(4*unsafe.Sizeof(uintptr(0))), nil), nil)
	want(t, "no time", freebsd.UmtxWait(word, ^uintptr(0), in(0)), syscall.ETIMEDOUT)
	start(again(func() error { return freebsd.UmtxWait(word, ^uintptr(0), nil) })).
		ends(t, func() { want(t, "wake", freebsd.UmtxWake(unsafe.Pointer(word), 1), nil) }, nil)
}

// TestWakeOneByOne shows that a wake of one wakes one of three.
func TestWakeOneByOne(t *testing.T) {
	word, woken := new(atomic.Uint32), make(chan error, 3)
	for range 3 {
		start(func() error {
			err := again(func() error { return freebsd.UmtxWaitUintPrivate(word, 0, nil) })()
			woken <- err
			return err
		})
	}
	time.Sleep(50 * time.Millisecond) // until they sleep, most likely
	want(t, "wake", freebsd.UmtxWakePrivate(word, 1), nil)
	time.Sleep(10 * time.Millisecond)
	if n := len(woken); n > 1 {
		t.Errorf("a wake of one has woken %d", n)
	}
	for i := 0; i < 3; {
		select {
		case err := <-woken:
			want(t, "wait", err, nil)
			i++
		case <-time.After(time.Millisecond):
			freebsd.UmtxWakePrivate(word, everyone)
		}
	}
}

func TestNwakePrivate(t *testing.T) {
	words := make([]atomic.Uint32, 200) // more than the kernel takes at a time
	addrs := make([]*atomic.Uint32, len(words))
	for i := range words {
		addrs[i] = &words[i]
	}
	first := start(again(func() error { return freebsd.UmtxWaitUintPrivate(addrs[0], 0, nil) }))
	last := start(again(func() error { return freebsd.UmtxWaitUintPrivate(addrs[199], 0, nil) }))
	wake := func() { want(t, "wake", freebsd.UmtxNwakePrivate(addrs), nil) }
	first.ends(t, wake, nil)
	last.ends(t, wake, nil)
	want(t, "wake of none", freebsd.UmtxNwakePrivate(nil), nil)
}

// TestSharedMemory maps a page twice: a wake at one address finds who waits at the other.
func TestSharedMemory(t *testing.T) {
	fd, err := unix.Open(t.TempDir()+"/page", unix.O_RDWR|unix.O_CREAT|unix.O_CLOEXEC, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Ftruncate(fd, int64(unix.Getpagesize())); err != nil {
		t.Fatal(err)
	}
	var words [2]*atomic.Uint32
	for i := range words {
		page, err := unix.Mmap(fd, 0, unix.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			t.Fatal(err)
		}
		words[i] = (*atomic.Uint32)(unsafe.Pointer(&page[0]))
	}
	s := start(again(func() error { return freebsd.UmtxWaitUint(words[0], 0, in(patience)) }))
	want(t, "a private wake", freebsd.UmtxWakePrivate(words[0], everyone), nil)
	s.ends(t, func() { want(t, "wake", freebsd.UmtxWake(unsafe.Pointer(words[1]), 1), nil) }, nil)
}

func TestMinTimeout(t *testing.T) {
	before, err := freebsd.UmtxGetMinTimeout()
	if unknown(err) {
		want(t, "UmtxSetMinTimeout", freebsd.UmtxSetMinTimeout(0), syscall.EINVAL)
		t.Skip("the kernel is older than FreeBSD 13.3")
	}
	want(t, "UmtxGetMinTimeout", err, nil)
	defer freebsd.UmtxSetMinTimeout(before)
	want(t, "UmtxSetMinTimeout", freebsd.UmtxSetMinTimeout(1000), nil)
	// A kernel that knows the call takes each number, since it looks at it without its sign.
	if got, err := freebsd.UmtxGetMinTimeout(); err != nil || got < 999 || got > 1000 { // the kernel keeps it in another unit
		t.Errorf("UmtxGetMinTimeout() = %d, %v, want 1000", got, err)
	}
}

func TestShm(t *testing.T) {
	page := mapped(t, unix.Getpagesize(), unix.MAP_SHARED)
	_, err := freebsd.UmtxShm(freebsd.UMTX_SHM_LOOKUP, page)
	want(t, "look up what is not there", err, syscall.ESRCH)
	_, err = freebsd.UmtxShm(0, page)
	want(t, "no request", err, syscall.EINVAL)
	fd, err := freebsd.UmtxShm(freebsd.UMTX_SHM_CREAT, page)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	lookedUp, err := freebsd.UmtxShm(freebsd.UMTX_SHM_LOOKUP, page)
	if err != nil {
		t.Fatal(err)
	}
	unix.Close(lookedUp)
	memory, err := unix.Mmap(fd, 0, unix.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	_, err = freebsd.UmtxShm(freebsd.UMTX_SHM_ALIVE, unsafe.Pointer(&memory[0]))
	want(t, "is it alive", err, nil)
	_, err = freebsd.UmtxShm(freebsd.UMTX_SHM_DESTROY, page)
	want(t, "destroy", err, nil)
	_, err = freebsd.UmtxShm(freebsd.UMTX_SHM_ALIVE, unsafe.Pointer(&memory[0]))
	want(t, "is it alive, after that", err, syscall.ENOTTY)
	_, err = freebsd.UmtxShm(freebsd.UMTX_SHM_DESTROY, page)
	want(t, "destroy twice", err, syscall.ESRCH)
	_, err = freebsd.UmtxShm(freebsd.UMTX_SHM_LOOKUP, unsafe.Pointer(nowhere[byte]()))
	want(t, "look up nowhere", err, syscall.EFAULT)
	// ENOMEM, EMFILE and ENFILE are not provoked: they take limits that other tests would meet, too.
}

// TestNothingIsAllocated makes calls that return at once.
func TestNothingIsAllocated(t *testing.T) {
	word, m, cv, rw, sem := new(atomic.Uint32), new(freebsd.Umutex), new(freebsd.Ucond), new(freebsd.Urwlock), new(freebsd.Usem2)
	sem.Count.Store(1)
	var err error
	for name, call := range map[string]func(){
		"UmtxWaitUintPrivate": func() { err = freebsd.UmtxWaitUintPrivate(word, 0, in(0)) },
		"UmtxWakePrivate":     func() { err = freebsd.UmtxWakePrivate(word, 1) },
		"UmtxMutexTrylock":    func() { err = freebsd.UmtxMutexTrylock(m) },
		"UmtxMutexUnlock":     func() { err = freebsd.UmtxMutexUnlock(m) },
		"UmtxCvSignal":        func() { err = freebsd.UmtxCvSignal(cv) },
		"UmtxRwUnlock":        func() { err = freebsd.UmtxRwUnlock(rw) },
		"UmtxSem2Wait":        func() { err = freebsd.UmtxSem2Wait(sem, nil) },
		"ThrSelf":             func() { freebsd.ThrSelf() },
	} {
		if n := allocs.PerRun(t, 100, call); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
	_ = err
}
