// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package atomic replaces sync/atomic in explored code. Programs never import it: the explore
// command substitutes it for sync/atomic when it builds a test.
//
// In an explored goroutine each operation is one step, at which the explorer may switch to another
// goroutine. Elsewhere each operation is that of sync/atomic. The types have the sizes and alignments
// of the originals, and their values are stored in the variables themselves.
package atomic
