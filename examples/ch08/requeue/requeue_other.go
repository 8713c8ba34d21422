// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package main

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/park"
)

const waiters = 4

func show(out io.Writer) error {
	var condition, mutex atomic.Uint32 // a sequence number, and a word that says "held"
	var awake atomic.Int32
	var wg sync.WaitGroup
	for range waiters {
		wg.Go(func() {
			park.Wait(&condition, 0)
			awake.Add(1)
		})
	}
	moved := 0
	for moved < waiters { // as they fall asleep
		_, n, ok := park.Requeue(&condition, 0, 0, &mutex, waiters)
		if !ok {
			return errors.New("the word is 0, and Requeue says it is not")
		}
		moved += n
		time.Sleep(10 * time.Microsecond)
	}
	fmt.Fprintf(out, "moved %d sleepers; %d are awake\n", moved, awake.Load())
	if awake.Load() != 0 {
		return errors.New("want all asleep on the mutex")
	}
	for i := range waiters {
		ok := park.Wake(&mutex)
		for ok && int(awake.Load()) < i+1 {
			time.Sleep(10 * time.Microsecond)
		}
		fmt.Fprintf(out, "unlock %d: woke one: %v; %d awake\n", i+1, ok, awake.Load())
		if !ok {
			return errors.New("nobody slept on the mutex")
		}
	}
	wg.Wait()
	return nil
}
