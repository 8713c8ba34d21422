// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build amd64 || arm64

package main

func supported() error { return nil }

// addOrdered takes the lock with acquire ordering, adds 1 to the counter and leaves the lock
// with release ordering. It does nothing and reports false if the lock is held.
//
//go:noescape
func addOrdered(p *guarded) bool

// addRelaxed is addOrdered without any ordering.
//
//go:noescape
func addRelaxed(p *guarded) bool
