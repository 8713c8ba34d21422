// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package programtest runs an example program in a test.
package programtest

import (
	"errors"
	"io"
	"testing"
)

// Run runs the program. It fails if a claim of the program does not hold, and skips if
// the program says that this system lacks what it shows.
func Run(t *testing.T, run func(out io.Writer) error) {
	t.Helper()
	switch err := run(t.Output()); {
	case errors.Is(err, errors.ErrUnsupported):
		t.Skip(err)
	case err != nil:
		t.Error(err)
	}
}
