// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package checks holds the rules of this repository as tests: who may import whom, what
// every file starts with, that comments, links and examples are there and work, and
// that the fast paths inline. It has no code of its own. The rules hold for the files of all
// systems; the tests run on Linux.
package checks
