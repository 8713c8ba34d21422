// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// Package linux binds the system calls on which locks are built on Linux, one to one.
package linux
