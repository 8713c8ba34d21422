// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !unix && !windows

package main

import "time"

// ownTime returns 0: it is not known here.
func ownTime() time.Duration { return 0 }
