// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !darwin && !windows

package native

func (m *rawMutex) contended() bool { return m.state.Load() == rawContended }

func (m *rawMutex) idle() bool { return m.state.Load() == rawUnlocked }
