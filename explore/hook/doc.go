// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package hook provides the functions that replace statements of explored code: go statements, channel operations, and
// plain loads and stores. Programs never import it: the explore command inserts the calls when it builds a test.
//
// In an explored goroutine each call does what the statement does, in steps of the explorer. Elsewhere it executes the
// statement itself.
package hook
