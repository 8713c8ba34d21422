// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows

package native

import "time"

// The raw locks of a system without a binding. Nothing gets as far as here: whoever takes
// a lock asks mustSupport first.
type (
	rawMutex   struct{}
	rawRWMutex struct{}
	rawCond    struct{}
)

func (*rawMutex) tryLock() bool       { panic(errUnsupported) }
func (*rawMutex) lock(time.Time) bool { panic(errUnsupported) }
func (*rawMutex) unlock()             { panic(errUnsupported) }

func (*rawRWMutex) tryLock() bool        { panic(errUnsupported) }
func (*rawRWMutex) lock(time.Time) bool  { panic(errUnsupported) }
func (*rawRWMutex) unlock()              { panic(errUnsupported) }
func (*rawRWMutex) reading() uint32      { panic(errUnsupported) }
func (*rawRWMutex) tryRLock() bool       { panic(errUnsupported) }
func (*rawRWMutex) rLock(time.Time) bool { panic(errUnsupported) }
func (*rawRWMutex) rUnlock() bool        { panic(errUnsupported) }

func (*rawCond) wait(*rawMutex, time.Time) bool { panic(errUnsupported) }
func (*rawCond) signal()                        { panic(errUnsupported) }
func (*rawCond) broadcast(*rawMutex)            { panic(errUnsupported) }
