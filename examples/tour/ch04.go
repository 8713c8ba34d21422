// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch04 = chapter{dir: "ch04", title: "A spin lock of our own"}
