// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/sys/darwin"
)

// patience is how long a test waits for something that must happen.
const patience = 30 * time.Second

// eventually calls f until it reports true.
func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !f(); time.Sleep(50 * time.Microsecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// systemVersion returns the version of macOS as 100*major + minor.
func systemVersion(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "darwin" {
		t.Skip("the versions in this test are those of macOS")
	}
	text, err := syscall.Sysctl("kern.osproductversion")
	if err != nil {
		t.Skipf("the system does not tell its version: %v", err)
	}
	var major, minor int
	if n, err := fmt.Sscanf(text, "%d.%d", &major, &minor); n < 1 {
		t.Fatalf("version %q: %v", text, err)
	}
	return 100*major + minor
}

// TestVersions compares the versions in the documentation with the system.
func TestVersions(t *testing.T) {
	version := systemVersion(t)
	for _, c := range []struct {
		symbol string
		since  int
	}{
		{"os_sync_wait_on_address", 1404},
		{"os_sync_wait_on_address_with_deadline", 1404},
		{"os_sync_wait_on_address_with_timeout", 1404},
		{"os_sync_wake_by_address_any", 1404},
		{"os_sync_wake_by_address_all", 1404},
		{"os_unfair_lock_lock_with_flags", 1500},
	} {
		if has, want := darwin.HasSymbol(c.symbol), version >= c.since; has != want {
			t.Errorf("macOS %d has %s: %v, want %v", version, c.symbol, has, want)
		}
	}
}

// TestFunctions looks up each function that the package binds, and prints those that the system lacks. It reads the names
// in the package's source: the program must not contain those that are private to Apple.
func TestFunctions(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Skipf("no source here: %v", err)
	}
	imported := regexp.MustCompile(`(?m)^//go:cgo_import_dynamic libc_\w+ (\w+) "`)
	late := regexp.MustCompile(`lateSymbol\{\s*name:\s*"(\w+)\\x00"(,\s*framework:\s*"(.*)\\x00")?`)
	n := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range imported.FindAllStringSubmatch(string(text), -1) {
			if n++; !darwin.HasSymbol(m[1]) {
				t.Errorf("%s imports %s, which the system lacks: on macOS no program with the package would start", file, m[1])
			}
		}
		for _, m := range late.FindAllStringSubmatch(string(text), -1) {
			if n++; m[3] == "" && !darwin.HasSymbol(m[1]) || m[3] != "" && !darwin.HasFrameworkSymbol(m[3], m[1]) {
				t.Logf("this system lacks %s", m[1])
			}
		}
	}
	if t.Logf("looked for %d functions", n); n < 100 {
		t.Errorf("found %d functions in %d files", n, len(files))
	}
}

// TestFrameworks looks up a function in the framework that has it and in one that does not.
func TestFrameworks(t *testing.T) {
	const path = "/System/Library/Frameworks/AudioToolbox.framework/AudioToolbox"
	for _, c := range []struct {
		path, name string
		want       bool
	}{
		{path, "AudioWorkIntervalCreate", true},
		{path, "AudioWorkIntervalCreateNot", false},
		{path + "Not", "AudioWorkIntervalCreate", false},
		{path + "Not", "os_unfair_lock_lock", false},
	} {
		if got := darwin.HasFrameworkSymbol(c.path, c.name); got != c.want {
			t.Errorf("%s has %s: %v, want %v", c.path, c.name, got, c.want)
		}
	}
}

func TestSizes(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want uintptr
	}{
		{"UnfairLock", unsafe.Sizeof(darwin.UnfairLock{}), 4},
		{"PthreadMutex", unsafe.Sizeof(darwin.PthreadMutex{}), 64},
		{"PthreadCond", unsafe.Sizeof(darwin.PthreadCond{}), 48},
		{"PthreadRwlock", unsafe.Sizeof(darwin.PthreadRwlock{}), 200},
		{"PthreadMutexattr", unsafe.Sizeof(darwin.PthreadMutexattr{}), 16},
		{"PthreadCondattr", unsafe.Sizeof(darwin.PthreadCondattr{}), 16},
		{"PthreadRwlockattr", unsafe.Sizeof(darwin.PthreadRwlockattr{}), 24},
		{"WorkgroupJoinToken", unsafe.Sizeof(darwin.WorkgroupJoinToken{}), 40},
		{"MachTimespec", unsafe.Sizeof(darwin.MachTimespec{}), 8},
		{"Timespec", unsafe.Sizeof(darwin.Timespec{}), 16},
		{"ThreadExtendedPolicy", unsafe.Sizeof(darwin.ThreadExtendedPolicy{}), 4 * darwin.THREAD_EXTENDED_POLICY_COUNT},
		{"ThreadTimeConstraintPolicy", unsafe.Sizeof(darwin.ThreadTimeConstraintPolicy{}), 4 * darwin.THREAD_TIME_CONSTRAINT_POLICY_COUNT},
		{"ThreadPrecedencePolicy", unsafe.Sizeof(darwin.ThreadPrecedencePolicy{}), 4 * darwin.THREAD_PRECEDENCE_POLICY_COUNT},
		{"ThreadAffinityPolicy", unsafe.Sizeof(darwin.ThreadAffinityPolicy{}), 4 * darwin.THREAD_AFFINITY_POLICY_COUNT},
	} {
		if c.got != c.want {
			t.Errorf("%s has %d bytes, C's has %d", c.name, c.got, c.want)
		}
	}
}

