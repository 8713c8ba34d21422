// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook

import (
	"unsafe"

	"github.com/osync-go/osync/explore/internal/engine"
)

// Go is the statement go f().
func Go(f func()) {
	if t := engine.Self(); t != nil {
		t.Go(f)
		return
	}
	go f()
}

// R returns p, which its caller then loads from.
func R[T any](p *T) *T {
	plain(p, false)
	return p
}

// W returns p, which its caller then stores to.
func W[T any](p *T) *T {
	plain(p, true)
	return p
}

func plain[T any](p *T, write bool) {
	if t := engine.Self(); t != nil {
		t.Plain(unsafe.Pointer(p), unsafe.Sizeof(*p), write)
	}
}
