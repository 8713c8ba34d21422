// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch01 = chapter{dir: "ch01", title: "Basics of concurrency"}
