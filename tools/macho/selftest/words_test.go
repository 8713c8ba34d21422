// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package selftest

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// briefly is the duration of the waits that time out in these tests.
const briefly = 20 * time.Millisecond

// expect compares a result and errno with the expected ones. Its arguments end with those of a call.
func expect(t *testing.T, what string, result int, errno syscall.Errno) func(int, syscall.Errno) {
	t.Helper()
	return func(r int, e syscall.Errno) {
		t.Helper()
		if r != result || e != errno {
			t.Errorf("%s: result %d, errno %d; want %d, %d", what, r, int(e), result, int(errno))
		}
	}
}

// takesBriefly checks that f takes that long, and not a thousand times as long.
func takesBriefly(t *testing.T, what string, f func()) {
	t.Helper()
	start := time.Now()
	f()
	if d := time.Since(start); d < briefly-time.Millisecond || d > 20*time.Second {
		t.Errorf("%s: took %v, want %v", what, d, briefly)
	}
}

func needs(t *testing.T, name string) {
	t.Helper()
	if symbol(name) == 0 {
		t.Skip("this release of macOS has no " + name)
	}
}

// inTicks converts a duration to the ticks of mach_absolute_time.
func inTicks(d time.Duration) uintptr {
	fraction, address := allocate([2]uint32{})
	call("mach_timebase_info", address)
	return uintptr(uint64(d) * uint64(fraction[1]) / uint64(fraction[0]))
}

// wakes checks that waiters return after the word has changed and wakeAll was called.
func wakes(t *testing.T, what string, word *uint64, sleep func() (int, syscall.Errno), wakeAll func() (int, syscall.Errno)) {
	t.Helper()
	const waiters = 3
	before, done := atomic.LoadUint64(word), make(chan bool)
	for range waiters {
		go func() {
			for atomic.LoadUint64(word) == before {
				sleep()
			}
			done <- true
		}()
	}
	time.Sleep(briefly)
	atomic.AddUint64(word, 1)
	if r, errno := wakeAll(); errno != 0 && errno != syscall.ENOENT { // all waiters may be between two waits
		t.Errorf("%s: waking: result %d, errno %d", what, r, int(errno))
	}
	for range waiters {
		<-done
	}
}

func TestUlock(t *testing.T) {
	const wakeAll, noErrno, dataContention, cancelPoint = 0x100, 0x1000000, 0x10000, 0x20000
	for _, operation := range []uintptr{1, 3, 5, 6} {
		if operation > 1 && symbol("__ulock_wait2") == 0 {
			continue
		}
		word, address := allocate(uint64(7))
		expect(t, "another value", 0, 0)(wait("__ulock_wait", operation, address, 8, 1000))
		expect(t, "another high half", 0, 0)(wait("__ulock_wait", operation, address, 7|1<<32, 1000))
		expect(t, "a misaligned word", -1, syscall.EINVAL)(wait("__ulock_wait", operation, address+1, 7, 1000))
		expect(t, "no errno", -int(syscall.ETIMEDOUT), 0)(wait("__ulock_wait", operation|noErrno, address, 7, 1000))
		expect(t, "flags", -1, syscall.ETIMEDOUT)(wait("__ulock_wait", operation|dataContention|cancelPoint, address, 7, 1000))
		expect(t, "no waiter", -1, syscall.ENOENT)(wait("__ulock_wake", operation, address, 0))
		takesBriefly(t, "a limit in microseconds", func() {
			expect(t, "limit", -1, syscall.ETIMEDOUT)(wait("__ulock_wait", operation, address, 7, uintptr(briefly.Microseconds())))
		})
		if symbol("__ulock_wait2") != 0 {
			takesBriefly(t, "a limit in nanoseconds", func() {
				expect(t, "limit", -1, syscall.ETIMEDOUT)(wait("__ulock_wait2", operation, address, 7, uintptr(briefly), 0))
			})
		}
		wakes(t, "ulock", word,
			func() (int, syscall.Errno) { return wait("__ulock_wait", operation, address, 7, 0) },
			func() (int, syscall.Errno) { return wait("__ulock_wake", operation|wakeAll, address, 0) })
	}
}

func TestUlockErrors(t *testing.T) {
	const wakeAll, wakeThread = 0x100, 0x200
	_, address := allocate(uint32(1))
	expect(t, "an unknown operation", -1, syscall.EINVAL)(wait("__ulock_wait", 99, address, 1, 1))
	expect(t, "an owner that is no thread", -1, syscall.EOWNERDEAD)(wait("__ulock_wait", 2, address, 1, 1))
	expect(t, "a thread that does not exist", -1, syscall.ESRCH)(wait("__ulock_wake", 1|wakeThread, address, 0xdead01))
	expect(t, "one thread and all", -1, syscall.EINVAL)(wait("__ulock_wake", 1|wakeThread|wakeAll, address, 0))
}

