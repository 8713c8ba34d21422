// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch03 = chapter{dir: "ch03", title: "Memory ordering"}
