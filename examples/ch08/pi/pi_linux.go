// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

const private = linux.FUTEX_PRIVATE_FLAG

// The program's first thread never ends, so the main goroutine keeps it, and others get another.
func init() { runtime.LockOSThread() }

func show(out io.Writer) error {
	runtime.LockOSThread() // the thread owns the lock
	defer runtime.UnlockOSThread()
	word := new(atomic.Uint32)
	me := uint32(linux.Gettid())
	if err := linux.FutexLockPI(word, nil, private); err != nil {
		return err
	}
	fmt.Fprintf(out, "locked:     the word is %d, our thread id; priority %s\n", word.Load(), priority(me))
	if word.Load() != me {
		return errors.New("the word is not our thread id")
	}
	err := linux.FutexLockPI(word, nil, private)
	fmt.Fprintf(out, "once more:  %v\n", err)
	if err != syscall.EDEADLK {
		return fmt.Errorf("got %w, want EDEADLK", err)
	}

	urgent := make(chan error, 1)
	got := make(chan error)
	go func() {
		runtime.LockOSThread() // without unlock: the thread ends, and its priority with it
		attr := linux.SchedAttr{Policy: unix.SCHED_FIFO, Priority: 5}
		attr.Size = uint32(unsafe.Sizeof(attr))
		urgent <- linux.SchedSetattr(0, &attr, 0)
		err := linux.FutexLockPI(word, nil, private)
		if err == nil && word.Load()&linux.FUTEX_TID_MASK != uint32(linux.Gettid()) {
			err = errors.New("the word does not name the new owner")
		}
		if err == nil {
			err = linux.FutexUnlockPI(word, private)
		}
		got <- err
	}()
	raised := <-urgent
	for word.Load()&linux.FUTEX_WAITERS == 0 {
		time.Sleep(100 * time.Microsecond)
	}
	before := priority(me)
	for end := time.Now().Add(10 * time.Second); raised == nil && before != "-6" && time.Now().Before(end); {
		time.Sleep(100 * time.Microsecond) // the bit is set a moment before the priority
		before = priority(me)
	}
	fmt.Fprintf(out, "waited for: the word has FUTEX_WAITERS; priority %s\n", before)
	switch {
	case raised != nil:
		fmt.Fprintf(out, "            (not raised: the waiter may not be SCHED_FIFO here: %v)\n", raised)
	case before != "-6":
		return fmt.Errorf("the owner has priority %s, want -6, that of the waiter", before)
	}
	// The kernel writes the waiter's id into the word: no thread can overtake it.
	if err := linux.FutexUnlockPI(word, private); err != nil {
		return err
	}
	fmt.Fprintf(out, "unlocked:   handed over; priority %s\n", priority(me))
	return <-got
}

// priority returns the priority of a thread as the kernel sees it: 20 for an ordinary one, -1-p
// for one of SCHED_FIFO with priority p.
func priority(tid uint32) string {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/stat", tid))
	if err != nil {
		return "unknown"
	}
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	if len(fields) < 16 {
		return "unknown"
	}
	return fields[15] // the 18th, see proc(5)
}
