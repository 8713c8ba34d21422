// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command pthread uses the mutexes of POSIX, in the C library of the system, without cgo. They are one
// type with many attributes, made before there were futexes, and the lock to share with code in C.
//
// Watch for: what becomes of a thread that locks twice, or unlocks what it does not hold, is a
// choice made when the mutex is created. The object has an address that C knows, so it lies outside
// of Go's memory, must not move, and must be destroyed.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/pthread"
)

const about = `pthread uses the mutexes of POSIX: plain, checking, recursive and robust.`

func main() { program.Main(about, run) }

// The program's first thread never ends, so the main goroutine keeps it, and others get another.
func init() { runtime.LockOSThread() }

func run(out io.Writer) error {
	if err := pthread.Load(); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s; a mutex has %d bytes, osync's has 4\n", pthread.Version(), pthread.SizeOf().Mutex)
	for _, show := range []func(io.Writer) error{plain, checking, recursive, robust} {
		if err := show(out); err != nil {
			return err
		}
	}
	return nil
}

// plain counts under a mutex of the default type.
func plain(out io.Writer) error {
	const threads, rounds = 4, 1000
	m, err := pthread.NewMutex(nil)
	if err != nil {
		return err
	}
	sum := 0
	var results [threads]error
	var wg sync.WaitGroup
	start := time.Now()
	for i := range threads {
		wg.Go(func() {
			for range rounds {
				if results[i] = m.Lock(); results[i] != nil { // and we are locked to our thread
					return
				}
				sum++
				if results[i] = m.Unlock(); results[i] != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	fmt.Fprintf(out, "plain:     %d threads counted to %d, %v each, most of it the way into C\n",
		threads, sum, time.Since(start)/(threads*rounds))
	if err := errors.Join(results[:]...); err != nil || sum != threads*rounds {
		return fmt.Errorf("want %d (%w)", threads*rounds, err)
	}
	return m.Destroy()
}

// newMutex makes a mutex with attributes.
func newMutex(set func(*pthread.MutexAttr) error) (*pthread.Mutex, error) {
	attr, err := pthread.NewMutexAttr()
	if err != nil {
		return nil, err
	}
	defer attr.Destroy()
	if err := set(attr); err != nil {
		return nil, err
	}
	return pthread.NewMutex(attr)
}

// elsewhere returns what f returns in another goroutine, which ends then.
func elsewhere(f func() error) error {
	result := make(chan error)
	go func() { result <- f() }()
	return <-result
}

// checking shows the mutex that says what is wrong.
func checking(out io.Writer) error {
	m, err := newMutex(func(a *pthread.MutexAttr) error { return a.SetType(pthread.TypeErrorCheck) })
	if err != nil {
		return err
	}
	if err := m.Lock(); err != nil {
		return err
	}
	twice := m.Lock()
	other := elsewhere(m.Unlock)
	fmt.Fprintf(out, "checking:  locked twice: %v; unlocked by another thread: %v\n", twice, other)
	if twice != pthread.EDEADLK || other != pthread.EPERM {
		return errors.New("want EDEADLK and EPERM")
	}
	return errors.Join(m.Unlock(), m.Destroy())
}

// recursive shows the mutex that counts.
func recursive(out io.Writer) error {
	m, err := newMutex(func(a *pthread.MutexAttr) error { return a.SetType(pthread.TypeRecursive) })
	if err != nil {
		return err
	}
	if err := errors.Join(m.Lock(), m.Lock(), m.Unlock()); err != nil {
		return err
	}
	other := elsewhere(m.TryLock)
	fmt.Fprintf(out, "recursive: locked twice, unlocked once; another thread: %v\n", other)
	if other != pthread.EBUSY {
		return errors.New("want EBUSY")
	}
	return errors.Join(m.Unlock(), m.Destroy())
}

// robust lets the owner die.
func robust(out io.Writer) error {
	m, err := newMutex(func(a *pthread.MutexAttr) error { return a.SetRobust(true) })
	if errors.Is(err, errors.ErrUnsupported) {
		fmt.Fprintf(out, "robust:    not here: %v\n", err)
		return nil
	} else if err != nil {
		return err
	}
	if err := elsewhere(m.Lock); err != nil { // the goroutine ends without unlock, and its thread too
		return err
	}
	err = m.Lock()
	fmt.Fprintf(out, "robust:    a thread ended with it; the next one locks: %v\n", err)
	if err != pthread.EOWNERDEAD {
		return errors.New("want EOWNERDEAD")
	}
	// It is ours. Repair what it guards, and say so; else no thread could ever lock it again.
	return errors.Join(m.Consistent(), m.Unlock(), m.Destroy())
}
