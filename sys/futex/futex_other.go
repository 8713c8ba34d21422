// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows

package futex

import (
	"errors"
	"sync/atomic"
	"time"
)

func backend() string { return "none" }

func supported(Scope) bool { return false }

func wait(*atomic.Uint32, uint32, time.Time, Scope) error { return errors.ErrUnsupported }

func wake(*atomic.Uint32, int, Scope) error { return errors.ErrUnsupported }
