// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !windows

package osthread

import "errors"

// unsupported returns an error that says what this system lacks.
func unsupported(what string) error { return &missing{what} }

type missing struct{ what string }

func (m *missing) Error() string   { return "thread: this system has no " + m.what }
func (m *missing) Is(e error) bool { return e == errors.ErrUnsupported }
