// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package darwin

import "syscall"

// WorkgroupCopyPort returns [syscall.ENOSYS]: on iOS the call is private to Apple.
func WorkgroupCopyPort(wg Workgroup) (port uint32, err error) { return 0, syscall.ENOSYS }

// WorkgroupCreateWithPort returns [syscall.ENOSYS]: on iOS the call is private to Apple.
func WorkgroupCreateWithPort(name string, port uint32) (Workgroup, error) { return 0, syscall.ENOSYS }
