// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"runtime"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

// newSemaphore makes a semaphore that ends with the test.
func newSemaphore(t *testing.T, policy, value int32) uint32 {
	t.Helper()
	s, err := darwin.SemaphoreCreate(darwin.MachTaskSelf(), policy, value)
	if s == 0 || err != nil {
		t.Fatalf("SemaphoreCreate = %#x, %v", s, err)
	}
	t.Cleanup(func() {
		if err := darwin.SemaphoreDestroy(darwin.MachTaskSelf(), s); err != nil {
			t.Errorf("SemaphoreDestroy = %v", err)
		}
	})
	return s
}

// unbroken calls a wait again for as long as signals end it.
func unbroken(wait func() error) error {
	err := wait()
	for ; err == darwin.KERN_ABORTED; err = wait() {
	}
	return err
}

func TestMachTimespec(t *testing.T) {
	x := darwin.MachTimespec{Sec: 0x89abcdef, Nsec: 0x01234567}
	if got, want := darwin.Register(x), *(*uintptr)(unsafe.Pointer(&x)); got != want {
		t.Errorf("%+v in a register is %#x, in memory %#x", x, got, want)
	}
	if got := darwin.Register(darwin.MachTimespec{Nsec: -1}); got != 0xffffffff<<32 {
		t.Errorf("-1 ns in a register is %#x", got)
	}
}

func TestMachSemaphore(t *testing.T) {
	for _, policy := range []int32{darwin.SYNC_POLICY_FIFO, darwin.SYNC_POLICY_FIXED_PRIORITY, darwin.SYNC_POLICY_LIFO} {
		s := newSemaphore(t, policy, 2)
		wait := func() error { return darwin.SemaphoreWait(s) }
		try := func() error { return darwin.SemaphoreTimedwait(s, darwin.MachTimespec{}) }
		for range 2 {
			if err := unbroken(wait); err != nil {
				t.Errorf("SemaphoreWait = %v", err)
			}
		}
		if err := unbroken(try); err != darwin.KERN_OPERATION_TIMED_OUT {
			t.Errorf("SemaphoreTimedwait of 0 = %v, want KERN_OPERATION_TIMED_OUT", err)
		}
		if err := darwin.SemaphoreSignalAll(s); err != nil {
			t.Errorf("SemaphoreSignalAll = %v", err)
		}
		if err := unbroken(try); err != darwin.KERN_OPERATION_TIMED_OUT {
			t.Errorf("SemaphoreTimedwait after SemaphoreSignalAll of no waiters = %v, want KERN_OPERATION_TIMED_OUT", err)
		}
		if err := darwin.SemaphoreSignal(s); err != nil {
			t.Errorf("SemaphoreSignal = %v", err)
		}
		if err := unbroken(try); err != nil {
			t.Errorf("SemaphoreTimedwait after SemaphoreSignal = %v", err)
		}
	}
}

func TestMachSemaphoreTimes(t *testing.T) {
	s := newSemaphore(t, darwin.SYNC_POLICY_FIFO, 0)
	for _, d := range []time.Duration{time.Microsecond, 5 * time.Millisecond} {
		begin := time.Now()
		err := darwin.SemaphoreTimedwait(s, darwin.MachTimespec{Nsec: int32(d)})
		for ; err == darwin.KERN_ABORTED; err = darwin.SemaphoreTimedwait(s, darwin.MachTimespec{Nsec: int32(d)}) {
		}
		if took := time.Since(begin); err != darwin.KERN_OPERATION_TIMED_OUT || took < d/2 || took > d+patience {
			t.Errorf("SemaphoreTimedwait of %v = %v after %v, want KERN_OPERATION_TIMED_OUT", d, err, took)
		}
	}
	interrupt(t, darwin.KERN_ABORTED, func() error { return darwin.SemaphoreWait(s) })
	interrupt(t, darwin.KERN_ABORTED, func() error {
		return darwin.SemaphoreTimedwait(s, darwin.MachTimespec{Sec: uint32(patience / time.Second)})
	})
}

