// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package main

import "github.com/osync-go/osync/locks/shared"

// A mutex is one for Go programs. Only on Linux is there one that programs in C know, too.
type mutex = shared.Mutex

// initialize has nothing to do: zeros are an unlocked mutex.
func (r *ring) initialize() error { return nil }

const withC = false
