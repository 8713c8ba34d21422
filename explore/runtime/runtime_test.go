// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package runtime_test

import (
	"fmt"
	real "runtime"
	"testing"

	. "github.com/osync-go/osync/explore/internal/enginetest"
	"github.com/osync-go/osync/explore/runtime"
)

func TestExplored(t *testing.T) {
	Outcomes(t, func() string {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		runtime.Gosched()
		ended := true
		All(func() {
			func() {
				defer func() { ended = ended && true }()
				runtime.Gosched()
			}()
		})
		return fmt.Sprint(runtime.NumCPU(), runtime.GOMAXPROCS(0), runtime.GOMAXPROCS(8), runtime.GOMAXPROCS(0), ended)
	}, "1 1 1 1 true")
}

func TestOutside(t *testing.T) {
	runtime.LockOSThread()
	runtime.UnlockOSThread()
	runtime.Gosched()
	if runtime.NumCPU() != real.NumCPU() || runtime.GOMAXPROCS(0) != real.GOMAXPROCS(0) {
		t.Error("the numbers of processors differ")
	}
	done := make(chan bool)
	go func() {
		defer close(done)
		runtime.Goexit()
		done <- true
	}()
	if <-done {
		t.Error("Goexit has returned")
	}
}
