// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch06 = chapter{dir: "ch06", title: "Arc: shared ownership"}
