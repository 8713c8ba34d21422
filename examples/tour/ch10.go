// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch10 = chapter{dir: "ch10", title: "Ideas"}
