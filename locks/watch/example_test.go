// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"fmt"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

func ExampleWaits() {
	var cache locks.RWMutex
	watch.Name(&cache, "cache")
	cache.Lock()
	done := make(chan struct{})
	go func() {
		cache.RLock()
		cache.RUnlock()
		close(done)
	}()
	for len(watch.Waits()) == 0 {
		time.Sleep(time.Millisecond)
	}
	for _, w := range watch.Waits() {
		fmt.Printf("a goroutine waits for %s, a %s, to %s\n", w.Lock.Name, w.Lock.Type, w.For)
	}
	cache.Unlock()
	<-done
	// Output: a goroutine waits for cache, a locks.RWMutex, to read
}
