// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package main

import "github.com/osync-go/osync/locks/shared"

// A mutex is one that programs in C know, too.
type mutex = shared.PthreadMutex

// initialize makes the mutex one that survives its owner.
func (r *ring) initialize() error { return r.mu.Init() }

const withC = true
