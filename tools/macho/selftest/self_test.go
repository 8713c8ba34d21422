// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package selftest

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

func ptr[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }

func heap[T any](v T) *T { p := new(T); *p = v; sink = append(sink, p); return p }

var sink []any

func want(t *testing.T, what string, got, exp int, e, expe syscall.Errno) {
	t.Helper()
	if got != exp || e != expe {
		t.Errorf("%s: %d, errno %d; want %d, errno %d", what, got, int(e), exp, int(expe))
	}
}

func need(t *testing.T, name string) {
	if dlsym(name) == 0 {
		t.Skip("not in this OS version: " + name)
	}
}

func TestUlock(t *testing.T) {
	const noErrno = 0x01000000
	for _, c := range []struct{ op, size uintptr }{{1, 4}, {3, 4}, {5, 8}, {6, 8}} {
		if c.op != 1 && dlsym("__ulock_wait2") == 0 {
			continue
		}
		w := heap(uint64(7))
		r, e := again("__ulock_wait", c.op, ptr(w), 8, 1000)
		want(t, "other value", r, 0, e, 0)
		t0 := time.Now()
		r, e = again("__ulock_wait", c.op, ptr(w), 7, 20000)
		want(t, "timeout us", r, -1, e, syscall.ETIMEDOUT)
		if d := time.Since(t0); d < 20*time.Millisecond || d > 2*time.Second {
			t.Errorf("waited %v", d)
		}
		r, e = again("__ulock_wait", c.op|noErrno, ptr(w), 7, 1000)
		want(t, "no errno", r, -int(syscall.ETIMEDOUT), e, 0)
		r, e = again("__ulock_wait", c.op, ptr(w)+1, 7, 1000)
		want(t, "misaligned", r, -1, e, syscall.EINVAL)
		r, e = again("__ulock_wait", c.op, ptr(w), 7|1<<32, 1000)
		want(t, "high half", r, 0, e, 0) // compared on 64 bits, whatever the size
		r, e = call("__ulock_wake", c.op, ptr(w), 0)
		want(t, "nobody", r, -1, e, syscall.ENOENT)
		if dlsym("__ulock_wait2") != 0 {
			t0 = time.Now()
			r, e = again("__ulock_wait2", c.op, ptr(w), 7, 20e6, 0)
			want(t, "timeout ns", r, -1, e, syscall.ETIMEDOUT)
			if d := time.Since(t0); d < 20*time.Millisecond || d > 2*time.Second {
				t.Errorf("waited %v", d)
			}
		}
		done := make(chan bool)
		for i := 0; i < 3; i++ {
			go func() {
				for atomic.LoadUint64(w) == 7 {
					again("__ulock_wait", c.op, ptr(w), 7, 0)
				}
				done <- true
			}()
		}
		time.Sleep(30 * time.Millisecond)
		atomic.StoreUint64(w, 9)
		r, e = call("__ulock_wake", c.op|0x100, ptr(w), 0)
		if e != syscall.ENOENT { // nobody, should all three be between two waits just now
			want(t, "wake all", r, 0, e, 0)
		}
		for i := 0; i < 3; i++ {
			<-done
		}
	}
	w := heap(uint32(1))
	r, e := again("__ulock_wait", 99, ptr(w), 1, 1)
	want(t, "opcode", r, -1, e, syscall.EINVAL)
	r, e = call("__ulock_wake", 1|0x200, ptr(w), 0xdead01)
	want(t, "no such thread", r, -1, e, syscall.ESRCH)
	r, e = call("__ulock_wake", 1|0x300, ptr(w), 0)
	want(t, "thread and all", r, -1, e, syscall.EINVAL)
	r, e = again("__ulock_wait", 2, ptr(w), 1, 1)
	want(t, "owner is no thread", r, -1, e, syscall.Errno(105))
	for _, f := range []uintptr{0x00010000, 0x00020000} { // data contention, cancel point
		r, e = again("__ulock_wait", 1|f, ptr(w), 1, 1000)
		want(t, "wait flag", r, -1, e, syscall.ETIMEDOUT)
	}
}

