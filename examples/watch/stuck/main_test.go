// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"io"
	"net/http/httptest"
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

// TestDebug has both pages at their places.
func TestDebug(t *testing.T) {
	for path, want := range map[string]string{
		"/debug/osync/?format=json":      `"waiters"`,
		"/debug/pprof/goroutine?debug=1": "TestDebug",
	} {
		r := httptest.NewRecorder()
		debug().ServeHTTP(r, httptest.NewRequest("GET", path, nil))
		if r.Code != 200 || !strings.Contains(r.Body.String(), want) {
			t.Errorf("%s: status %d, want %q in it:\n%.300s", path, r.Code, want, r.Body.String())
		}
	}
}
