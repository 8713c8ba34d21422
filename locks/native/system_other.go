// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows && !netbsd

package native

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"github.com/osync-go/osync/sys/futex"
)

var errUnsupported = fmt.Errorf("native: osync has no kernel wait on %s/%s: %w", runtime.GOOS, runtime.GOARCH, errors.ErrUnsupported)

func supported() error {
	if futex.Supported(futex.Private) {
		return nil
	}
	return errUnsupported
}

// requeue wakes all threads that sleep on word.
func requeue(word *atomic.Uint32, _ uint32, _ *rawMutex) bool {
	wakeAll(word)
	return true
}
