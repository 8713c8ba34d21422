// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package hook has what the statements of explored code become: go statements, operations on channels,
// and plain loads and stores. Programs never import it: the explore command writes the calls while it
// builds a test.
//
// In an explored goroutine each call is what the statement does, in steps of the explorer. Elsewhere it is
// the statement itself.
package hook
