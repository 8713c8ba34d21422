// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"os"
	"runtime"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/darwin"
)

// mutexAttributes are the attributes of a mutex, their initial values, and the values that they accept.
var mutexAttributes = []struct {
	name   string
	get    func(*darwin.PthreadMutexattr) (int32, error)
	set    func(*darwin.PthreadMutexattr, int32) error
	first  int32
	values []int32
}{
	{
		"type", darwin.PthreadMutexattrGettype, darwin.PthreadMutexattrSettype, darwin.PTHREAD_MUTEX_DEFAULT,
		[]int32{darwin.PTHREAD_MUTEX_ERRORCHECK, darwin.PTHREAD_MUTEX_RECURSIVE, darwin.PTHREAD_MUTEX_NORMAL},
	},
	{
		"protocol", darwin.PthreadMutexattrGetprotocol, darwin.PthreadMutexattrSetprotocol, darwin.PTHREAD_PRIO_NONE,
		[]int32{darwin.PTHREAD_PRIO_INHERIT, darwin.PTHREAD_PRIO_PROTECT, darwin.PTHREAD_PRIO_NONE},
	},
	{
		"pshared", darwin.PthreadMutexattrGetpshared, darwin.PthreadMutexattrSetpshared, darwin.PTHREAD_PROCESS_PRIVATE,
		[]int32{darwin.PTHREAD_PROCESS_SHARED, darwin.PTHREAD_PROCESS_PRIVATE},
	},
	{
		"policy", darwin.PthreadMutexattrGetpolicyNp, darwin.PthreadMutexattrSetpolicyNp, darwin.PTHREAD_MUTEX_POLICY_FIRSTFIT_NP,
		[]int32{darwin.PTHREAD_MUTEX_POLICY_FAIRSHARE_NP, darwin.PTHREAD_MUTEX_POLICY_FIRSTFIT_NP},
	},
}

func TestPthreadMutexattr(t *testing.T) {
	attr := new(darwin.PthreadMutexattr)
	if err := darwin.PthreadMutexInit(new(darwin.PthreadMutex), attr); err != syscall.EINVAL {
		t.Errorf("PthreadMutexInit with no attributes = %v, want EINVAL", err)
	}
	none := func(when string) {
		for _, a := range mutexAttributes {
			if _, err := a.get(attr); err != syscall.EINVAL {
				t.Errorf("%s, getting %s = %v, want EINVAL", when, a.name, err)
			}
			if err := a.set(attr, a.values[0]); err != syscall.EINVAL {
				t.Errorf("%s, setting %s = %v, want EINVAL", when, a.name, err)
			}
		}
		if err := darwin.PthreadMutexattrDestroy(attr); err != syscall.EINVAL {
			t.Errorf("%s, PthreadMutexattrDestroy = %v, want EINVAL", when, err)
		}
	}
	none("zeros")
	if err := darwin.PthreadMutexattrInit(attr); err != nil {
		t.Fatal(err)
	}
	for _, a := range mutexAttributes {
		if a.name == "policy" && os.Getenv("PTHREAD_MUTEX_DEFAULT_POLICY") != "" {
			continue // it sets the initial policy
		}
		checkAttribute(t, a.name, func() (int32, error) { return a.get(attr) }, func(v int32) error { return a.set(attr, v) }, a.first, a.values, 77)
	}
	if err := darwin.PthreadMutexattrDestroy(attr); err != nil {
		t.Errorf("PthreadMutexattrDestroy = %v", err)
	}
	none("destroyed")
}

