// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package sync replaces Go's package sync in explored code. Programs never import it: the explore command substitutes
// it for sync when it builds a test.
//
// In an explored goroutine the types behave as the originals do, in steps of the explorer, and misuse that would end a
// program, such as unlocking an unlocked Mutex, fails the exploration. Elsewhere they are the originals. A value must
// not be used in both ways at once.
package sync
