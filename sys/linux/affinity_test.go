// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/seccomp"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

const wordSize = bits.UintSize / 8

// affinity returns the CPUs of a thread in a mask of 32,768 bits, which is long enough for any
// machine.
func affinity(t testing.TB, tid int) []uintptr {
	t.Helper()
	mask := make([]uintptr, 32768/bits.UintSize)
	n, err := linux.SchedGetaffinity(tid, mask)
	if err != nil || n <= 0 || n%wordSize != 0 || n > len(mask)*wordSize {
		t.Errorf("get: got %d, %v, want whole words", n, err)
	}
	return mask
}

// onlyCPU returns a mask of one CPU.
func onlyCPU(n int) []uintptr {
	mask := make([]uintptr, n/bits.UintSize+1)
	mask[n/bits.UintSize] = 1 << (n % bits.UintSize)
	return mask
}

// firstCPU returns the number of the first CPU in mask.
func firstCPU(mask []uintptr) int {
	i := max(0, slices.IndexFunc(mask, func(w uintptr) bool { return w != 0 }))
	return i*bits.UintSize + bits.TrailingZeros64(uint64(mask[i]))
}

func TestSchedAffinity(t *testing.T) {
	onDyingThread(t, func() {
		before := affinity(t, 0)
		if got := affinity(t, linux.Gettid()); !slices.Equal(got, before) {
			t.Errorf("by the thread's id: got %x, want %x", got, before)
		}
		cpu := firstCPU(before)
		want(t, "set", linux.SchedSetaffinity(0, onlyCPU(cpu)), nil)
		if got := affinity(t, 0); firstCPU(got) != cpu || slices.Equal(got, before) && runtime.NumCPU() > 1 {
			t.Errorf("got %x, want CPU %d alone", got, cpu)
		}
		// Bits beyond the kernel's CPUs do not matter, in a mask of any length.
		long := make([]uintptr, 4096)
		long[len(long)-1] = 1
		copy(long, before)
		want(t, "set back", linux.SchedSetaffinity(linux.Gettid(), long), nil)
		if got := affinity(t, 0); !slices.Equal(got, before) {
			t.Errorf("set back: got %x, want %x", got, before)
		}
	})
}

// TestSchedAffinityArguments has a filter check the length, which is in bytes. Few machines have
// enough CPUs for the length to matter.
func TestSchedAffinityArguments(t *testing.T) {
	skipFilters(t)
	mask := affinity(t, 0)
	args := [6]uintptr{noSuchThread, uintptr(len(mask)) * wordSize, uintptr(unsafe.Pointer(&mask[0]))}
	for number, call := range map[uint32]func() error{
		unix.SYS_SCHED_SETAFFINITY: func() error { return linux.SchedSetaffinity(noSuchThread, mask) },
		unix.SYS_SCHED_GETAFFINITY: func() error { _, err := linux.SchedGetaffinity(noSuchThread, mask); return err },
	} {
		want(t, "without a filter", call(), syscall.ESRCH)
		onDyingThread(t, func() {
			const seen = syscall.EXDEV // neither call returns it
			if err := seccomp.DenyCall(number, args, seen); err != nil {
				t.Logf("not tried: no filter of system calls: %v", err)
				return
			}
			want(t, "the filter", call(), seen)
		})
	}
}

// TestSchedGetaffinityLength finds the shortest mask that the kernel accepts, and the part of a
// mask that it leaves unchanged.
func TestSchedGetaffinityLength(t *testing.T) {
	mask := make([]uintptr, 32768/bits.UintSize)
	for length := range len(mask) {
		for i := range mask {
			mask[i] = ^uintptr(0)
		}
		n, err := linux.SchedGetaffinity(0, mask[:length])
		if err == syscall.EINVAL {
			continue
		}
		want(t, "get", err, nil)
		if length*bits.UintSize < runtime.NumCPU() {
			t.Errorf("%d words suffice for %d CPUs", length, runtime.NumCPU())
		}
		if n != length*wordSize || mask[length] != ^uintptr(0) {
			t.Errorf("%d bytes stored into %d words, and then %#x", n, length, mask[length])
		}
		return
	}
	t.Error("no mask is long enough")
}

