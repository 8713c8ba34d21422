// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !darwin

package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
)

func show(io.Writer) error {
	return fmt.Errorf("%w: os_unfair_lock is a lock of macOS, and this is %s", errors.ErrUnsupported, runtime.GOOS)
}
