// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !amd64 && !arm64

package main

import (
	"errors"
	"fmt"
	"runtime"
)

func supported() error {
	return fmt.Errorf("%w: the locks are in the assembly of amd64 and arm64, and this is %s", errors.ErrUnsupported, runtime.GOARCH)
}

func addOrdered(*guarded) bool { return false }
func addRelaxed(*guarded) bool { return false }