func TestUlockWakeThread(t *testing.T) {
	w, port, done := heap(uint32(1)), make(chan uintptr), make(chan int)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		self := call64("pthread_self")
		port <- call64("pthread_mach_thread_np", self)
		r, _ := again("__ulock_wait", 1, ptr(w), 1, 0)
		done <- r
	}()
	p := <-port
	time.Sleep(30 * time.Millisecond)
	atomic.StoreUint32(w, 2) // should it not sleep yet, it will not
	r, e := call("__ulock_wake", 1|0x200, ptr(w), p)
	if e != syscall.ENOENT && e != syscall.EALREADY {
		want(t, "wake thread", r, 0, e, 0)
	}
	<-done
}

func TestOsSync(t *testing.T) {
	need(t, "os_sync_wait_on_address")
	num, den := timebase()
	w := heap(uint64(5))
	for _, c := range []struct{ size, flags uintptr }{{4, 0}, {4, 1}, {8, 0}, {8, 1}} {
		r, e := again("os_sync_wait_on_address", ptr(w), 6, c.size, c.flags)
		want(t, "other value", r, 0, e, 0)
		t0 := time.Now()
		r, e = again("os_sync_wait_on_address_with_timeout", ptr(w), 5, c.size, c.flags, 32, 20e6)
		want(t, "timeout", r, -1, e, syscall.ETIMEDOUT)
		if d := time.Since(t0); d < 20*time.Millisecond {
			t.Errorf("waited %v", d)
		}
		t0 = time.Now()
		d := call64("mach_absolute_time") + uintptr(20e6*den/num)
		r, e = again("os_sync_wait_on_address_with_deadline", ptr(w), 5, c.size, c.flags, 32, d)
		want(t, "deadline", r, -1, e, syscall.ETIMEDOUT)
		if d := time.Since(t0); d < 19*time.Millisecond {
			t.Errorf("waited %v", d)
		}
		r, e = again("os_sync_wait_on_address_with_timeout", ptr(w), 5, c.size, c.flags, 6, 1)
		want(t, "clock", r, -1, e, syscall.EINVAL)
		r, e = again("os_sync_wait_on_address_with_timeout", ptr(w), 5, c.size, c.flags, 32, 0)
		want(t, "zero timeout", r, -1, e, syscall.EINVAL)
		r, e = call("os_sync_wake_by_address_any", ptr(w), c.size, c.flags)
		want(t, "nobody", r, -1, e, syscall.ENOENT)
		done := make(chan int)
		go func() { r, _ := again("os_sync_wait_on_address", ptr(w), 5, c.size, c.flags); done <- r }()
		time.Sleep(30 * time.Millisecond)
		atomic.StoreUint64(w, 6)
		r, e = call("os_sync_wake_by_address_all", ptr(w), c.size, c.flags)
		if e != syscall.ENOENT {
			want(t, "wake all", r, 0, e, 0)
		}
		<-done
		atomic.StoreUint64(w, 5)
	}
	r, e := again("os_sync_wait_on_address", ptr(w), 5, 2, 0)
	want(t, "size", r, -1, e, syscall.EINVAL)
}

func timebase() (uint64, uint64) {
	tb := heap([2]uint32{})
	call("mach_timebase_info", ptr(tb))
	return uint64(tb[0]), uint64(tb[1])
}

