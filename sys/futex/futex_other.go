// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows && !freebsd && !openbsd && !netbsd && !dragonfly

package futex

import (
	"errors"
	"sync/atomic"
)

var wayNames = [...]string{} // so no way is ever chosen, and none of the calls below is made

func (way) sleep(*atomic.Uint32, uint32, ticks, Scope) error { return errors.ErrUnsupported }
func (way) wake(*atomic.Uint32, bool, Scope) error           { return errors.ErrUnsupported }
func (way) reachesProcesses() bool                           { return false }

func now() ticks      { return 0 }
func clock() timebase { return timebase{1, 1} }
