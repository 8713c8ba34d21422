// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// A region is what the kernel reads when the thread ends. It must outlive the thread and never
// move, so it lies in mapped memory.
type region struct {
	head linux.RobustListHead
	lock struct {
		link linux.RobustList
		word atomic.Uint32
	}
}

// The program's first thread never ends, so the main goroutine keeps it, and others get another.
func init() { runtime.LockOSThread() }

func show(out io.Writer) error {
	if head, _, err := linux.GetRobustList(0); err != nil {
		return err
	} else if head != 0 {
		return fmt.Errorf("%w: the C library has a list of its own on every thread (cgo); try CGO_ENABLED=0", errors.ErrUnsupported)
	}
	memory, err := unix.Mmap(-1, 0, unix.Getpagesize(), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		return err
	}
	r := (*region)(unsafe.Pointer(unsafe.SliceData(memory))) // a page is aligned for everything
	word := &r.lock.word
	r.head.FutexOffset = int(unsafe.Offsetof(r.lock.word) - unsafe.Offsetof(r.lock.link))
	r.head.List.Next = uintptr(unsafe.Pointer(&r.lock.link)) // head → lock → head
	r.lock.link.Next = uintptr(unsafe.Pointer(&r.head.List))

	result := make(chan error)
	go func() {
		runtime.LockOSThread() // without unlock: the thread ends with the goroutine
		err := linux.SetRobustList(&r.head, unsafe.Sizeof(r.head))
		word.Store(uint32(linux.Gettid()) | linux.FUTEX_WAITERS) // we hold it, and a thread waits
		result <- err
	}()
	if err := <-result; err != nil {
		return err
	}
	for {
		w := word.Load()
		if w&linux.FUTEX_OWNER_DIED != 0 {
			break
		}
		fmt.Fprintf(out, "thread %d holds it; we sleep\n", w&linux.FUTEX_TID_MASK)
		// Not private: the kernel wakes without that flag, as the lock may be shared.
		if err := linux.FutexWait(word, w, nil, 0); err != nil && err != syscall.EAGAIN && err != syscall.EINTR {
			return err
		}
	}
	fmt.Fprintf(out, "woken: the word is %#x, FUTEX_OWNER_DIED and FUTEX_WAITERS, the owner is gone\n", word.Load())
	if word.Load() != linux.FUTEX_OWNER_DIED|linux.FUTEX_WAITERS {
		return errors.New("want these two bits and no owner")
	}
	// Taken: by compare-and-swap, since others may have seen it too.
	if !word.CompareAndSwap(linux.FUTEX_OWNER_DIED|linux.FUTEX_WAITERS, uint32(linux.Gettid())) {
		return errors.New("somebody else took it")
	}
	fmt.Fprintln(out, "it is ours: time to repair what it guards")
	return unix.Munmap(memory)
}
