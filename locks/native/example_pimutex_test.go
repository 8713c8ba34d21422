// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows || freebsd || openbsd || netbsd || dragonfly

package native_test

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/osync-go/osync/locks/native"
)

func ExamplePIMutex() {
	var m native.PIMutex
	balance := 100

	switch err := m.Lock(); {
	case err == nil:
	case errors.Is(err, native.ErrOwnerDied):
		balance = 100 // the dead owner may have left it half changed
	default:
		fmt.Println(err) // this thread already holds it, or the system lacks it
		return
	}
	balance -= 30
	fmt.Println(balance)
	fmt.Println(m.Lock() == native.ErrDeadlock)
	m.Unlock()
	// Output:
	// 70
	// true
}

func ExamplePIMutex_TryLockFor() {
	var m native.PIMutex
	locked, err := m.TryLock()
	fmt.Println(locked, err)
	var other sync.WaitGroup
	other.Go(func() {
		locked, err := m.TryLockFor(time.Millisecond)
		if errors.Is(err, errors.ErrUnsupported) { // on macOS
			err = nil
		}
		fmt.Println(locked, err)
	})
	other.Wait()
	m.Unlock()
	// Output:
	// true <nil>
	// false <nil>
}
