// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch09 = chapter{dir: "ch09", title: "Locks of our own"}
