// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch02 = chapter{dir: "ch02", title: "Atomics"}
