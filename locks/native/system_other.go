// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows

package native

import (
	"errors"
	"fmt"
	"runtime"
)

var errUnsupported = fmt.Errorf("native: osync has no kernel wait on %s/%s: %w", runtime.GOOS, runtime.GOARCH, errors.ErrUnsupported)

// Supported returns nil if the locks of this package work here. If not, its error
// says what is missing, it is an [errors.ErrUnsupported], and the locks panic with it at
// first use. It is nil on Linux, macOS and Windows.
func Supported() error { return errUnsupported }
