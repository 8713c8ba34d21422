// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/windows"
)

// onThread runs f as its goroutine's thread, as Microsoft wants for locks: released by the
// thread that acquired them.
func onThread(f func() error) <-chan error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		result <- f()
	}()
	return result
}

func show(out io.Writer) error {
	const threads, rounds = 4, 2000
	var lock windows.SRWLock
	var results []<-chan error
	sum := 0
	start := time.Now()
	for range threads {
		results = append(results, onThread(func() error {
			for range rounds {
				if err := windows.AcquireSRWLockExclusive(&lock); err != nil {
					return err
				}
				sum++
				if err := windows.ReleaseSRWLockExclusive(&lock); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	for _, r := range results {
		if err := <-r; err != nil {
			return err
		}
	}
	fmt.Fprintf(out, "%d bytes; %d threads counted to %d, %v each\n",
		unsafe.Sizeof(lock), threads, sum, time.Since(start)/(threads*rounds))
	if sum != threads*rounds {
		return fmt.Errorf("want %d", threads*rounds)
	}

	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := windows.AcquireSRWLockShared(&lock); err != nil {
		return err
	}
	err := <-onThread(func() error {
		reader, err := windows.TryAcquireSRWLockShared(&lock)
		if reader {
			err = errors.Join(err, windows.ReleaseSRWLockShared(&lock))
		}
		writer, err2 := windows.TryAcquireSRWLockExclusive(&lock)
		fmt.Fprintf(out, "while one reads: another reader %v, a writer %v\n", reader, writer)
		if writer {
			return errors.New("a reader and a writer are inside")
		}
		return errors.Join(err, err2)
	})
	return errors.Join(err, windows.ReleaseSRWLockShared(&lock), condition(out, &lock))
}

// condition waits for another thread by a CONDITION_VARIABLE. The caller is locked to its thread.
func condition(out io.Writer, lock *windows.SRWLock) error {
	var ready windows.ConditionVariable
	done := false
	if err := windows.AcquireSRWLockExclusive(lock); err != nil {
		return err
	}
	other := onThread(func() error {
		if err := windows.AcquireSRWLockExclusive(lock); err != nil { // once we sleep
			return err
		}
		done = true
		return errors.Join(windows.WakeConditionVariable(&ready), windows.ReleaseSRWLockExclusive(lock))
	})
	for !done {
		if err := windows.SleepConditionVariableSRW(&ready, lock, windows.INFINITE, 0); err != nil {
			return err
		}
	}
	fmt.Fprintln(out, "a condition variable has told us that the other thread is done")
	return errors.Join(windows.ReleaseSRWLockExclusive(lock), <-other)
}
