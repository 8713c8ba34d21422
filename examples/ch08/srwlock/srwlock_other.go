// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !windows

package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
)

func show(io.Writer) error {
	return fmt.Errorf("%w: SRWLOCK is a lock of Windows, and this is %s", errors.ErrUnsupported, runtime.GOOS)
}