func TestUnfair(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l := heap(uint32(0))
	call("os_unfair_lock_lock", ptr(l))
	call("os_unfair_lock_assert_owner", ptr(l))
	if self := call64("mach_thread_self"); uintptr(*l) != self {
		t.Errorf("word %#x, port %#x", *l, self)
	}
	if r, _ := call("os_unfair_lock_trylock", ptr(l)); r&1 != 0 {
		t.Error("trylock of a held lock")
	}
	got := make(chan bool)
	go func() {
		runtime.LockOSThread()
		call("os_unfair_lock_lock_with_options", ptr(l), 0x00050000)
		call("os_unfair_lock_unlock", ptr(l))
		got <- true
	}()
	time.Sleep(30 * time.Millisecond)
	if *l&1 != 0 {
		t.Errorf("word %#x: a waiter clears the low bit", *l)
	}
	call("os_unfair_lock_unlock", ptr(l))
	<-got
	call("os_unfair_lock_assert_not_owner", ptr(l))
	if dlsym("os_unfair_lock_lock_with_flags") != 0 {
		call("os_unfair_lock_lock_with_flags", ptr(l), 0x40000)
		call("os_unfair_lock_unlock", ptr(l))
	}
	if dlsym("os_unfair_lock_trylock_with_options") != 0 {
		call("os_unfair_lock_lock", ptr(l))
		go func() {
			runtime.LockOSThread()
			t0 := time.Now()
			r, _ := call("os_unfair_lock_trylock_with_options", ptr(l), 0, 20e6)
			got <- r&1 == 0 && time.Since(t0) >= 20*time.Millisecond
		}()
		if !<-got {
			t.Error("timed trylock")
		}
		call("os_unfair_lock_unlock", ptr(l))
	}
	rl := heap([2]uint32{})
	for i := 0; i < 3; i++ {
		call("os_unfair_recursive_lock_lock_with_options", ptr(rl), 0)
	}
	if r, _ := call("os_unfair_recursive_lock_trylock", ptr(rl)); r&1 == 0 || rl[1] != 3 {
		t.Error("recursive trylock", rl[1])
	}
	if r, _ := call("os_unfair_recursive_lock_owned", ptr(rl)); r&1 == 0 {
		t.Error("owned")
	}
	for i := 0; i < 4; i++ {
		call("os_unfair_recursive_lock_unlock", ptr(rl))
	}
	if rl[0] != 0 || rl[1] != 0 {
		t.Error("left over", *rl)
	}
	if r, _ := call("os_unfair_recursive_lock_tryunlock4objc", ptr(rl)); r&1 != 0 {
		t.Error("tryunlock of a free lock")
	}
}

func TestUnfairMisuse(t *testing.T) {
	if k := os.Getenv("SELFTEST_MISUSE"); k != "" {
		runtime.LockOSThread()
		l := heap(uint32(0))
		switch k {
		case "recursive":
			call("os_unfair_lock_lock", ptr(l))
			call("os_unfair_lock_lock", ptr(l))
		case "unowned":
			call("os_unfair_lock_unlock", ptr(l))
		case "corrupt":
			*l = 0x77777
			call("os_unfair_lock_lock", ptr(l))
		case "assert":
			call("os_unfair_lock_assert_owner", ptr(l))
		}
		fmt.Println("survived")
		os.Exit(0)
	}
	for _, k := range []string{"recursive", "unowned", "corrupt", "assert"} {
		c := exec.Command(os.Args[0], "-test.run=TestUnfairMisuse$")
		c.Env = append(os.Environ(), "SELFTEST_MISUSE="+k)
		out, err := c.CombinedOutput()
		if err == nil || strings.Contains(string(out), "survived") {
			t.Errorf("%s: not killed: %v %s", k, err, out)
		}
	}
}

