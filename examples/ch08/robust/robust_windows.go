// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/osync-go/osync/sys/windows"
)

// The program's first thread never ends, so the main goroutine keeps it, and others get another.
func init() { runtime.LockOSThread() }

func show(out io.Writer) error {
	m, err := windows.CreateMutex(nil, false, nil)
	if err != nil {
		return err
	}
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // without unlock: the thread ends with the goroutine
		_, err := windows.WaitForSingleObject(m, windows.INFINITE)
		result <- err
	}()
	if err := <-result; err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	r, err := windows.WaitForSingleObject(m, windows.INFINITE)
	fmt.Fprintf(out, "a thread took the mutex and ended; our wait says %v\n", r)
	if err != nil || r != windows.WAIT_ABANDONED {
		return fmt.Errorf("got %v, %v, want WAIT_ABANDONED", r, err)
	}
	fmt.Fprintln(out, "it is ours: time to repair what it guards")
	return errors.Join(windows.ReleaseMutex(m), windows.CloseHandle(m))
}
