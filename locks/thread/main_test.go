// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"os"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

func TestMain(m *testing.M) {
	if program := mainPrograms[os.Getenv(ofMain)]; program != nil {
		program()
		return
	}
	locktest.Main(m)
}