func TestPthreadCondattr(t *testing.T) {
	attr := new(darwin.PthreadCondattr)
	if _, err := darwin.PthreadCondattrGetpshared(attr); err != syscall.EINVAL {
		t.Errorf("PthreadCondattrGetpshared of zeros = %v, want EINVAL", err)
	}
	if err := darwin.PthreadCondattrSetpshared(attr, darwin.PTHREAD_PROCESS_SHARED); err != syscall.EINVAL {
		t.Errorf("PthreadCondattrSetpshared of zeros = %v, want EINVAL", err)
	}
	if err := darwin.PthreadCondattrInit(attr); err != nil {
		t.Fatal(err)
	}
	checkAttribute(t, "pshared",
		func() (int32, error) { return darwin.PthreadCondattrGetpshared(attr) },
		func(v int32) error { return darwin.PthreadCondattrSetpshared(attr, v) },
		darwin.PTHREAD_PROCESS_PRIVATE, []int32{darwin.PTHREAD_PROCESS_PRIVATE, darwin.PTHREAD_PROCESS_SHARED}, 0)
	c := new(darwin.PthreadCond)
	if err := darwin.PthreadCondInit(c, attr); err != nil {
		t.Errorf("PthreadCondInit with attributes = %v", err)
	}
	if err := darwin.PthreadCondDestroy(c); err != nil {
		t.Errorf("PthreadCondDestroy = %v", err)
	}
	if err := darwin.PthreadCondattrDestroy(attr); err != nil {
		t.Errorf("PthreadCondattrDestroy = %v", err)
	}
	if _, err := darwin.PthreadCondattrGetpshared(attr); err != syscall.EINVAL {
		t.Errorf("PthreadCondattrGetpshared of destroyed attributes = %v, want EINVAL", err)
	}
}

// newMutex makes a mutex with one attribute that is not the usual one.
func newMutex(t *testing.T, set func(*darwin.PthreadMutexattr, int32) error, value int32) *darwin.PthreadMutex {
	t.Helper()
	var attr darwin.PthreadMutexattr
	m := new(darwin.PthreadMutex)
	if err := darwin.PthreadMutexattrInit(&attr); err != nil {
		t.Fatal(err)
	}
	if err := set(&attr, value); err != nil {
		t.Fatal(err)
	}
	if err := darwin.PthreadMutexInit(m, &attr); err != nil {
		t.Fatal(err)
	}
	darwin.PthreadMutexattrDestroy(&attr) // the mutex no longer needs it
	return m
}

func TestPthreadMutexTypes(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	check := newMutex(t, darwin.PthreadMutexattrSettype, darwin.PTHREAD_MUTEX_ERRORCHECK)
	recursive := newMutex(t, darwin.PthreadMutexattrSettype, darwin.PTHREAD_MUTEX_RECURSIVE)
	fair := newMutex(t, darwin.PthreadMutexattrSetpolicyNp, darwin.PTHREAD_MUTEX_POLICY_FAIRSHARE_NP)
	inherit := newMutex(t, darwin.PthreadMutexattrSetprotocol, darwin.PTHREAD_PRIO_INHERIT)
	lock, trylock, unlock := darwin.PthreadMutexLock, darwin.PthreadMutexTrylock, darwin.PthreadMutexUnlock
	for _, c := range []struct {
		name string
		call func(*darwin.PthreadMutex) error
		m    *darwin.PthreadMutex
		want error
	}{
		{"checked: unlock of free", unlock, check, syscall.EPERM},
		{"checked: lock", lock, check, nil},
		{"checked: lock again", lock, check, syscall.EDEADLK},
		{"checked: trylock again", trylock, check, syscall.EBUSY},
		{"checked: unlock elsewhere", elsewhere(unlock), check, syscall.EPERM},
		{"checked: unlock", unlock, check, nil},
		{"recursive: lock", lock, recursive, nil},
		{"recursive: lock again", lock, recursive, nil},
		{"recursive: trylock again", trylock, recursive, nil},
		{"recursive: unlock 1", unlock, recursive, nil},
		{"recursive: unlock 2", unlock, recursive, nil},
		{"recursive: trylock elsewhere", elsewhere(trylock), recursive, syscall.EBUSY},
		{"recursive: unlock 3", unlock, recursive, nil},
		{"recursive: unlock of free", unlock, recursive, syscall.EPERM},
		{"fair: lock", lock, fair, nil},
		{"fair: trylock of locked", trylock, fair, syscall.EBUSY},
		{"fair: unlock", unlock, fair, nil},
		{"inherit: lock", lock, inherit, nil},
		{"inherit: unlock", unlock, inherit, nil},
	} {
		if err := c.call(c.m); err != c.want {
			t.Errorf("%s = %v, want %v", c.name, err, c.want)
		}
	}
	for i := range 1 << 17 {
		if err := lock(recursive); err == nil {
			continue
		} else if err != syscall.EAGAIN || i != 1<<16-1 {
			t.Errorf("recursive: lock after %d others = %v, want EAGAIN after 65,535", i, err)
		}
		return
	}
	t.Error("recursive: no number of locks is too much")
}
