// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package seamed has seams in testdata/explore, and variables that are reset to their initial
// values.
package seamed

import (
	"os"
	"sync"
	"time"
)

const (
	first = iota
	second
	third
)

// explored says whether the seams are there.
const explored = false

var pid, name = os.Getpid(), "real"

// A clock is replaced with its only method.
type clock struct{ start time.Time }

func (c *clock) read() int64 { return int64(time.Since(c.start)) }

func nanotime() int64 { return time.Now().UnixNano() }

// A counter is not replaced, but for one of its methods.
type counter[T any] struct{ n int }

func (c *counter[T]) add() { c.n++ }

func (c *counter[T]) double() { c.n *= 2 }

type point struct{ x, y int }

var (
	count   int
	once    sync.Once
	words   = map[string]int{"one": 1}
	digits  = []int{1, 2, 3}
	corner  = &point{1, 2}
	grid    [2]point
	nothing map[string]int
	fixed   = []string{"never", "assigned"}
	// Limit may change in another package.
	Limit = 10
)

func change() {
	count++
	once.Do(func() { count += 10 })
	words["two"] = len(fixed)
	delete(words, "one")
	digits[0], digits[1] = 7, 8
	digits = append(digits, 4)
	corner.x = 5
	grid[1].y = 6
	nothing = map[string]int{"some": 1}
	Limit--
}
