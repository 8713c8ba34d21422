// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package osthread is what package thread asks of the system about the calling thread,
// the same on each. The caller is locked to its thread. What a system lacks is
// [errors.ErrUnsupported].
package osthread

import "errors"

// Levels is the number of priorities; the middle one is the normal one.
const Levels = 5

// unsupported says what this system lacks.
func unsupported(what string) error { return &missing{what} }

type missing struct{ what string }

func (m *missing) Error() string   { return "thread: this system has no " + m.what }
func (m *missing) Is(e error) bool { return e == errors.ErrUnsupported }
