// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !unix

package main

import (
	"errors"
	"os"
)

// stop would stop a process.
func stop(p *os.Process) error { return errors.ErrUnsupported }
