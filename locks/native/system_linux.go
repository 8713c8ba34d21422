// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package native

import (
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"syscall"

	"github.com/osync-go/osync/sys/linux"
)

func supported() error { return nil }

// requeue wakes one thread that sleeps on word, and makes all others sleep on m instead. It
// does nothing, and reports false, if *word is not value.
func requeue(word *atomic.Uint32, value uint32, m *rawMutex) bool {
	_, err := linux.FutexCmpRequeue(word, 1, math.MaxInt32, &m.state, value, linux.FUTEX_PRIVATE_FLAG)
	if err != nil && !errors.Is(err, syscall.EAGAIN) {
		panic(fmt.Errorf("native: futex requeue: %w", err))
	}
	return err == nil
}
