// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"io"
	"os"
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
	"github.com/osync-go/osync/locks/thread"
)

// first is the program's first thread, which TestMain lends to the tests.
var first *thread.Executor

func TestMain(m *testing.M) {
	code := 1
	err := thread.Main(func(e *thread.Executor) error {
		first = e
		code = m.Run()
		return nil
	})
	if err != nil {
		panic(err)
	}
	os.Exit(code)
}

// Test runs the program on the first thread, as func main does.
func Test(t *testing.T) {
	programtest.Run(t, func(out io.Writer) error {
		return first.Do(func() error { return run(out) })
	})
}

// TestWrongThread has the simulation find what it is there to find.
func TestWrongThread(t *testing.T) {
	var c glContext
	if err := c.draw(0); !errors.Is(err, errThread) {
		t.Errorf("without a context: %v", err)
	}
	err := first.Do(c.makeCurrent)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.upload(nil); !errors.Is(err, errThread) {
		t.Errorf("on another thread: %v", err)
	}
	if err := c.makeCurrent(); !errors.Is(err, errThread) {
		t.Errorf("current on two threads: %v", err)
	}
	if err := first.Do(func() error { return errors.Join(c.draw(1), c.release()) }); err != nil {
		t.Errorf("on its thread: %v", err)
	}
	if c.wrong != 2 {
		t.Errorf("%d wrong calls were counted, want 2", c.wrong)
	}
}
