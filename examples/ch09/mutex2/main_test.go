// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/examples/ch09/internal/bench"
	"github.com/osync-go/osync/examples/internal/programtest"
	"github.com/osync-go/osync/internal/locktest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestMutex(t *testing.T) {
	locktest.Mutex(t, func() sync.Locker { return bench.PoliteMutex{Locker: new(mutex)} }, locktest.Slow(), locktest.Uneven())
}

func Benchmark(b *testing.B) { bench.Mutex(b, func() sync.Locker { return new(mutex) }) }
