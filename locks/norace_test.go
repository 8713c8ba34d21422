// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !race

package locks_test

// raceEnabled says that the race detector is on.
const raceEnabled = false
