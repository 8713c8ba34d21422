// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !osync_nolinkname && !go1.28

package spin

import _ "unsafe" // for go:linkname

// asks reports whether Crowded asks the scheduler in this build.
const asks = true

// sync.Mutex asks the runtime the same question before each try. The name is on the runtime's list of names that other
// packages link to, so it will not be removed. The answer depends on the internals of the scheduler, so this package
// links it only with the releases of Go that it was tested with. Newer releases do not use it, nor does the build tag
// osync_nolinkname, until the ceiling in the build constraint is raised: see internal/checks.
//
//go:linkname runtimeCanSpin sync.runtime_canSpin
func runtimeCanSpin(tries int) bool

// Crowded reports whether a goroutine waits for the processor of the caller, or no other processor runs
// any. In both cases a spin only delays the goroutine that the caller waits for. A goroutine that spins
// next to one that it has just woken would keep that waiting for a time slice of the scheduler, 10 ms.
func Crowded() bool { return !runtimeCanSpin(0) }
