// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !arm64

package main

import (
	"fmt"
	"io"
	"runtime"
)

func show(out io.Writer) error {
	fmt.Fprintf(out, "\nNot run: this is %s.\n", runtime.GOARCH)
	return nil
}
