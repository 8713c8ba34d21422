// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/sys/darwin"
)

func TestPthreadMutex(t *testing.T) {
	m := new(darwin.PthreadMutex)
	if err := darwin.PthreadMutexLock(m); err != syscall.EINVAL {
		t.Errorf("lock of zeros = %v, want EINVAL", err)
	}
	if err := darwin.PthreadMutexInit(m, nil); err != nil {
		t.Fatal(err)
	}
	n := 0
	var done sync.WaitGroup
	const threads, rounds = 4, 500
	for range threads {
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			for range rounds {
				if err := darwin.PthreadMutexLock(m); err != nil {
					t.Errorf("lock = %v", err)
				}
				n++
				if err := darwin.PthreadMutexUnlock(m); err != nil {
					t.Errorf("unlock = %v", err)
				}
			}
		})
	}
	done.Wait()
	if n != threads*rounds {
		t.Errorf("%d additions under the mutex made %d", threads*rounds, n)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for _, c := range []struct {
		name string
		call func(*darwin.PthreadMutex) error
		want error
	}{
		{"trylock", darwin.PthreadMutexTrylock, nil},
		{"trylock of locked", darwin.PthreadMutexTrylock, syscall.EBUSY},
		{"destroy of locked", darwin.PthreadMutexDestroy, syscall.EBUSY},
		{"unlock", darwin.PthreadMutexUnlock, nil},
		{"destroy", darwin.PthreadMutexDestroy, nil},
		{"trylock of destroyed", darwin.PthreadMutexTrylock, syscall.EINVAL},
		{"unlock of destroyed", darwin.PthreadMutexUnlock, syscall.EINVAL},
		{"destroy of destroyed", darwin.PthreadMutexDestroy, syscall.EINVAL},
	} {
		if err := c.call(m); err != c.want {
			t.Errorf("%s = %v, want %v", c.name, err, c.want)
		}
	}
}

func TestPthreadCond(t *testing.T) {
	m, c := new(darwin.PthreadMutex), new(darwin.PthreadCond)
	if err := darwin.PthreadCondSignal(c); err != syscall.EINVAL {
		t.Errorf("signal of zeros = %v, want EINVAL", err)
	}
	if err := darwin.PthreadMutexInit(m, nil); err != nil {
		t.Fatal(err)
	}
	if err := darwin.PthreadCondInit(c, nil); err != nil {
		t.Fatal(err)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	waiting, woken, goal := 0, 0, 0 // under m
	const threads = 4
	var done sync.WaitGroup
	for i := range threads {
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			darwin.PthreadMutexLock(m)
			waiting++
			for woken >= goal {
				var err error
				if i%2 == 0 {
					err = darwin.PthreadCondWait(c, m)
				} else {
					err = darwin.PthreadCondTimedwaitRelativeNp(c, m, &darwin.Timespec{Sec: int64(patience / time.Second)})
				}
				if err != nil {
					t.Errorf("wait = %v", err)
				}
			}
			woken++
			darwin.PthreadMutexUnlock(m)
		})
	}
	reached := func(n *int, want int) func() bool {
		return func() bool {
			darwin.PthreadMutexLock(m)
			defer darwin.PthreadMutexUnlock(m)
			return *n == want
		}
	}
	eventually(t, "all wait", reached(&waiting, threads))
	for what, wake := range map[string]func(*darwin.PthreadCond) error{"signal": darwin.PthreadCondSignal, "broadcast": darwin.PthreadCondBroadcast} {
		darwin.PthreadMutexLock(m)
		goal++
		if err := wake(c); err != nil {
			t.Errorf("%s = %v", what, err)
		}
		want := goal
		darwin.PthreadMutexUnlock(m)
		eventually(t, what, reached(&woken, want))
	}
	darwin.PthreadMutexLock(m)
	goal = threads
	darwin.PthreadCondBroadcast(c)
	darwin.PthreadMutexUnlock(m)
	done.Wait()

	darwin.PthreadMutexLock(m)
	checkTime(t, "timeout", 5*time.Millisecond, func() error {
		return darwin.PthreadCondTimedwaitRelativeNp(c, m, &darwin.Timespec{Nsec: 5e6})
	})
	if err := darwin.PthreadCondTimedwaitRelativeNp(c, m, &darwin.Timespec{Nsec: 1e9}); err != syscall.EINVAL {
		t.Errorf("wait with a second in Nsec = %v, want EINVAL", err)
	}
	darwin.PthreadMutexUnlock(m)
	if err := darwin.PthreadCondDestroy(c); err != nil {
		t.Errorf("destroy = %v", err)
	}
	if err := darwin.PthreadCondDestroy(c); err != syscall.EINVAL {
		t.Errorf("destroy of destroyed = %v, want EINVAL", err)
	}
	if err := darwin.PthreadCondBroadcast(c); err != syscall.EINVAL {
		t.Errorf("broadcast of destroyed = %v, want EINVAL", err)
	}
}

