// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch08 = chapter{dir: "ch08", title: "The operating system"}
