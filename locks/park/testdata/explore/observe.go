// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

// observing would be a step of each wait, though nothing is observed.
func observing() bool { return false }
