// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"runtime"
	"sync"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/darwin"
)

func TestPthreadRwlock(t *testing.T) {
	l, attr := new(darwin.PthreadRwlock), new(darwin.PthreadRwlockattr)
	if err := darwin.PthreadRwlockRdlock(l); err != syscall.EINVAL {
		t.Errorf("rdlock of zeros = %v, want EINVAL", err)
	}
	if err := darwin.PthreadRwlockInit(l, attr); err != syscall.EINVAL {
		t.Errorf("PthreadRwlockInit with no attributes = %v, want EINVAL", err)
	}
	if err := darwin.PthreadRwlockattrInit(attr); err != nil {
		t.Fatal(err)
	}
	for _, attr := range []*darwin.PthreadRwlockattr{nil, attr} {
		if err := darwin.PthreadRwlockInit(l, attr); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	var done sync.WaitGroup
	const threads, rounds = 4, 300
	for i := range threads {
		done.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			for j := range rounds {
				lock, change := darwin.PthreadRwlockWrlock, 1
				if (i+j)%2 == 0 {
					lock, change = darwin.PthreadRwlockRdlock, 0
				}
				if err := lock(l); err != nil {
					t.Errorf("lock = %v", err)
				}
				before := n
				if change != 0 {
					n++
				}
				if n != before+change {
					t.Errorf("a reader saw a writer: %d, then %d", before, n)
				}
				if err := darwin.PthreadRwlockUnlock(l); err != nil {
					t.Errorf("unlock = %v", err)
				}
			}
		})
	}
	done.Wait()
	if n != threads*rounds/2 {
		t.Errorf("%d additions by writers made %d", threads*rounds/2, n)
	}

	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	init := func(l *darwin.PthreadRwlock) error { return darwin.PthreadRwlockInit(l, nil) }
	// EAGAIN is for more readers than a test can have.
	for _, c := range []struct {
		name string
		call func(*darwin.PthreadRwlock) error
		want error
	}{
		{"rdlock", darwin.PthreadRwlockRdlock, nil},
		{"tryrdlock of read", darwin.PthreadRwlockTryrdlock, nil},
		{"trywrlock of read", darwin.PthreadRwlockTrywrlock, syscall.EBUSY},
		{"destroy of read", darwin.PthreadRwlockDestroy, syscall.EBUSY},
		{"init of read", init, syscall.EBUSY},
		{"unlock one", darwin.PthreadRwlockUnlock, nil},
		{"trywrlock of read by one", darwin.PthreadRwlockTrywrlock, syscall.EBUSY},
		{"unlock all", darwin.PthreadRwlockUnlock, nil},
		{"trywrlock", darwin.PthreadRwlockTrywrlock, nil},
		{"wrlock of written", darwin.PthreadRwlockWrlock, syscall.EDEADLK},
		{"rdlock of written", darwin.PthreadRwlockRdlock, syscall.EDEADLK},
		{"trywrlock of written", darwin.PthreadRwlockTrywrlock, syscall.EDEADLK},
		{"tryrdlock elsewhere", elsewhere(darwin.PthreadRwlockTryrdlock), syscall.EBUSY},
		{"destroy of written", darwin.PthreadRwlockDestroy, syscall.EBUSY},
		{"unlock", darwin.PthreadRwlockUnlock, nil},
		{"destroy", darwin.PthreadRwlockDestroy, nil},
		{"wrlock of destroyed", darwin.PthreadRwlockWrlock, syscall.EINVAL},
		{"tryrdlock of destroyed", darwin.PthreadRwlockTryrdlock, syscall.EINVAL},
		{"unlock of destroyed", darwin.PthreadRwlockUnlock, syscall.EINVAL},
		{"destroy of destroyed", darwin.PthreadRwlockDestroy, syscall.EINVAL},
	} {
		if err := c.call(l); err != c.want {
			t.Errorf("%s = %v, want %v", c.name, err, c.want)
		}
	}
}

// elsewhere returns a function that calls f in another thread.
func elsewhere[T any](f func(T) error) func(T) error {
	return func(object T) error {
		result := make(chan error)
		go func() { // elsewhere, if this thread is locked
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			result <- f(object)
		}()
		return <-result
	}
}

func TestPthreadRwlockattr(t *testing.T) {
	attr := new(darwin.PthreadRwlockattr)
	if _, err := darwin.PthreadRwlockattrGetpshared(attr); err != syscall.EINVAL {
		t.Errorf("PthreadRwlockattrGetpshared of zeros = %v, want EINVAL", err)
	}
	if err := darwin.PthreadRwlockattrSetpshared(attr, darwin.PTHREAD_PROCESS_SHARED); err != syscall.EINVAL {
		t.Errorf("PthreadRwlockattrSetpshared of zeros = %v, want EINVAL", err)
	}
	if err := darwin.PthreadRwlockattrInit(attr); err != nil {
		t.Fatal(err)
	}
	checkAttribute(t, "pshared",
		func() (int32, error) { return darwin.PthreadRwlockattrGetpshared(attr) },
		func(v int32) error { return darwin.PthreadRwlockattrSetpshared(attr, v) },
		darwin.PTHREAD_PROCESS_PRIVATE, []int32{darwin.PTHREAD_PROCESS_SHARED, darwin.PTHREAD_PROCESS_PRIVATE}, 0)
	if err := darwin.PthreadRwlockattrDestroy(attr); err != nil {
		t.Errorf("PthreadRwlockattrDestroy = %v", err)
	}
	if err := darwin.PthreadRwlockInit(new(darwin.PthreadRwlock), attr); err != syscall.EINVAL {
		t.Errorf("PthreadRwlockInit with destroyed attributes = %v, want EINVAL", err)
	}
}

// checkAttribute checks the initial value of an attribute, that it accepts its values, and that it rejects another one.
func checkAttribute(t *testing.T, name string, get func() (int32, error), set func(int32) error, first int32, values []int32, bad int32) {
	t.Helper()
	if got, err := get(); got != first || err != nil {
		t.Errorf("%s is %d, %v, want %d", name, got, err, first)
	}
	for _, v := range values {
		if err := set(v); err != nil {
			t.Errorf("setting %s to %d = %v", name, v, err)
		}
		if err := set(bad); err != syscall.EINVAL {
			t.Errorf("setting %s to %d = %v, want EINVAL", name, bad, err)
		}
		if got, err := get(); got != v || err != nil {
			t.Errorf("%s is %d, %v after it was set to %d", name, got, err, v)
		}
	}
}
