// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package main

import (
	"errors"
	"fmt"
	"runtime"
)

func newBarrier() (func(), error) {
	return nil, fmt.Errorf("there is no membarrier on %s: %w", runtime.GOOS, errors.ErrUnsupported)
}