// unmapped returns the address of memory that is not mapped.
func unmapped(t *testing.T) unsafe.Pointer {
	t.Helper()
	page, err := syscall.Mmap(-1, 0, os.Getpagesize(), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	addr := uintptr(unsafe.Pointer(&page[0]))
	if err := syscall.Munmap(page); err != nil {
		t.Fatal(err)
	}
	return darwin.Address(addr)
}

// interrupt sends signals to the thread in which wait is called until wait returns the error that a signal causes.
func interrupt(t *testing.T, want error, wait func() error) {
	t.Helper()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	defer signal.Stop(signals)

	thread, result := make(chan darwin.Pthread), make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		thread <- darwin.PthreadSelf()
		result <- wait()
	}()
	target := <-thread
	eventually(t, want.Error(), func() bool {
		select {
		case err := <-result:
			if err != want {
				t.Errorf("a wait that gets a signal = %v, want %v", err, want)
			}
			return true
		default:
			if err := darwin.PthreadKill(target, syscall.SIGUSR1); err != nil {
				t.Errorf("pthread_kill: %v", err)
			}
			return false
		}
	})
}

// dies runs the named test alone in a process of its own, with OSYNC_MISUSE set, and
// checks that the system ends the process and the test does not.
func dies(t *testing.T, misuse string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestUnfairLockMisuse$")
	cmd.Env = append(os.Environ(), "OSYNC_MISUSE="+misuse)
	out, err := cmd.CombinedOutput()
	if err == nil || strings.Contains(string(out), survived) {
		t.Errorf("%s did not end the process: %v\n%s", misuse, err, out)
	}
}

const survived = "alive after misuse"

// TestAllocations calls every function that a program calls often.
func TestAllocations(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var (
		word  = new(atomic.Uint32)
		addr  = unsafe.Pointer(word)
		lock  = new(darwin.UnfairLock)
		mutex = new(darwin.PthreadMutex)
		cond  = new(darwin.PthreadCond)
		name  = []byte("osync\x00")

		rwlock = new(darwin.PthreadRwlock)
	)
	semaphore, err := darwin.DispatchSemaphoreCreate(0)
	if err != nil {
		t.Fatal(err)
	}
	defer darwin.DispatchRelease(semaphore)
	workgroup, err := darwin.WorkgroupParallelCreate("")
	if err != nil {
		t.Fatal(err)
	}
	defer darwin.Release(workgroup)
	const op, clock = darwin.UL_COMPARE_AND_WAIT, darwin.OS_CLOCK_MACH_ABSOLUTE_TIME
	for what, f := range map[string]func(){
		"UnfairLockLock, Unlock":   func() { darwin.UnfairLockLock(lock); darwin.UnfairLockUnlock(lock) },
		"UnfairLockTrylock":        func() { darwin.UnfairLockTrylock(lock); darwin.UnfairLockUnlock(lock) },
		"UnfairLockLockWithFlags":  func() { lockWithFlags(lock) },
		"UnfairLockAssertNotOwner": func() { darwin.UnfairLockAssertNotOwner(lock) },
		"SyncWaitOnAddress":        func() { darwin.SyncWaitOnAddress(addr, 1, 4, 0) },
		"…WithDeadline":            func() { darwin.SyncWaitOnAddressWithDeadline(addr, 0, 4, 0, clock, 1) },
		"…WithTimeout":             func() { darwin.SyncWaitOnAddressWithTimeout(addr, 0, 4, 0, clock, 1) },
		"SyncWakeByAddressAny":     func() { darwin.SyncWakeByAddressAny(addr, 4, 0) },
		"SyncWakeByAddressAll":     func() { darwin.SyncWakeByAddressAll(addr, 4, 0) },
		"UlockWait":                func() { darwin.UlockWait(op, addr, 0, 1) },
		"UlockWait2":               func() { darwin.UlockWait2(op|darwin.ULF_NO_ERRNO, addr, 0, 1, 0) },
		"UlockWake":                func() { darwin.UlockWake(op, addr, 0) },
		"PthreadMutex":             func() { useMutex(mutex) },
		"PthreadCond":              func() { useCond(cond, mutex) },
		"PthreadThreadidNp":        func() { darwin.PthreadThreadidNp(darwin.PthreadSelf()) },
		"PthreadMachThreadNp":      func() { darwin.PthreadMachThreadNp(darwin.PthreadSelf()) },
		"PthreadSetnameNp":         func() { darwin.PthreadSetnameNp(name) },
		"PthreadGetnameNp":         func() { darwin.PthreadGetnameNp(darwin.PthreadSelf(), name) },
		"PthreadGetQosClassNp":     func() { darwin.PthreadGetQosClassNp(darwin.PthreadSelf()) },
		"QosClassSelf":             func() { darwin.QosClassSelf() },
		"MachAbsoluteTime":         func() { darwin.MachAbsoluteTime() },
		"MachTimebaseInfo":         func() { darwin.MachTimebaseInfo() },
		"MachContinuousTime":       func() { darwin.MachContinuousTime() },
		"MachWaitUntil":            func() { darwin.MachWaitUntil(0) },
		"MachPortDeallocate":       func() { darwin.MachPortDeallocate(darwin.MachTaskSelf(), darwin.MachThreadSelf()) },
		"SchedYield":               func() { darwin.SchedYield(); darwin.PthreadYieldNp() },
		"ThreadPolicySet, Get":     usePolicies,
		"PthreadRwlock":            func() { useRwlock(rwlock) },
		"Semaphore…":               useSemaphore,
		"DispatchSemaphore…":       func() { useDispatch(semaphore) },
		"Workgroup…":               func() { useWorkgroup(workgroup) },
	} {
		if n := allocs.PerRun(t, 100, f); n != 0 {
			t.Errorf("%s: %v allocations", what, n)
		}
	}
}

