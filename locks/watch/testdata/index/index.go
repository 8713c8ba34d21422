// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package index locks its locks while a caller may hold others.
package index

import "github.com/osync-go/osync/locks"

// An Index has two locks, of which Words is locked first.
type Index struct {
	Words locks.RWMutex
	Log   locks.FairMutex
}

// Add locks both.
func (x *Index) Add() {
	x.Words.Lock()
	defer x.Words.Unlock()
	x.Log.Lock()
	x.Log.Unlock()
}

// Flush calls f with Log locked.
func (x *Index) Flush(f func()) {
	x.Log.Lock()
	defer x.Log.Unlock()
	f()
}
