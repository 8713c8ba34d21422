// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

// Orphan makes entry i look as a process leaves it whose words the kernel does not mark, when that is killed in Allocate.
func (a *Array) Orphan(i int) {
	a.entry(i).claim.word.Store(ownerMask - 1)
	a.entry(i).mu.word.Store(ownerMask - 1)
}
