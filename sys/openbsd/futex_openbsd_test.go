// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package openbsd

import (
	"math"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The compiler checks this for each processor, as go vet builds the tests: struct timespec is a 64-bit time_t and a
// long (sys/sys/_time.h).
var _ [0]byte = [unsafe.Offsetof(unix.Timespec{}.Nsec) - 8]byte{}

func TestFutexErrors(t *testing.T) {
	size := syscall.Getpagesize()
	mem, err := unix.Mmap(-1, 0, size, unix.PROT_NONE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	word, other, hidden := new(atomic.Uint32), new(atomic.Uint32), unsafe.Pointer(&mem[0])
	count := func(_ int, err error) error { return err }
	const private = FUTEX_PRIVATE_FLAG
	for _, c := range []struct {
		name      string
		got, want error
	}{
		{"a word that differs", FutexWait(word, 1, nil, private), syscall.EAGAIN},
		{"a word that cannot be read", FutexWait((*atomic.Uint32)(hidden), 0, nil, private), syscall.EFAULT},
		{"a timeout that cannot be read", FutexWait(word, 0, (*unix.Timespec)(hidden), private), syscall.EFAULT},
		{"the end of a timeout", FutexWait(word, 0, &unix.Timespec{Nsec: 1e6}, private), syscall.ETIMEDOUT},
		{"a negative timeout", FutexWait(word, 0, &unix.Timespec{Sec: -1}, private), syscall.EINVAL},
		{"a whole second in Nsec", FutexWait(word, 0, &unix.Timespec{Nsec: 1e9}, private), syscall.EINVAL},
		{"another operation", FutexWait(word, 0, nil, 0x40), syscall.ENOSYS},
		{"a wake of no thread", count(FutexWake(word, 1, private)), nil},
		{"a wake where nothing can be read", count(FutexWake((*atomic.Uint32)(hidden), 1, 0)), nil},
		{"a requeue of no thread", count(FutexRequeue(word, 1, math.MaxInt32, other, private)), nil},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}

// TestFutexWake wakes two threads where they went to sleep, and a third one on the word to which it was moved.
func TestFutexWake(t *testing.T) {
	word, other := new(atomic.Uint32), new(atomic.Uint32)
	ended := make(chan error)
	for range 3 {
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			ended <- FutexWait(word, 0, nil, FUTEX_PRIVATE_FLAG)
		}()
	}
	until := func(n int, f func() (int, error)) {
		for end := time.Now().Add(30 * time.Second); n > 0; time.Sleep(time.Millisecond) {
			got, err := f()
			if n -= got; err != nil || time.Now().After(end) {
				t.Fatalf("%d threads are left, %v", n, err)
			}
		}
	}
	until(1, func() (int, error) { return FutexWake(word, 1, FUTEX_PRIVATE_FLAG) })
	until(2, func() (int, error) {
		n, err := FutexRequeue(word, 1, math.MaxInt32, other, FUTEX_PRIVATE_FLAG)
		if err != nil {
			return n, err
		}
		m, err := FutexWake(other, math.MaxInt32, FUTEX_PRIVATE_FLAG)
		return n + m, err
	})
	for range 3 {
		// A signal of the runtime, to stop a goroutine, ends a wait with ECANCELED.
		if err := <-ended; err != nil && err != syscall.ECANCELED {
			t.Errorf("FutexWait = %v", err)
		}
	}
}

func TestThread(t *testing.T) {
	done := make(chan int)
	go func() {
		runtime.LockOSThread() // and never unlocks: the thread ends with its name
		if err := Setthrname(0, []byte("osync's own thread\x00")); err != nil {
			t.Errorf("Setthrname = %v", err)
		}
		buf := make([]byte, MAXCOMLEN+1)
		if err := Getthrname(Getthrid(), buf); err != nil || unix.ByteSliceToString(buf) != "osync's own thread" {
			t.Errorf("Getthrname = %q, %v", buf, err)
		}
		if err := Getthrname(0, buf[:3]); err != syscall.ERANGE {
			t.Errorf("Getthrname with no room = %v, want %v", err, syscall.ERANGE)
		}
		SchedYield() // returns
		done <- Getthrid()
	}()
	if id := <-done; id == 0 || id == Getthrid() {
		t.Errorf("the id of another thread is %d", id)
	}
	for name, err := range map[string]error{
		"a name that is too long":    Setthrname(0, nameOf(MAXCOMLEN+1)),
		"a name without a zero byte": Setthrname(0, []byte("x")),
		"an empty buffer":            Getthrname(0, nil),
	} {
		if err != syscall.EINVAL {
			t.Errorf("%s: %v, want %v", name, err, syscall.EINVAL)
		}
	}
	if err := Setthrname(math.MaxInt32, []byte("x\x00")); err != syscall.ESRCH {
		t.Errorf("Setthrname of no thread = %v, want %v", err, syscall.ESRCH)
	}
}

// nameOf returns a name of n bytes.
func nameOf(n int) []byte {
	name := make([]byte, n+1)
	for i := range n {
		name[i] = 'x'
	}
	return name
}
