// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package main

import (
	"errors"
	"fmt"
	"io"
)

func role() {}

func run(io.Writer) error {
	return fmt.Errorf("%w: namespaces of threads are Linux's", errors.ErrUnsupported)
}
