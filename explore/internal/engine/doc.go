// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package engine runs goroutines one at a time and explores the orders of their steps.
package engine
