// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/ch09/internal/bench"
	"github.com/osync-go/osync/examples/internal/programtest"
	"github.com/osync-go/osync/internal/locktest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestRWMutex(t *testing.T) {
	locktest.RWMutex(t, func() locktest.RWLocker { return bench.Polite{RWLocker: new(rwlock)} }, locktest.Slow(), locktest.Uneven())
}

func Benchmark(b *testing.B) { bench.RWMutex(b, func() bench.RWLocker { return new(rwlock) }) }
