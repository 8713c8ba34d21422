// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/darwin"
)

func TestUnfairLock(t *testing.T) {
	locks := map[string]func(*darwin.UnfairLock){
		"lock": darwin.UnfairLockLock,
		"trylock": func(l *darwin.UnfairLock) {
			for !darwin.UnfairLockTrylock(l) {
				runtime.Gosched()
			}
		},
	}
	if err := darwin.UnfairLockLockWithFlags(new(darwin.UnfairLock), 0); err == nil {
		locks["lock_with_flags"] = func(l *darwin.UnfairLock) {
			if err := darwin.UnfairLockLockWithFlags(l, darwin.OS_UNFAIR_LOCK_FLAG_ADAPTIVE_SPIN); err != nil {
				t.Errorf("UnfairLockLockWithFlags = %v", err)
			}
		}
	} else if err != syscall.ENOSYS {
		t.Errorf("UnfairLockLockWithFlags = %v, want nil or ENOSYS", err)
	}
	const threads, rounds = 4, 500
	for name, lock := range locks {
		t.Run(name, func(t *testing.T) {
			l := new(darwin.UnfairLock)
			n := 0
			var done sync.WaitGroup
			for range threads {
				done.Go(func() {
					runtime.LockOSThread()
					defer runtime.UnlockOSThread()
					for range rounds {
						lock(l)
						darwin.UnfairLockAssertOwner(l)
						n++
						darwin.UnfairLockUnlock(l)
						darwin.UnfairLockAssertNotOwner(l)
					}
				})
			}
			done.Wait()
			if n != threads*rounds {
				t.Errorf("%d additions under the lock made %d", threads*rounds, n)
			}
		})
	}
}

func TestUnfairLockTrylock(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l := new(darwin.UnfairLock)
	if !darwin.UnfairLockTrylock(l) {
		t.Fatal("a new lock cannot be locked")
	}
	if darwin.UnfairLockTrylock(l) {
		t.Error("trylock takes a lock that the thread holds")
	}
	elsewhere := make(chan bool)
	go func() { elsewhere <- darwin.UnfairLockTrylock(l) }()
	if <-elsewhere {
		t.Error("trylock takes a lock that another thread holds")
	}
	darwin.UnfairLockUnlock(l)
}

// misuses end the process.
var misuses = map[string]func(l *darwin.UnfairLock){
	"lock twice":           func(l *darwin.UnfairLock) { darwin.UnfairLockLock(l); darwin.UnfairLockLock(l) },
	"unlock of unlocked":   darwin.UnfairLockUnlock,
	"unlock by a stranger": func(l *darwin.UnfairLock) { lockElsewhere(l); darwin.UnfairLockUnlock(l) },
	"assert_owner":         darwin.UnfairLockAssertOwner,
	"assert_not_owner":     func(l *darwin.UnfairLock) { darwin.UnfairLockLock(l); darwin.UnfairLockAssertNotOwner(l) },
}

// lockElsewhere locks l in a thread that stays.
func lockElsewhere(l *darwin.UnfairLock) {
	locked := make(chan bool)
	go func() {
		runtime.LockOSThread()
		darwin.UnfairLockLock(l)
		locked <- true
		select {}
	}()
	<-locked
}

func TestUnfairLockMisuse(t *testing.T) {
	if f := misuses[os.Getenv("OSYNC_MISUSE")]; f != nil {
		runtime.LockOSThread()
		f(new(darwin.UnfairLock))
		fmt.Println(survived)
		return
	}
	for misuse := range misuses {
		t.Run(misuse, func(t *testing.T) { dies(t, misuse) })
	}
}

func ExampleUnfairLock() {
	runtime.LockOSThread() // the thread owns the lock
	defer runtime.UnlockOSThread()
	var l darwin.UnfairLock
	darwin.UnfairLockLock(&l)
	fmt.Println("again:", darwin.UnfairLockTrylock(&l))
	darwin.UnfairLockUnlock(&l)
	// Output: again: false
}

func BenchmarkUnfairLock(b *testing.B) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l := new(darwin.UnfairLock)
	b.Run("impl=lock", func(b *testing.B) {
		for b.Loop() {
			darwin.UnfairLockLock(l)
			darwin.UnfairLockUnlock(l)
		}
	})
	b.Run("impl=trylock", func(b *testing.B) {
		for b.Loop() {
			darwin.UnfairLockTrylock(l)
			darwin.UnfairLockUnlock(l)
		}
	})
}
