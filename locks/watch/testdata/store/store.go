// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package store uses an index.
package store

import (
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch/testdata/index"
)

// A Store has a lock that is locked before those of its index.
type Store struct {
	mu    locks.Mutex
	Index index.Index
}

// Put adds something to the index.
func (s *Store) Put() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Index.Add()
}

// Save flushes the index, and locks in the wrong order for that.
func (s *Store) Save() {
	s.Index.Flush(func() {
		s.mu.Lock()
		s.mu.Unlock()
	})
}