// TestMachSemaphoreWaitSignal passes a token back and forth between two threads.
func TestMachSemaphoreWaitSignal(t *testing.T) {
	ping, pong := newSemaphore(t, darwin.SYNC_POLICY_FIFO, 0), newSemaphore(t, darwin.SYNC_POLICY_FIFO, 0)
	const rounds = 100
	n := 0 // belongs to the thread that has the token
	// pass waits on one and signals the other, which it must not do again if a signal ends the wait.
	pass := func(wait, signal uint32, limited bool) {
		var err error
		if limited {
			err = darwin.SemaphoreTimedwaitSignal(wait, signal, darwin.MachTimespec{Sec: uint32(patience / time.Second)})
		} else {
			err = darwin.SemaphoreWaitSignal(wait, signal)
		}
		for ; err == darwin.KERN_ABORTED; err = darwin.SemaphoreWait(wait) {
		}
		if err != nil {
			t.Errorf("wait and signal = %v", err)
		}
	}
	var done sync.WaitGroup
	done.Go(func() {
		if err := unbroken(func() error { return darwin.SemaphoreWait(ping) }); err != nil {
			t.Errorf("SemaphoreWait = %v", err)
		}
		for i := range rounds {
			n++
			pass(ping, pong, i%2 == 0)
		}
		darwin.SemaphoreSignal(pong)
	})
	for i := range rounds {
		if n != i {
			t.Errorf("round %d: the other thread was here %d times", i, n)
		}
		pass(pong, ping, i%3 == 0)
	}
	darwin.SemaphoreSignal(ping)
	done.Wait()
}

// TestMachSemaphoreWaiters wakes threads by their port, all at once, and by the end of the semaphore.
func TestMachSemaphoreWaiters(t *testing.T) {
	task := darwin.MachTaskSelf()
	s, err := darwin.SemaphoreCreate(task, darwin.SYNC_POLICY_FIFO, 0)
	if err != nil {
		t.Fatal(err)
	}
	ports, results, again := make(chan uint32), make(chan error), make(chan bool)
	const threads = 3
	for range threads {
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			ports <- darwin.PthreadMachThreadNp(darwin.PthreadSelf())
			for ok := true; ok; ok = <-again {
				results <- unbroken(func() error { return darwin.SemaphoreWait(s) })
			}
		}()
	}
	woken := func(want error) {
		t.Helper()
		select {
		case err := <-results:
			if err != want {
				t.Errorf("SemaphoreWait = %v, want %v", err, want)
			}
		case <-time.After(patience):
			t.Fatalf("no thread was woken within %v", patience)
		}
	}
	for range threads {
		port := <-ports
		eventually(t, "the thread waits", func() bool { // and wakes it
			err := darwin.SemaphoreSignalThread(s, port)
			if err != nil && err != darwin.KERN_NOT_WAITING {
				t.Fatalf("SemaphoreSignalThread = %v", err)
			}
			return err == nil
		})
		woken(nil)
	}
	for range threads {
		again <- true
	}
	for n := 0; n < threads; { // threads that arrive late need another one
		if err := darwin.SemaphoreSignalAll(s); err != nil {
			t.Fatalf("SemaphoreSignalAll = %v", err)
		}
		select {
		case err := <-results:
			if n++; err != nil {
				t.Errorf("SemaphoreWait = %v", err)
			}
		case <-time.After(time.Millisecond):
		}
	}
	again <- true
	eventually(t, "a thread waits", func() bool { return darwin.SemaphoreSignalThread(s, 0) == nil })
	woken(nil)
	if err := darwin.SemaphoreSignalThread(s, 0); err != darwin.KERN_NOT_WAITING {
		t.Errorf("SemaphoreSignalThread without waiters = %v, want KERN_NOT_WAITING", err)
	}

	waits := newSemaphore(t, darwin.SYNC_POLICY_FIFO, 0)
	go func() {
		err := darwin.SemaphoreWaitSignal(s, waits)
		for ; err == darwin.KERN_ABORTED; err = darwin.SemaphoreWait(s) { // by a signal, after its own signal
		}
		results <- err
	}()
	if err := unbroken(func() error { return darwin.SemaphoreWait(waits) }); err != nil {
		t.Errorf("SemaphoreWait = %v", err)
	}
	if err := darwin.SemaphoreDestroy(task, s); err != nil { // while a thread waits
		t.Errorf("SemaphoreDestroy = %v", err)
	}
	woken(darwin.KERN_TERMINATED)
	close(again)
}

