// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"syscall"

	"github.com/osync-go/osync/sys/futex"
	"github.com/osync-go/osync/sys/netbsd"
)

var errUnsupported = fmt.Errorf("native: NetBSD has a kernel wait on a word since version 10: %w", errors.ErrUnsupported)

func supported() error {
	if futex.Supported(futex.Private) {
		return nil
	}
	return errUnsupported
}

// requeue wakes one thread that sleeps on word, and makes all others sleep on m instead. It does nothing, and
// reports false, if *word is not value.
func requeue(word *atomic.Uint32, value uint32, m *rawMutex) bool {
	switch _, err := netbsd.FutexCmpRequeue(word, 1, math.MaxInt32, &m.state, value, netbsd.FUTEX_PRIVATE_FLAG); err {
	case nil:
		return true
	case syscall.EAGAIN:
		return false
	case syscall.ENOMEM, syscall.ENFILE:
		// The kernel cannot record at the moment that threads sleep on m.
		wakeAll(word)
		return true
	default:
		panic(fmt.Errorf("native: futex requeue: %w", err))
	}
}