func TestPthread(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	self := call64("pthread_self")
	m, c, rw, once := heap([8]uint64{0x32AAABA7}), heap([6]uint64{0x3CB0B1BB}), heap([25]uint64{0x2DA8B3B4}), heap([2]uint64{0x30B1BCBA})
	sink = append(sink, once)
	ok := func(name string, args ...uintptr) {
		t.Helper()
		if r, e := call(name, args...); r != 0 {
			t.Errorf("%s: %d (errno %d)", name, r, int(e))
		}
	}
	ok("pthread_mutex_lock", ptr(m))
	if r, _ := call("pthread_mutex_trylock", ptr(m)); r != int(syscall.EBUSY) {
		t.Error("trylock", r)
	}
	ts := heap([2]int64{0, 20e6})
	t0 := time.Now()
	r0, _ := call("pthread_cond_timedwait_relative_np", ptr(c), ptr(m), ptr(ts))
	for r0 == 0 { // spurious
		r0, _ = call("pthread_cond_timedwait_relative_np", ptr(c), ptr(m), ptr(ts))
	}
	if r0 != int(syscall.ETIMEDOUT) || time.Since(t0) < 20*time.Millisecond {
		t.Error("timedwait", r0)
	}
	ok("pthread_mutex_unlock", ptr(m))
	ok("pthread_cond_signal", ptr(c))
	ok("pthread_cond_broadcast", ptr(c))
	ok("pthread_rwlock_rdlock", ptr(rw))
	ok("pthread_rwlock_tryrdlock", ptr(rw))
	if r, _ := call("pthread_rwlock_trywrlock", ptr(rw)); r != int(syscall.EBUSY) {
		t.Error("trywrlock", r)
	}
	ok("pthread_rwlock_unlock", ptr(rw))
	ok("pthread_rwlock_unlock", ptr(rw))
	a := heap([2]uint64{})
	ok("pthread_mutexattr_init", ptr(a))
	ok("pthread_mutexattr_settype", ptr(a), 2)
	ok("pthread_mutexattr_setpolicy_np", ptr(a), 1)
	m2 := heap([8]uint64{})
	ok("pthread_mutex_init", ptr(m2), ptr(a))
	for i := 0; i < 3; i++ {
		ok("pthread_mutex_lock", ptr(m2))
	}
	for i := 0; i < 3; i++ {
		ok("pthread_mutex_unlock", ptr(m2))
	}
	ok("pthread_mutex_destroy", ptr(m2))
	key, id, q, rel := heap(uint64(0)), heap(uint64(0)), heap(uint32(0)), heap(int32(0))
	ok("pthread_key_create", ptr(key), 0)
	ok("pthread_setspecific", uintptr(*key), 42)
	if v := call64("pthread_getspecific", uintptr(*key)); v != 42 {
		t.Error("getspecific", v)
	}
	ok("pthread_key_delete", uintptr(*key))
	ok("pthread_threadid_np", 0, ptr(id))
	if *id == 0 {
		t.Error("threadid")
	}
	ok("pthread_set_qos_class_self_np", 0x19, 0)
	ok("pthread_get_qos_class_np", self, ptr(q), ptr(rel))
	if *q != 0x19 {
		t.Error("qos", *q)
	}
	o := call64("pthread_override_qos_class_start_np", self, 0x21, 0)
	if o == 0 {
		t.Error("override")
	} else {
		ok("pthread_override_qos_class_end_np", o)
	}
	port := call64("pthread_mach_thread_np", self)
	if p := call64("pthread_from_mach_thread_np", port); p != self {
		t.Errorf("from_mach %#x", p)
	}
	name, buf := append([]byte("worker"), 0), make([]byte, 64)
	long := append([]byte(strings.Repeat("x", 64)), 0)
	sink = append(sink, name, buf, long) // on the heap: p6 keeps no pointers
	ok("pthread_setname_np", ptr(&name[0]))
	ok("pthread_getname_np", self, ptr(&buf[0]), 64)
	if string(buf[:6]) != "worker" {
		t.Errorf("name %q", buf)
	}
	r, e := call("pthread_setname_np", ptr(&long[0]))
	want(t, "long name", r, -1, e, syscall.ENAMETOOLONG)
	num, den := timebase()
	ticks := func(d time.Duration) uint32 { return uint32(uint64(d) * den / num) }
	pol := heap([4]uint32{ticks(10 * time.Millisecond), ticks(2 * time.Millisecond), ticks(5 * time.Millisecond), 1})
	ok("thread_policy_set", port, 2, ptr(pol), 4)
	pol[1] = ticks(6 * time.Millisecond)
	if r, _ := call("thread_policy_set", port, 2, ptr(pol), 4); r != 4 {
		t.Error("computation beyond constraint", r)
	}
	ok("mach_port_deallocate", 0x203, port)
}

