// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package checks holds the rules of this repository as tests: which package may import which, how
// every file starts, that comments, links and examples exist and work, and that the fast paths
// inline. It has no other code. The rules apply to the files of all systems; the tests run on
// Linux.
package checks
