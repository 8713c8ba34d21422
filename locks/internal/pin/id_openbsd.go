// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pin

import "github.com/osync-go/osync/sys/openbsd"

// self returns the id of the calling thread.
func self() uint64 { return uint64(openbsd.Getthrid()) }
