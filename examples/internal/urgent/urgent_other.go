// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package urgent

import "errors"

// RealTime reports that this program asks for no real-time class on this system.
func RealTime() (class string, err error) { return "real-time class", errors.ErrUnsupported }
