// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_debug

package locks

import "unsafe"

// With the build tag osync_debug each lock tells package held what goroutines do; see debug_on.go. The calls are
// guarded by if debugging, so that they add no code without the tag.
const debugging = false

type debugMode uint8

const (
	debugWrite debugMode = iota
	debugRead
	debugUpgradable
	debugUpgrade
)

func noteBefore(unsafe.Pointer, string, debugMode)                  {}
func noteLocked(unsafe.Pointer, string, debugMode)                  {}
func noteUnlocking(unsafe.Pointer, string, debugMode)               {}
func noteBump(unsafe.Pointer, string, bool)                         {}
func noteChange(unsafe.Pointer, string, debugMode, debugMode)       {}
func noteType(unsafe.Pointer, string)                               {}
func mustHold(unsafe.Pointer, string, ...debugMode)                 {}
func noteWait(Locker)                                               {}
func noteIfTrue(*bool, unsafe.Pointer, string, debugMode)           {}
func mayPanic(*error) struct{}                                      { return struct{}{} }
func noteIfNil(*error, struct{}, unsafe.Pointer, string, debugMode) {}
func noteUpgradeIfTrue(*bool, *RWMutex)                             {}
