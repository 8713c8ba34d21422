// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package watch

import (
	"github.com/osync-go/osync/locks/internal/held"
	"github.com/osync-go/osync/locks/internal/observe"
)

func init() { observe.OwnerOf = held.HolderOf }
