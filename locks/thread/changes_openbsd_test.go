// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"errors"

	"github.com/osync-go/osync/sys/openbsd"
)

// errDenied is the error of a change that needs a privilege: there is none.
var errDenied = errors.New("denied")

// changes returns what a function can do to its thread without package thread.
func changes() map[string]func() error {
	return map[string]func() error{
		"name": func() error { return openbsd.Setthrname(0, []byte("renamed\x00")) },
	}
}
