// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch05 = chapter{dir: "ch05", title: "Channels of our own"}
