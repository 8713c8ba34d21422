// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park_test

import (
	"testing"

	"github.com/osync-go/osync/internal/locktest"
)

func TestMain(m *testing.M) { locktest.Main(m) }
