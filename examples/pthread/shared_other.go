// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !(linux || darwin || freebsd)

package main

import "errors"

func shared() error { return errors.ErrUnsupported }

func runAsOther() bool { return false }
