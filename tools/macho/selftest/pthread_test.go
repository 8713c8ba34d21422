// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package selftest

import (
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// is calls a function of pthread, whose result is 0 or an error.
func is(t *testing.T, want syscall.Errno, name string, args ...uintptr) {
	t.Helper()
	if r, _ := call(name, args...); syscall.Errno(r) != want {
		t.Errorf("%s: result %d, want %d", name, int32(r), int(want))
	}
}

func ok(t *testing.T, name string, args ...uintptr) {
	t.Helper()
	is(t, 0, name, args...)
}

func pinned(t *testing.T) {
	runtime.LockOSThread()
	t.Cleanup(runtime.UnlockOSThread)
}

func TestMutex(t *testing.T) {
	pinned(t)
	_, mutex := allocate([8]uint64{0x32aaaba7}) // PTHREAD_MUTEX_INITIALIZER
	ok(t, "pthread_mutex_lock", mutex)
	is(t, syscall.EBUSY, "pthread_mutex_trylock", mutex)
	is(t, syscall.EBUSY, "pthread_mutex_destroy", mutex)
	ok(t, "pthread_mutex_unlock", mutex)
	ok(t, "pthread_mutex_destroy", mutex)
	is(t, syscall.EINVAL, "pthread_mutex_lock", mutex)

	const errorCheck, recursive, firstFit = 1, 2, 3
	_, attributes := allocate([2]uint64{})
	ok(t, "pthread_mutexattr_init", attributes)
	ok(t, "pthread_mutexattr_settype", attributes, errorCheck)
	ok(t, "pthread_mutexattr_setpolicy_np", attributes, firstFit)
	is(t, syscall.EINVAL, "pthread_mutexattr_settype", attributes, 77)
	ok(t, "pthread_mutex_init", mutex, attributes)
	is(t, syscall.EPERM, "pthread_mutex_unlock", mutex)
	ok(t, "pthread_mutex_lock", mutex)
	is(t, syscall.EDEADLK, "pthread_mutex_lock", mutex)
	ok(t, "pthread_mutex_unlock", mutex)

	ok(t, "pthread_mutexattr_settype", attributes, recursive)
	ok(t, "pthread_mutex_init", mutex, attributes)
	for range 3 {
		ok(t, "pthread_mutex_lock", mutex)
	}
	for range 3 {
		ok(t, "pthread_mutex_unlock", mutex)
	}
	is(t, syscall.EPERM, "pthread_mutex_unlock", mutex)
}

func TestCond(t *testing.T) {
	pinned(t)
	_, mutex := allocate([8]uint64{0x32aaaba7})
	_, cond := allocate([6]uint64{0x3cb0b1bb}) // PTHREAD_COND_INITIALIZER
	_, limit := allocate([2]uint64{0, uint64(briefly)})
	ok(t, "pthread_mutex_lock", mutex)
	takesBriefly(t, "a limit", func() {
		var r uintptr
		for r == 0 { // woken spuriously
			r, _ = call("pthread_cond_timedwait_relative_np", cond, mutex, limit)
		}
		if syscall.Errno(r) != syscall.ETIMEDOUT {
			t.Errorf("a wait with a limit: result %d", r)
		}
	})
	is(t, syscall.EBUSY, "pthread_mutex_trylock", mutex)
	ok(t, "pthread_mutex_unlock", mutex)
	ok(t, "pthread_cond_signal", cond)
	ok(t, "pthread_cond_broadcast", cond)
	ok(t, "pthread_cond_destroy", cond)
	is(t, syscall.EINVAL, "pthread_cond_signal", cond)
}

func TestRWLock(t *testing.T) {
	pinned(t)
	_, rwlock := allocate([25]uint64{0x2da8b3b4}) // PTHREAD_RWLOCK_INITIALIZER
	ok(t, "pthread_rwlock_rdlock", rwlock)
	ok(t, "pthread_rwlock_tryrdlock", rwlock)
	is(t, syscall.EBUSY, "pthread_rwlock_trywrlock", rwlock)
	ok(t, "pthread_rwlock_unlock", rwlock)
	ok(t, "pthread_rwlock_unlock", rwlock)
	ok(t, "pthread_rwlock_unlock", rwlock) // macOS does not detect it
	is(t, syscall.EINVAL, "pthread_rwlock_init", rwlock, rwlock)
	ok(t, "pthread_rwlock_wrlock", rwlock)
	is(t, syscall.EDEADLK, "pthread_rwlock_wrlock", rwlock)
	ok(t, "pthread_rwlock_unlock", rwlock)
}

func TestThread(t *testing.T) {
	pinned(t)
	self, _ := call("pthread_self")
	key, keyAddress := allocate(uint64(0))
	ok(t, "pthread_key_create", keyAddress, 0)
	ok(t, "pthread_setspecific", uintptr(*key), 42)
	if value, _ := call("pthread_getspecific", uintptr(*key)); value != 42 {
		t.Errorf("the value of a key is %d, want 42", value)
	}
	ok(t, "pthread_key_delete", uintptr(*key))

	id, idAddress := allocate(uint64(0))
	if ok(t, "pthread_threadid_np", 0, idAddress); *id == 0 {
		t.Error("a thread has no number")
	}

	const userInteractive, userInitiated = 0x21, 0x19
	class, classAddress := allocate(uint32(0))
	ok(t, "pthread_set_qos_class_self_np", userInitiated, 0)
	ok(t, "pthread_get_qos_class_np", self, classAddress, 0)
	if *class != userInitiated {
		t.Errorf("the class is %#x, want %#x", *class, userInitiated)
	}
	is(t, syscall.EINVAL, "pthread_set_qos_class_self_np", 1, 0)
	if override, _ := call("pthread_override_qos_class_start_np", self, userInteractive, 0); override == 0 {
		t.Error("no override")
	} else {
		ok(t, "pthread_override_qos_class_end_np", override)
	}

	text := func(s string) uintptr {
		_, address := allocate([80]byte(append([]byte(s), make([]byte, 80-len(s))...)))
		return address
	}
	got, gotAddress := allocate([64]byte{})
	ok(t, "pthread_setname_np", text("worker"))
	ok(t, "pthread_getname_np", self, gotAddress, 64)
	if name := strings.TrimRight(string(got[:]), "\x00"); name != "worker" {
		t.Errorf("the name is %q, want %q", name, "worker")
	}
	expect(t, "a long name", -1, syscall.ENAMETOOLONG)(wait("pthread_setname_np", text(strings.Repeat("x", 64))))
}
