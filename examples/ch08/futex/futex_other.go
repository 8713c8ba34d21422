// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin

package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
)

func show(io.Writer) error {
	return fmt.Errorf("%w: it makes the calls of Linux and macOS, and this is %s", errors.ErrUnsupported, runtime.GOOS)
}
