// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"fmt"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

// Built with -tags osync_debug, a test fails for each mistake in the use of locks, and for each lock that is held for
// too long.
func ExampleOnMistake() {
	var failed []watch.Mistake // in a test: func(m watch.Mistake) { t.Error(m) }
	restore := watch.OnMistake(func(m watch.Mistake) { failed = append(failed, m) })
	defer restore()
	defer watch.HeldFor(time.Hour)()

	var mu locks.Mutex
	mu.Lock()
	mu.Unlock()
	for _, m := range failed {
		fmt.Println(m.Kind, m.Locks, m.String())
	}
	// Output:
}

// A lock is handed over to a goroutine that unlocks it when its work is done.
func ExampleTransfer() {
	var mu locks.Mutex
	mu.Lock()
	watch.Transfer(&mu)
	go func() {
		defer mu.Unlock()
		fmt.Println("work")
	}()
	mu.Lock()
	fmt.Println("done")
	mu.Unlock()
	// Output:
	// work
	// done
}
