// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package main

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "work" { // as a worker
		main()
		return
	}
	os.Exit(m.Run())
}

func TestCompare(t *testing.T) {
	if _, err := exec.LookPath("cc"); err != nil {
		t.Skip("no C compiler: ", err)
	}
	*processes, *each, *rounds, *length = 2, 2, 1, 20*time.Millisecond
	if err := run(); err != nil {
		t.Fatal(err)
	}
}