func TestSemaphores(t *testing.T) {
	d := call64("dispatch_semaphore_create", 1)
	if r := call64("dispatch_semaphore_wait", d, 0); r != 0 {
		t.Error("wait", r)
	}
	if r := call64("dispatch_semaphore_wait", d, 0); r == 0 {
		t.Error("wait of an empty one")
	}
	t0 := time.Now()
	if r := call64("dispatch_semaphore_wait", d, call64("dispatch_time", 0, 20e6)); r == 0 || time.Since(t0) < 19*time.Millisecond {
		t.Error("timed wait", r)
	}
	call64("dispatch_semaphore_signal", d)
	call64("dispatch_release", d)

	s := heap(uint32(0))
	if r, _ := call("semaphore_create", 0x203, ptr(s), 0, 1); r != 0 {
		t.Fatal("create", r)
	}
	n := uintptr(*s)
	ts := uintptr(20e6) << 32
	for i, exp := range []int{0, 49} {
		r, _ := call("semaphore_timedwait", n, ts)
		for r == 14 {
			r, _ = call("semaphore_timedwait", n, ts)
		}
		if r != exp {
			t.Error("timedwait", i, r)
		}
	}
	done := make(chan int)
	for i := 0; i < 2; i++ {
		go func() {
			r, _ := call("semaphore_wait", n)
			for r == 14 { // KERN_ABORTED: a signal
				r, _ = call("semaphore_wait", n)
			}
			done <- r
		}()
	}
	time.Sleep(30 * time.Millisecond)
	call("semaphore_signal", n)
	if r := <-done; r != 0 {
		t.Error("wait", r)
	}
	call("semaphore_destroy", 0x203, n)
	if r := <-done; r != 37 {
		t.Error("KERN_TERMINATED expected", r)
	}
	if r, _ := call("semaphore_signal", n); r == 0 {
		t.Error("signal of a dead semaphore")
	}

	name := heap([32]byte{})
	copy(name[:], fmt.Sprintf("/mr%d", os.Getpid()))
	p, _, e := syscall6(semOpenAddr, ptr(name), 0x200|0x800, 0o600, 2, 0, 0)
	if p == ^uintptr(0) {
		t.Fatal("sem_open", e)
	}
	for i := 0; i < 2; i++ {
		r, e := call("sem_trywait", p)
		want(t, "sem_trywait", r, 0, e, 0)
	}
	r, e := call("sem_trywait", p)
	want(t, "empty", r, -1, e, syscall.EAGAIN)
	r, e = call("sem_post", p)
	want(t, "post", r, 0, e, 0)
	r, e = call("sem_wait", p)
	want(t, "wait", r, 0, e, 0)
	r, e = call("sem_close", p)
	want(t, "close", r, 0, e, 0)
	r, e = call("sem_unlink", ptr(name))
	want(t, "unlink", r, 0, e, 0)
	r, e = call("sem_init", ptr(name), 0, 1)
	want(t, "sem_init", r, -1, e, syscall.ENOSYS)
}

func TestClocks(t *testing.T) {
	num, den := timebase()
	a := uint64(call64("mach_absolute_time")) * num / den
	b := uint64(call64("clock_gettime_nsec_np", 8))
	if b < a || b-a > uint64(5*time.Second) {
		t.Error("uptime clocks differ", a, b)
	}
	t0 := time.Now()
	until := call64("mach_absolute_time") + uintptr(20e6*den/num)
	for r := 14; r == 14; { // KERN_ABORTED
		r, _ = call("mach_wait_until", until)
	}
	if time.Since(t0) < 19*time.Millisecond {
		t.Error("mach_wait_until came back early")
	}
	if call64("mach_continuous_time") == 0 || call64("mach_approximate_time") == 0 {
		t.Error("clock")
	}
	r, e := call("clock_gettime_nsec_np", 77)
	if r != 0 {
		t.Error("bad clock", r, e)
	}
}

var benchWord = new(uint32)

func BenchmarkWakeNobodySyscall(b *testing.B) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		syscall6(wakeAddr, 1, uintptr(unsafe.Pointer(benchWord)), 0, 0, 0, 0)
	}
}

func BenchmarkWakeNobodyRaw(b *testing.B) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		rawSyscall6(wakeAddr, 1, uintptr(unsafe.Pointer(benchWord)), 0, 0, 0, 0)
	}
}

func BenchmarkTrylockSyscall(b *testing.B) {
	*benchWord = 0x303
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		syscall6(trylockAddr, uintptr(unsafe.Pointer(benchWord)), 0, 0, 0, 0, 0)
	}
}

func BenchmarkTrylockRaw(b *testing.B) {
	b.ReportAllocs()
	for i := 0; i < b.N; i++ {
		rawSyscall6(trylockAddr, uintptr(unsafe.Pointer(benchWord)), 0, 0, 0, 0, 0)
	}
}
