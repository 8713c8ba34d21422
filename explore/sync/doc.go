// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package sync stands in for Go's package sync in code that is explored. Programs never import it: the
// explore command puts it in the place of sync while it builds a test.
//
// In an explored goroutine the types follow the rules of the originals, in steps of the explorer, and what
// ends a program there, such as unlocking an unlocked Mutex, fails the exploration. Elsewhere they are the
// originals. A value must not be used in both ways at once.
package sync
