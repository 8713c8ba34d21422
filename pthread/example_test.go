// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/osync-go/osync/pthread"
)

// A mutex that checks its users reports mistakes as errors.
func Example() {
	attr, err := pthread.NewMutexAttr()
	if err != nil {
		skip(err, "locked twice: true\nunlocked by another: true")
		return
	}
	attr.SetType(pthread.TypeErrorCheck)
	m, _ := pthread.NewMutex(attr)
	defer m.Destroy()

	m.Lock()
	fmt.Println("locked twice:", m.Lock() == pthread.EDEADLK)
	done := make(chan error)
	go func() { done <- m.Unlock() }()
	fmt.Println("unlocked by another:", <-done == pthread.EPERM)
	m.Unlock()
	// Output:
	// locked twice: true
	// unlocked by another: true
}

// Wait for a condition in a loop, with a deadline on the condition's clock.
func ExampleCond() {
	m, err := pthread.NewMutex(nil)
	if err != nil {
		skip(err, "gave up: true\nready: true")
		return
	}
	c, _ := pthread.NewCond(nil)
	ready := false

	m.Lock()
	deadline, _ := pthread.ClockRealtime.After(time.Millisecond)
	for err = nil; !ready && err == nil; {
		err = c.TimedWait(m, deadline)
	}
	fmt.Println("gave up:", err == pthread.ETIMEDOUT)

	go func() {
		m.Lock()
		ready = true
		c.Signal()
		m.Unlock()
	}()
	for !ready {
		c.Wait(m)
	}
	fmt.Println("ready:", ready)
	m.Unlock()
	// Output:
	// gave up: true
	// ready: true
}

// A robust mutex reports to its next owner that the last one died.
func ExampleMutex_Consistent() {
	attr, err := pthread.NewMutexAttr()
	if err == nil {
		err = attr.SetRobust(true)
	}
	if err != nil || emulated() {
		skip(err, "the owner died: true\nin order again: true")
		return
	}
	m, _ := pthread.NewMutex(attr)
	done := make(chan bool)
	go func() {
		m.Lock() // and the thread ends with the goroutine
		close(done)
	}()
	<-done

	err = m.Lock()
	fmt.Println("the owner died:", err == pthread.EOWNERDEAD)
	m.Consistent() // its data is consistent again
	m.Unlock()
	fmt.Println("in order again:", m.Lock() == nil)
	m.Unlock()
	// Output:
	// the owner died: true
	// in order again: true
}

// A value that one thread stores under a key is not visible to others.
func ExampleKey() {
	k, err := pthread.NewKey(0)
	if err != nil {
		skip(err, "here: 42\nthere: 0")
		return
	}
	defer k.Delete()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	k.Set(42)
	there := make(chan uintptr)
	go func() {
		v, _ := k.Get()
		there <- v
	}()
	v, _ := k.Get()
	fmt.Println("here:", v)
	fmt.Println("there:", <-there)
	// Output:
	// here: 42
	// there: 0
}

// A semaphore counts items that one thread passes to another, and no thread owns it. A semaphore with a name also reaches
// C code, in any process.
func ExampleSem() {
	name := fmt.Sprintf("/example.%d", os.Getpid())
	full, err := pthread.OpenSem(name, os.O_CREATE|os.O_EXCL, 0o600, 0)
	if err != nil {
		skip(err, "nothing yet: true\nall 3 came")
		return
	}
	defer full.Close()
	defer pthread.UnlinkSem(name)

	fmt.Println("nothing yet:", full.TryWait() == pthread.EAGAIN)
	go func() { // or sem_open(name, 0) and sem_post, in C
		for range 3 {
			full.Post()
		}
	}()
	for range 3 {
		full.Wait()
	}
	fmt.Println("all 3 came")
	// Output:
	// nothing yet: true
	// all 3 came
}

// C11's condition variables are those of pthread under other names, and the rules are the same: wait in a loop.
func ExampleCnd() {
	m, err := pthread.NewMtx(pthread.MtxTimed)
	if err != nil {
		skip(err, "ready: true")
		return
	}
	c, _ := pthread.NewCnd()
	ready := false
	go func() {
		m.Lock()
		ready = true
		c.Signal()
		m.Unlock()
	}()

	m.Lock()
	for !ready {
		c.Wait(m)
	}
	fmt.Println("ready:", ready)
	m.Unlock()
	// Output: ready: true
}

// A thread's clock measures the processor time that the thread itself has used, and any thread may read it.
func ExampleThread_CPUClock() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	self, err := pthread.Self()
	if err != nil {
		skip(err, "it has run: true")
		return
	}
	clock, err := self.CPUClock()
	if err != nil {
		skip(err, "it has run: true")
		return
	}
	used, _ := clock.Now()
	fmt.Println("it has run:", used.Sec > 0 || used.Nsec > 0)
	// Output: it has run: true
}

// A function that the system lacks returns an error.
func ExampleSupported() {
	err := pthread.Supported("pthread_frobnicate")
	fmt.Println(errors.Is(err, errors.ErrUnsupported))
	// Output: true
}

// skip prints the output that an example prints where it can run.
func skip(_ error, output string) { fmt.Println(output) }
