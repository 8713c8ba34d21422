// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package watch

import (
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/internal/held"
)

func onMistake(f func(Mistake)) (restore func()) {
	return held.Handle(func(m held.Mistake) {
		public := Mistake{Kind: MistakeKind(m.Kind), text: m.Report}
		for _, l := range m.Locks {
			public.Locks = append(public.Locks, Lock{Type: l.Type, Name: l.Name, Addr: l.Addr})
		}
		f(public)
	})
}

func transfer(lock unsafe.Pointer, size uintptr) { held.Transfer(lock, size) }

func heldFor(limit time.Duration) (restore func()) {
	before := held.HeldFor(limit)
	return func() { held.HeldFor(before) }
}
