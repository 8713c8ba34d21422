// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

// needSync skips the test if the system is older than macOS 14.4.
func needSync(t *testing.T) {
	t.Helper()
	if err := darwin.SyncWakeByAddressAny(unsafe.Pointer(new(atomic.Uint32)), 4, 0); err == syscall.ENOSYS {
		t.Skip("os_sync_wait_on_address is missing: needs macOS 14.4")
	}
}

const clock = darwin.OS_CLOCK_MACH_ABSOLUTE_TIME

// ticks returns d in ticks of mach_absolute_time.
func ticks(d time.Duration) uint64 {
	numer, denom := darwin.MachTimebaseInfo()
	return uint64(d) * uint64(denom) / uint64(numer)
}

// TestSyncMissing checks what an older system returns: only ENOSYS.
func TestSyncMissing(t *testing.T) {
	addr := unsafe.Pointer(new(atomic.Uint32))
	_, wait := darwin.SyncWaitOnAddress(addr, 1, 4, 0)
	_, deadline := darwin.SyncWaitOnAddressWithDeadline(addr, 1, 4, 0, clock, 1)
	_, timeout := darwin.SyncWaitOnAddressWithTimeout(addr, 1, 4, 0, clock, 1)
	errs := []error{wait, deadline, timeout, darwin.SyncWakeByAddressAny(addr, 4, 0), darwin.SyncWakeByAddressAll(addr, 4, 0)}
	has := darwin.HasSymbol("os_sync_wait_on_address")
	for i, err := range errs {
		if has == errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("call %d = %v, and the symbol is there: %v", i, err, has)
		}
	}
}

func TestSyncWaitErrors(t *testing.T) {
	needSync(t)
	words := new([2]atomic.Uint64)
	words[0].Store(7)
	addr, bad := unsafe.Pointer(&words[0]), unmapped(t)
	const shared = darwin.OS_SYNC_WAIT_ON_ADDRESS_SHARED
	for _, c := range []struct {
		name  string
		addr  unsafe.Pointer
		value uint64
		size  uintptr
		flags uint32
		want  error
	}{
		{"other value, 4 bytes", addr, 8, 4, 0, nil},
		{"other value, 8 bytes", addr, 8, 8, 0, nil},
		{"other value, shared", addr, 8, 4, shared, nil},
		{"upper half differs", addr, 7 | 1<<32, 8, 0, nil},
		{"size", addr, 8, 2, 0, syscall.EINVAL},
		{"flags", addr, 8, 4, 2, syscall.EINVAL},
		{"nil", nil, 8, 4, 0, syscall.EINVAL},
		{"alignment, 4 bytes", unsafe.Add(addr, 2), 8, 4, 0, syscall.EINVAL},
		{"alignment, 8 bytes", unsafe.Add(addr, 4), 8, 8, 0, syscall.EINVAL},
		{"not mapped", bad, 8, 4, 0, syscall.EFAULT},
		{"not mapped, shared", bad, 8, 4, shared, syscall.EINVAL},
	} {
		_, wait := darwin.SyncWaitOnAddress(c.addr, c.value, c.size, c.flags)
		_, deadline := darwin.SyncWaitOnAddressWithDeadline(c.addr, c.value, c.size, c.flags, clock, math.MaxUint64)
		_, timeout := darwin.SyncWaitOnAddressWithTimeout(c.addr, c.value, c.size, c.flags, clock, 1e15)
		for form, err := range map[string]error{"": wait, "WithDeadline": deadline, "WithTimeout": timeout} {
			if err != c.want {
				t.Errorf("%s: SyncWaitOnAddress%s = %v, want %v", c.name, form, err, c.want)
			}
		}
	}
	if _, err := darwin.SyncWaitOnAddressWithDeadline(addr, 7, 8, 0, clock, 0); err != syscall.EINVAL {
		t.Errorf("deadline 0 = %v, want EINVAL", err)
	}
	if _, err := darwin.SyncWaitOnAddressWithTimeout(addr, 7, 8, 0, clock, 0); err != syscall.EINVAL {
		t.Errorf("timeout 0 = %v, want EINVAL", err)
	}
	if _, err := darwin.SyncWaitOnAddressWithTimeout(addr, 7, 8, 0, 1, 1); err != syscall.EINVAL {
		t.Errorf("clock 1 = %v, want EINVAL", err)
	}
}

func TestSyncWakeErrors(t *testing.T) {
	needSync(t)
	addr, bad := unsafe.Pointer(new(atomic.Uint64)), unmapped(t)
	const shared = darwin.OS_SYNC_WAKE_BY_ADDRESS_SHARED
	for _, c := range []struct {
		name  string
		addr  unsafe.Pointer
		size  uintptr
		flags uint32
		want  error
	}{
		{"nobody, 4 bytes", addr, 4, 0, syscall.ENOENT},
		{"nobody, 8 bytes", addr, 8, 0, syscall.ENOENT},
		{"nobody, shared", addr, 4, shared, syscall.ENOENT},
		{"not mapped", bad, 4, 0, syscall.ENOENT},
		{"not mapped, shared", bad, 4, shared, syscall.EINVAL},
		{"size", addr, 2, 0, syscall.EINVAL},
		{"flags", addr, 4, 2, syscall.EINVAL},
		{"nil", nil, 4, 0, syscall.EINVAL},
	} {
		if err := darwin.SyncWakeByAddressAny(c.addr, c.size, c.flags); err != c.want {
			t.Errorf("%s: any = %v, want %v", c.name, err, c.want)
		}
		if err := darwin.SyncWakeByAddressAll(c.addr, c.size, c.flags); err != c.want {
			t.Errorf("%s: all = %v, want %v", c.name, err, c.want)
		}
	}
}

