// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !windows && !darwin && !linux

package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
)

func show(io.Writer) error {
	return fmt.Errorf("%w: osync binds no such call here yet, and this is %s", errors.ErrUnsupported, runtime.GOOS)
}
