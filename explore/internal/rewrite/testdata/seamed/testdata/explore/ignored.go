// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build ignore

package seamed

func ignored() { doesNotCompile }