func TestSyncTimes(t *testing.T) {
	needSync(t)
	addr := unsafe.Pointer(new(atomic.Uint64))
	for _, d := range []time.Duration{1, time.Microsecond, 5 * time.Millisecond} {
		waits := map[string]func() error{
			"timeout": func() error {
				_, err := darwin.SyncWaitOnAddressWithTimeout(addr, 0, 8, 0, clock, uint64(d))
				return err
			},
			"deadline": func() error {
				_, err := darwin.SyncWaitOnAddressWithDeadline(addr, 0, 8, 0, clock, darwin.MachAbsoluteTime()+ticks(d))
				return err
			},
		}
		for name, wait := range waits {
			checkTime(t, name, d, wait)
		}
	}
}

// checkTime checks that wait lasts d, or is interrupted.
func checkTime(t *testing.T, name string, d time.Duration, wait func() error) {
	t.Helper()
	for range 100 {
		begin := time.Now()
		err := wait()
		took := time.Since(begin)
		if err == syscall.EINTR || err == nil {
			continue
		}
		if err != syscall.ETIMEDOUT {
			t.Errorf("%s of %v = %v, want ETIMEDOUT", name, d, err)
		}
		// This test requires only half the time: ticks and nanoseconds differ by more.
		if took < d/2 || took > d+patience {
			t.Errorf("%s of %v took %v", name, d, took)
		}
		return
	}
	t.Errorf("%s of %v: interrupted 100 times in a row", name, d)
}

func TestSyncInterrupted(t *testing.T) {
	needSync(t)
	addr := unsafe.Pointer(new(atomic.Uint32))
	interrupt(t, syscall.EINTR, func() error {
		_, err := darwin.SyncWaitOnAddressWithTimeout(addr, 0, 4, 0, clock, uint64(patience))
		return err
	})
}

// TestSyncWake puts threads to sleep and wakes them, one at a time and all at once.
func TestSyncWake(t *testing.T) {
	needSync(t)
	for _, size := range []uintptr{4, 8} {
		for _, flags := range []uint32{0, darwin.OS_SYNC_WAIT_ON_ADDRESS_SHARED} {
			t.Run(fmt.Sprintf("size %d, flags %d", size, flags), func(t *testing.T) {
				addr := unsafe.Pointer(new(atomic.Uint64))
				testWake(t, (*atomic.Uint32)(addr), futexCalls{
					wait: func() error { _, err := darwin.SyncWaitOnAddress(addr, 0, size, flags); return err },
					any:  func() error { return darwin.SyncWakeByAddressAny(addr, size, flags) },
					all:  func() error { return darwin.SyncWakeByAddressAll(addr, size, flags) },
				})
			})
		}
	}
}

// futexCalls wait while a word is 0, and wake.
type futexCalls struct{ wait, any, all func() error }

func testWake(t *testing.T, word *atomic.Uint32, f futexCalls) {
	const threads = 4
	var woken atomic.Int32
	var done sync.WaitGroup
	for range threads {
		done.Go(func() {
			for word.Load() == 0 {
				switch err := f.wait(); err {
				case nil:
					woken.Add(1)
				case syscall.EINTR:
				default:
					t.Errorf("wait = %v", err)
					return
				}
			}
		})
	}
	// Only a wake that finds a waiter shows that there is one.
	eventually(t, "somebody sleeps", func() bool {
		err := f.any()
		if err != nil && err != syscall.ENOENT {
			t.Errorf("wake any = %v", err)
		}
		return err == nil
	})
	eventually(t, "somebody is woken", func() bool { f.any(); return woken.Load() > 0 })
	word.Store(1)
	if err := f.all(); err != nil && err != syscall.ENOENT {
		t.Errorf("wake all = %v", err)
	}
	done.Wait()
}

// TestSyncMismatch wakes with another size than that of the waiter.
func TestSyncMismatch(t *testing.T) {
	needSync(t)
	word := new(atomic.Uint64)
	addr := unsafe.Pointer(word)
	var done sync.WaitGroup
	done.Go(func() {
		for word.Load() == 0 {
			darwin.SyncWaitOnAddress(addr, 0, 8, 0)
		}
	})
	eventually(t, "a wake of 4 bytes finds a waiter of 8", func() bool {
		switch err := darwin.SyncWakeByAddressAny(addr, 4, 0); err {
		case syscall.EDOM, syscall.EINVAL:
			return true
		case syscall.ENOENT:
			return false
		default:
			t.Fatalf("wake = %v, want EDOM or EINVAL", err)
			return false
		}
	})
	word.Store(1)
	darwin.SyncWakeByAddressAll(addr, 8, 0)
	done.Wait()
}

func ExampleSyncWaitOnAddress() {
	var word atomic.Uint32
	go func() {
		word.Store(1)
		darwin.SyncWakeByAddressAll(unsafe.Pointer(&word), 4, 0) // ENOENT: no thread was asleep
	}()
	for word.Load() == 0 {
		_, err := darwin.SyncWaitOnAddress(unsafe.Pointer(&word), 0, 4, 0)
		if errors.Is(err, errors.ErrUnsupported) {
			runtime.Gosched() // macOS 14.3 or older
		}
	}
	fmt.Println("woken")
	// Output: woken
}

func BenchmarkWakeNobody(b *testing.B) {
	addr := unsafe.Pointer(new(atomic.Uint32))
	b.Run("impl=os_sync", func(b *testing.B) {
		for b.Loop() {
			darwin.SyncWakeByAddressAny(addr, 4, 0)
		}
	})
	b.Run("impl=ulock", func(b *testing.B) {
		for b.Loop() {
			darwin.UlockWake(darwin.UL_COMPARE_AND_WAIT, addr, 0)
		}
	})
}
