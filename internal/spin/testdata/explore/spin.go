// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package spin

import "runtime"

// A pause is an instruction of the processor, and whether it is crowded a question to the scheduler of
// the real goroutines.

func Pause(uint32) { runtime.Gosched() }

func Crowded() bool { return false }
