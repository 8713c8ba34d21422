// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package shared_test

type closeableHere struct{ _ uint32 }

func (c *closeableHere) addHere(map[string]straggling) {}
