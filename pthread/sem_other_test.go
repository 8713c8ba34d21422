// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin || freebsd || netbsd

package pthread_test

import (
	"testing"

	"github.com/osync-go/osync/pthread"
)

const tooLongName = pthread.TooLong

// signalsTo skips the test: only Linux lets a program send a signal to one thread without C.
func signalsTo(t *testing.T) func(thread uint64) {
	t.Skip("needs tgkill")
	return nil
}
