// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package sync

// Readers returns the number of readers that hold rw or wait for it, in an exploration.
func (rw *RWMutex) Readers() uint32 { return rw.state().count &^ rwAnnounced }
