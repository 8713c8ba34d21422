// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch07 = chapter{dir: "ch07", title: "The processor"}
