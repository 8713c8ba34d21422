// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build netbsd || openbsd

package main

import (
	"bytes"
	"fmt"
	"sync/atomic"

	"github.com/osync-go/osync/locks/thread"
)

// sleepingThread lets a thread sleep on word for as long as it is 0.
func sleepingThread(word *atomic.Uint32) *thread.Handle {
	return thread.Spawn(func() error {
		for word.Load() == 0 {
			if err := futexWait(word); err != nil {
				return err
			}
		}
		return nil
	})
}

func testFutexCall() error {
	word := new(atomic.Uint32)
	s := sleepingThread(word)
	word.Store(1)
	if err := futexWake(word, 1); err != nil {
		return err
	}
	return s.Join()
}

func testThreadName() error {
	return thread.Spawn(func() error {
		const name = "doctor"
		if err := thread.SetName(name); err != nil {
			return err
		}
		buf, err := threadName()
		if err != nil {
			return err
		}
		if got, _, _ := bytes.Cut(buf, []byte{0}); string(got) != name {
			return fmt.Errorf("the name is %q", got)
		}
		return nil
	}).Join()
}