func lockWithFlags(l *darwin.UnfairLock) {
	if darwin.UnfairLockLockWithFlags(l, darwin.OS_UNFAIR_LOCK_FLAG_ADAPTIVE_SPIN) == nil {
		darwin.UnfairLockUnlock(l)
	}
}

func usePolicies() {
	port := darwin.PthreadMachThreadNp(darwin.PthreadSelf())
	var p darwin.ThreadPrecedencePolicy
	darwin.ThreadPolicyGet(port, darwin.THREAD_PRECEDENCE_POLICY, unsafe.Pointer(&p), 1, false)
	darwin.ThreadPolicySet(port, darwin.THREAD_TIME_CONSTRAINT_POLICY, unsafe.Pointer(&p), 1) // fails
	darwin.ThreadPolicySet(0, darwin.THREAD_PRECEDENCE_POLICY, unsafe.Pointer(&p), 1)         // fails
}

func useRwlock(l *darwin.PthreadRwlock) {
	darwin.PthreadRwlockInit(l, nil)
	darwin.PthreadRwlockRdlock(l)
	darwin.PthreadRwlockTryrdlock(l)
	darwin.PthreadRwlockUnlock(l)
	darwin.PthreadRwlockUnlock(l)
	darwin.PthreadRwlockTrywrlock(l)
	darwin.PthreadRwlockUnlock(l)
	darwin.PthreadRwlockDestroy(l)
	var attr darwin.PthreadMutexattr
	darwin.PthreadMutexattrInit(&attr)
	darwin.PthreadMutexattrSettype(&attr, 1)
	darwin.PthreadMutexattrGettype(&attr)
	darwin.PthreadMutexattrDestroy(&attr)
}

func useSemaphore() {
	task := darwin.MachTaskSelf()
	s, _ := darwin.SemaphoreCreate(task, darwin.SYNC_POLICY_FIFO, 0)
	darwin.SemaphoreSignal(s)
	darwin.SemaphoreWait(s)
	darwin.SemaphoreTimedwait(s, darwin.MachTimespec{})
	darwin.SemaphoreSignalAll(s)
	darwin.SemaphoreSignalThread(s, 0)
	darwin.SemaphoreDestroy(task, s)
}

func useDispatch(s darwin.DispatchSemaphore) {
	darwin.DispatchSemaphoreSignal(s)
	darwin.DispatchSemaphoreWait(s, darwin.DISPATCH_TIME_FOREVER)
	darwin.DispatchSemaphoreWait(s, darwin.DispatchTime(darwin.DISPATCH_TIME_NOW, 1))
}

func useWorkgroup(wg darwin.Workgroup) {
	var token darwin.WorkgroupJoinToken
	darwin.WorkgroupJoin(wg, &token)
	darwin.WorkgroupJoin(wg, &token)
	darwin.WorkgroupTestcancel(wg)
	darwin.WorkgroupLeave(wg, &token)
}

func useMutex(m *darwin.PthreadMutex) {
	darwin.PthreadMutexInit(m, nil)
	darwin.PthreadMutexLock(m)
	darwin.PthreadMutexTrylock(m)
	darwin.PthreadMutexUnlock(m)
	darwin.PthreadMutexDestroy(m)
}

func useCond(c *darwin.PthreadCond, m *darwin.PthreadMutex) {
	darwin.PthreadMutexInit(m, nil)
	darwin.PthreadCondInit(c, nil)
	darwin.PthreadMutexLock(m)
	darwin.PthreadCondTimedwaitRelativeNp(c, m, &darwin.Timespec{Nsec: 1})
	darwin.PthreadCondSignal(c)
	darwin.PthreadCondBroadcast(c)
	darwin.PthreadMutexUnlock(m)
	darwin.PthreadCondDestroy(c)
	darwin.PthreadMutexDestroy(m)
}
