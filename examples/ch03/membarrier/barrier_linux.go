// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"

	"github.com/osync-go/osync/sys/linux"
)

// newBarrier returns a function that makes every running thread of the process pass a fence.
func newBarrier() (func(), error) {
	if _, err := linux.Membarrier(linux.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0); err != nil {
		// EINVAL before Linux 4.14, ENOSYS before 4.3.
		return nil, fmt.Errorf("membarrier: %w: %w", err, errors.ErrUnsupported)
	}
	return func() {
		if _, err := linux.Membarrier(linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0); err != nil {
			panic(err) // registered: the kernel has no reason
		}
	}, nil
}