// TestSchedAffinityErrors leaves out ENOMEM, and EINVAL for a kernel thread, which a test should
// not change.
func TestSchedAffinityErrors(t *testing.T) {
	mask := affinity(t, 0)
	_, err := linux.SchedGetaffinity(0, nil)
	want(t, "get into nothing", err, syscall.EINVAL)
	for _, tid := range []int{-1, noSuchThread} {
		_, err = linux.SchedGetaffinity(tid, mask)
		want(t, "get of nobody", err, syscall.ESRCH)
		want(t, "set nobody", linux.SchedSetaffinity(tid, mask), syscall.ESRCH)
	}
	bad := unsafe.Slice((*uintptr)(unsafe.Pointer(unreadable(t))), 4096/wordSize)
	_, err = linux.SchedGetaffinity(0, bad)
	want(t, "get into memory that cannot be written", err, syscall.EFAULT)
	want(t, "set memory that cannot be read", linux.SchedSetaffinity(0, bad), syscall.EFAULT)
	if !emulated() { // there it is EFAULT
		want(t, "set nothing", linux.SchedSetaffinity(0, nil), syscall.EINVAL)
	}
	want(t, "set no CPU", linux.SchedSetaffinity(0, make([]uintptr, 1)), syscall.EINVAL)
	absent := make([]uintptr, len(mask))
	absent[len(absent)-1] = 1 << (bits.UintSize - 1)
	want(t, "set a CPU that is not there", linux.SchedSetaffinity(0, absent), syscall.EINVAL)
}

// TestSchedSetaffinityDenied gives up the privilege on a thread that ends.
func TestSchedSetaffinityDenied(t *testing.T) {
	if unix.Geteuid() != 0 {
		t.Skip("only root has something to give up")
	}
	self(t) // or its thread might be the one that ends
	mask, other := affinity(t, 0), linux.Gettid()
	onDyingThread(t, func() {
		const nobody = 65534
		if _, _, errno := syscall.RawSyscall(unix.SYS_SETUID, nobody, 0, 0); errno != 0 {
			t.Errorf("setuid: %v", errno)
			return
		}
		want(t, "a thread of another user", linux.SchedSetaffinity(other, mask), syscall.EPERM)
	})
}

func TestSchedSetaffinityBusy(t *testing.T) {
	mask := affinity(t, 0)
	if runtime.NumCPU() == 1 {
		t.Skip("one CPU is all")
	}
	word := new(atomic.Uint32)
	s := start(func() error { return linux.FutexWait(word, 0, nil, private) })
	awaitSleepers(t, word, private, 1)
	defer func() {
		normal := linux.SchedAttr{Size: attrSize, Policy: unix.SCHED_NORMAL}
		want(t, "set back", linux.SchedSetattr(s.tid, &normal, 0), nil)
		wake(t, word, 1)
		s.end(t, nil)
	}()
	const ms = 1e6
	attr := linux.SchedAttr{Size: attrSize, Policy: unix.SCHED_DEADLINE, Runtime: ms, Deadline: 100 * ms, Period: 100 * ms}
	if err := linux.SchedSetattr(s.tid, &attr, 0); err != nil {
		t.Skipf("SCHED_DEADLINE: %v", err)
	}
	want(t, "one CPU", linux.SchedSetaffinity(s.tid, onlyCPU(firstCPU(mask))), syscall.EBUSY)
}

// A machine may have more CPUs than cpu_set_t has bits, so the mask grows until it fits.
func ExampleSchedGetaffinity() {
	var mask []uintptr
	for words := 1024 / bits.UintSize; ; words *= 2 {
		mask = make([]uintptr, words)
		_, err := linux.SchedGetaffinity(0, mask)
		if err == nil {
			break
		}
		if err != syscall.EINVAL {
			panic(err)
		}
	}
	cpus := 0
	for _, word := range mask {
		cpus += bits.OnesCount64(uint64(word))
	}
	fmt.Println(cpus > 0)
	// Output: true
}
