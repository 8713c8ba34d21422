// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package atomic stands in for sync/atomic in code that is explored. Programs never import it: the
// explore command puts it in the place of sync/atomic while it builds a test.
//
// In an explored goroutine each operation is one step, at which the explorer may switch to another
// goroutine. Elsewhere each operation is that of sync/atomic. The types have the sizes and alignments
// of the originals, and their values lie in the variables themselves.
package atomic
