// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook

var procs = 1

// Procs returns how many processors explored code sees.
func Procs() int { return procs }

// SetProcs sets how many processors explored code sees from now on. At the beginning it is one.
func SetProcs(n int) { procs = max(n, 1) }