// TestThread checks that ids, handles and ports tell threads apart.
func TestThread(t *testing.T) {
	type names struct {
		self darwin.Pthread
		id   uint64
		port uint32
	}
	here := func() names {
		self := darwin.PthreadSelf()
		id, err := darwin.PthreadThreadidNp(0)
		if err != nil {
			t.Errorf("PthreadThreadidNp(0) = %v", err)
		}
		if same, err := darwin.PthreadThreadidNp(self); same != id || err != nil {
			t.Errorf("PthreadThreadidNp(self) = %d, %v, want %d", same, err, id)
		}
		return names{self, id, darwin.PthreadMachThreadNp(self)}
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	mine, other := here(), make(chan names)
	go func() { other <- here() }() // elsewhere, since this thread is locked
	theirs := <-other
	if mine.self == theirs.self || mine.id == theirs.id || mine.port == theirs.port {
		t.Errorf("two threads: %+v and %+v", mine, theirs)
	}
	if mine != here() {
		t.Errorf("one thread: %+v, then %+v", mine, here())
	}
	if mine.self == 0 || mine.id == 0 || mine.port == 0 {
		t.Errorf("zero among %+v", mine)
	}
}

func TestPthreadSetnameNp(t *testing.T) {
	runtime.LockOSThread() // and never unlocked: the name dies with the thread
	for name, want := range map[string]error{
		"\x00":                            nil,
		"osync\x00":                       nil,
		strings.Repeat("x", 63) + "\x00":  nil,
		strings.Repeat("x", 200) + "\x00": syscall.ENAMETOOLONG,
		"":                                syscall.EINVAL,
		"no zero":                         syscall.EINVAL,
	} {
		if err := darwin.PthreadSetnameNp([]byte(name)); err != want {
			t.Errorf("PthreadSetnameNp(%q) = %v, want %v", name, err, want)
		}
		if want != nil {
			continue
		}
		for _, room := range []int{64, 4} {
			buf := []byte(strings.Repeat("?", room))
			err := darwin.PthreadGetnameNp(darwin.PthreadSelf(), buf)
			got, _, _ := strings.Cut(string(buf), "\x00")
			if want := name[:min(len(name), room)-1]; err != nil || got != want {
				t.Errorf("PthreadGetnameNp = %q, %v after PthreadSetnameNp(%q), with room for %d, want %q", got, err, name, room, want)
			}
		}
	}
}

func TestPthreadGetnameNpNowhere(t *testing.T) {
	if err := darwin.PthreadGetnameNp(darwin.PthreadSelf(), nil); err != syscall.EINVAL {
		t.Errorf("PthreadGetnameNp to nowhere = %v, want EINVAL", err)
	}
}

func TestQos(t *testing.T) {
	runtime.LockOSThread() // and never unlocked: the class dies with the thread
	self := darwin.PthreadSelf()
	for _, class := range []uint32{
		darwin.QOS_CLASS_BACKGROUND, darwin.QOS_CLASS_UTILITY, darwin.QOS_CLASS_DEFAULT,
		darwin.QOS_CLASS_USER_INITIATED, darwin.QOS_CLASS_USER_INTERACTIVE,
	} {
		if err := darwin.PthreadSetQosClassSelfNp(class, darwin.QOS_MIN_RELATIVE_PRIORITY); err != nil {
			t.Errorf("PthreadSetQosClassSelfNp(%#x) = %v", class, err)
		}
		if got := darwin.QosClassSelf(); got != class {
			t.Errorf("QosClassSelf() = %#x, want %#x", got, class)
		}
		if got, _, err := darwin.PthreadGetQosClassNp(self); got != class || err != nil {
			t.Errorf("PthreadGetQosClassNp() = %#x, %v, want %#x", got, err, class)
		}
	}
	for _, c := range []struct {
		class    uint32
		relative int32
	}{{0x99, 0}, {darwin.QOS_CLASS_DEFAULT, 1}, {darwin.QOS_CLASS_DEFAULT, -16}} {
		if err := darwin.PthreadSetQosClassSelfNp(c.class, c.relative); err != syscall.EINVAL {
			t.Errorf("PthreadSetQosClassSelfNp(%#x, %d) = %v, want EINVAL", c.class, c.relative, err)
		}
		if o, err := darwin.PthreadOverrideQosClassStartNp(self, c.class, c.relative); o != 0 || err != syscall.EINVAL {
			t.Errorf("PthreadOverrideQosClassStartNp(%#x, %d) = %v, %v, want EINVAL", c.class, c.relative, o, err)
		}
	}
	o, err := darwin.PthreadOverrideQosClassStartNp(self, darwin.QOS_CLASS_USER_INITIATED, 0)
	if err != nil {
		t.Fatalf("PthreadOverrideQosClassStartNp = %v", err)
	}
	if err := darwin.PthreadOverrideQosClassEndNp(o); err != nil {
		t.Errorf("PthreadOverrideQosClassEndNp = %v", err)
	}
}
