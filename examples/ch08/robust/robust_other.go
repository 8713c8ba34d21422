// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !windows

package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
)

func show(io.Writer) error {
	return fmt.Errorf("%w: only Linux and Windows have locks that survive their owner, and this is %s", errors.ErrUnsupported, runtime.GOOS)
}
