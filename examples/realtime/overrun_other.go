// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package main

// deadlineClasses are for Linux.
var deadlineClasses []class