func TestUlockWakeThread(t *testing.T) {
	const wakeThread = 0x200
	word, address := allocate(uint32(1))
	port, done := make(chan uintptr), make(chan bool)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		self, _ := call("pthread_self")
		p, _ := call("pthread_mach_thread_np", self)
		port <- p
		wait("__ulock_wait", 1, address, 1, 0)
		done <- true
	}()
	p := <-port
	time.Sleep(briefly)
	atomic.StoreUint32(word, 2) // a thread that does not sleep yet will not
	if r, errno := wait("__ulock_wake", 1|wakeThread, address, p); errno != 0 && errno != syscall.ENOENT && errno != syscall.EALREADY {
		t.Errorf("result %d, errno %d", r, int(errno))
	}
	<-done
}

func TestOSSync(t *testing.T) {
	needs(t, "os_sync_wait_on_address")
	const machAbsoluteTime = 32
	for _, c := range []struct{ size, flags uintptr }{{4, 0}, {4, 1}, {8, 0}, {8, 1}} {
		word, address := allocate(uint64(5))
		expect(t, "another value", 0, 0)(wait("os_sync_wait_on_address", address, 6, c.size, c.flags))
		expect(t, "an unknown clock", -1, syscall.EINVAL)(wait("os_sync_wait_on_address_with_timeout", address, 5, c.size, c.flags, 6, 1))
		expect(t, "a limit of 0", -1, syscall.EINVAL)(wait("os_sync_wait_on_address_with_timeout", address, 5, c.size, c.flags, machAbsoluteTime, 0))
		expect(t, "no waiter", -1, syscall.ENOENT)(wait("os_sync_wake_by_address_any", address, c.size, c.flags))
		takesBriefly(t, "a limit", func() {
			expect(t, "limit", -1, syscall.ETIMEDOUT)(wait("os_sync_wait_on_address_with_timeout", address, 5, c.size, c.flags, machAbsoluteTime, uintptr(briefly)))
		})
		takesBriefly(t, "a deadline", func() {
			now, _ := call("mach_absolute_time")
			expect(t, "deadline", -1, syscall.ETIMEDOUT)(wait("os_sync_wait_on_address_with_deadline", address, 5, c.size, c.flags, machAbsoluteTime, now+inTicks(briefly)))
		})
		wakes(t, "os_sync", word,
			func() (int, syscall.Errno) { return wait("os_sync_wait_on_address", address, 5, c.size, c.flags) },
			func() (int, syscall.Errno) { return wait("os_sync_wake_by_address_all", address, c.size, c.flags) })
	}
	_, address := allocate(uint64(5))
	expect(t, "a word of 2 bytes", -1, syscall.EINVAL)(wait("os_sync_wait_on_address", address, 5, 2, 0))
}

func TestUnfairLock(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	word, address := allocate(uint32(0))
	call("os_unfair_lock_lock", address)
	call("os_unfair_lock_assert_owner", address)
	self, _ := call("pthread_self")
	if port, _ := call("pthread_mach_thread_np", self); uintptr(*word) != port {
		t.Errorf("the word of a locked lock is %#x, want the port of its owner, %#x", *word, port)
	}
	if locked, _ := call("os_unfair_lock_trylock", address); locked&1 != 0 {
		t.Error("trylock has locked a locked lock")
	}
	done := make(chan bool)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		call("os_unfair_lock_lock", address)
		call("os_unfair_lock_unlock", address)
		done <- true
	}()
	for atomic.LoadUint32(word)&1 != 0 { // a waiter clears the lowest bit
		time.Sleep(time.Millisecond)
	}
	call("os_unfair_lock_unlock", address)
	<-done
	call("os_unfair_lock_assert_not_owner", address)
	if symbol("os_unfair_lock_lock_with_flags") != 0 {
		call("os_unfair_lock_lock_with_flags", address, 0x40000)
		call("os_unfair_lock_unlock", address)
	}
}

// TestUnfairLockMisuse runs each mistake in a process of its own, which the mistake ends.
func TestUnfairLockMisuse(t *testing.T) {
	const variable = "OSYNC_MACHO_MISUSE"
	mistakes := map[string]func(word *uint32, address uintptr){
		"locked twice": func(_ *uint32, address uintptr) {
			call("os_unfair_lock_lock", address)
			call("os_unfair_lock_lock", address)
		},
		"unlocked twice": func(_ *uint32, address uintptr) { call("os_unfair_lock_unlock", address) },
		"not owned":      func(_ *uint32, address uintptr) { call("os_unfair_lock_assert_owner", address) },
		"corrupt": func(word *uint32, address uintptr) {
			*word = 0x77777
			call("os_unfair_lock_lock", address)
		},
	}
	if mistake := mistakes[os.Getenv(variable)]; mistake != nil {
		runtime.LockOSThread()
		word, address := allocate(uint32(0))
		mistake(word, address)
		os.Stdout.WriteString("survived")
		os.Exit(0)
	}
	for name := range mistakes {
		cmd := exec.Command(os.Args[0], "-test.run=^TestUnfairLockMisuse$")
		cmd.Env = append(os.Environ(), variable+"="+name)
		if out, err := cmd.CombinedOutput(); err == nil || strings.Contains(string(out), "survived") {
			t.Errorf("%s: was to end the process: %v\n%s", name, err, out)
		}
	}
}
