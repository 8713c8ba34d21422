// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

// readMachine has nothing to read: gopsutil would look for functions of Mach as the program begins,
// and panics where one is missing, as in the stand-in for macOS that osync is tested with.
func readMachine() (r reading, ok bool) { return r, false }

// model returns "": it is not known.
func model() string { return "" }