// TestMachSemaphoreErrors provokes no KERN_INVALID_TASK, which requires a process that is ending; no KERN_TERMINATED of a signal,
// for which the semaphore would have to end during the call; and no MACH_SEND_INVALID_RIGHT, for which macOS may end the process.
func TestMachSemaphoreErrors(t *testing.T) {
	task, s := darwin.MachTaskSelf(), newSemaphore(t, darwin.SYNC_POLICY_FIFO, 0)
	thread := darwin.PthreadMachThreadNp(darwin.PthreadSelf())
	const none = 0xfffffff3
	create := func(task uint32, policy, value int32) error {
		got, err := darwin.SemaphoreCreate(task, policy, value)
		if got != 0 {
			t.Errorf("SemaphoreCreate(%#x, %d, %d) = %#x, %v", task, policy, value, got, err)
		}
		return err
	}
	for _, c := range []struct {
		name      string
		got, want error
	}{
		{"create, value", create(task, 0, -1), darwin.KERN_INVALID_ARGUMENT},
		{"create, policy", create(task, 77<<8, 0), darwin.KERN_INVALID_ARGUMENT},
		{"create, no port", create(none, 0, 0), darwin.MACH_SEND_INVALID_DEST},
		{"create, no process", create(thread, 0, 0), darwin.KERN_INVALID_ARGUMENT},
		{"destroy, 0", darwin.SemaphoreDestroy(task, 0), darwin.KERN_INVALID_ARGUMENT},
		{"destroy, no process", darwin.SemaphoreDestroy(none, s), darwin.MACH_SEND_INVALID_DEST},
		{"signal, no port", darwin.SemaphoreSignal(none), darwin.KERN_INVALID_NAME},
		{"signal, a thread", darwin.SemaphoreSignal(thread), darwin.KERN_INVALID_CAPABILITY},
		{"signal all, no port", darwin.SemaphoreSignalAll(none), darwin.KERN_INVALID_NAME},
		{"signal thread, no port", darwin.SemaphoreSignalThread(none, 0), darwin.KERN_INVALID_NAME},
		{"signal thread, no thread", darwin.SemaphoreSignalThread(s, none), darwin.KERN_INVALID_ARGUMENT},
		{"wait, no port", darwin.SemaphoreWait(none), darwin.KERN_INVALID_NAME},
		{"wait, a process", darwin.SemaphoreWait(task), darwin.KERN_INVALID_CAPABILITY},
		{"timedwait, no port", darwin.SemaphoreTimedwait(none, darwin.MachTimespec{}), darwin.KERN_INVALID_NAME},
		{"timedwait, a second", darwin.SemaphoreTimedwait(s, darwin.MachTimespec{Nsec: 1e9}), darwin.KERN_INVALID_VALUE},
		{"timedwait, less than 0", darwin.SemaphoreTimedwait(s, darwin.MachTimespec{Nsec: -1}), darwin.KERN_INVALID_VALUE},
		{"wait and signal, no port", darwin.SemaphoreWaitSignal(none, s), darwin.KERN_INVALID_NAME},
		{"wait and signal, 0", darwin.SemaphoreWaitSignal(s, 0), darwin.KERN_INVALID_NAME},
		{"timedwait and signal, a second", darwin.SemaphoreTimedwaitSignal(s, s, darwin.MachTimespec{Nsec: 1e9}), darwin.KERN_INVALID_VALUE},
	} {
		if c.got != c.want {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
}
