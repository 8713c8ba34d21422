// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package typeargs

import (
	"sync"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/guard"
	"github.com/osync-go/osync/locks/shared"
)

type config struct {
	limits [2]struct{ name string }
}

type counters struct {
	mu shared.Mutex
	n  [8]int64
}

var (
	_ guard.SeqLock[config] // want `the first use of this SeqLock panics, as typeargs.config.limits\[i\].name is a string, which has pointers`
	_ guard.SeqLock[*int]   // want `panics`
	_ guard.SeqLock[[4]int]
)

func maps[T any](r *shared.Region) {
	_, _ = shared.Map[counters](r)
	_, _ = shared.Map[T](r)
	_, _ = shared.Map[struct{ s []int }](r)        // want `Map returns ErrType`
	_, _ = shared.Map[struct{ mu locks.Mutex }](r) // want `is a locks.Mutex, which has a meaning in one process only`
	_, _ = shared.Map[struct{ mu sync.Mutex }](r)  // want `Map returns ErrType`
	_, _ = shared.Map[uintptr](r)                  // want `Map returns ErrType`
}
