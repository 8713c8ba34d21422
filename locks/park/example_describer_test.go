// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/watch"
)

func (d *doorQueue) Describe(*atomic.Uint32, uint64) (lock any, purpose string) {
	return (*door)(d), "the door to open"
}

func ExampleDescriber() {
	front := new(door)
	var _ park.Describer = (*doorQueue)(front)
	watch.Name(front, "front")
	var wg sync.WaitGroup
	wg.Go(func() { front.wait(park.Limit{}) })
	for {
		if waits := watch.Waits(); len(waits) > 0 {
			fmt.Printf("a goroutine waits at the %s door for %s\n", waits[0].Lock.Name, waits[0].For)
			break
		}
		time.Sleep(time.Millisecond)
	}
	front.Open()
	wg.Wait()
	// Output: a goroutine waits at the front door for the door to open
}
