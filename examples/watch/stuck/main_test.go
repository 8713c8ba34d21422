// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

// Test has the program find its problems. The goroutines that are stuck stay until the test binary ends.
func Test(t *testing.T) {
	var text bytes.Buffer
	programtest.Run(t, func(out io.Writer) error { return show(io.MultiWriter(out, &text), problems) })
	for _, want := range []string{"(*server).reload", "for audit log (locks.Mutex", "for orders (locks.Mutex", "for stock (locks.Mutex"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("it does not say %q", want)
		}
	}
}
