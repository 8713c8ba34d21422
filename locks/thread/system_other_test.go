// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows && !freebsd && !openbsd && !netbsd && !dragonfly

package thread_test

import (
	"testing"

	"github.com/osync-go/osync/locks/thread"
)

// There is nothing to read back.

const cutName = ""

var systemPriorities map[thread.Priority]string

func systemName(*testing.T) string { return "" }

func systemPriority(*testing.T) string { return "" }
