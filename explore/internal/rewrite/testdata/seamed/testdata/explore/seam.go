// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package seamed

import "strings"

const (
	explored = true
	second   = 20
)

var pid = len(extra())

type clock struct{ now int64 }

func (c *clock) read() int64 {
	c.now++
	return c.now
}

func nanotime() int64 { return 42 }

func (c *counter[T]) double() { c.n += 100 }

func extra() string { return strings.Repeat("x", 3) }
