// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// Commands of [Membarrier], as in include/uapi/linux/membarrier.h. Each command but the query is
// also a bit in the result of the query.
const (
	MEMBARRIER_CMD_QUERY                                = 0
	MEMBARRIER_CMD_GLOBAL                               = 1 << 0 // Linux 4.3, takes milliseconds
	MEMBARRIER_CMD_GLOBAL_EXPEDITED                     = 1 << 1 // Linux 4.16
	MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED            = 1 << 2 // Linux 4.16
	MEMBARRIER_CMD_PRIVATE_EXPEDITED                    = 1 << 3 // Linux 4.14
	MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED           = 1 << 4 // Linux 4.14
	MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE          = 1 << 5 // Linux 4.16
	MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE = 1 << 6 // Linux 4.16
	MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ               = 1 << 7 // Linux 5.10
	MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ      = 1 << 8 // Linux 5.10
	MEMBARRIER_CMD_GET_REGISTRATIONS                    = 1 << 9 // Linux 6.3

	// MEMBARRIER_CMD_SHARED is the old name of MEMBARRIER_CMD_GLOBAL.
	MEMBARRIER_CMD_SHARED = MEMBARRIER_CMD_GLOBAL
)

// MEMBARRIER_CMD_FLAG_CPU limits MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ to one CPU.
const MEMBARRIER_CMD_FLAG_CPU = 1 << 0

// Membarrier makes every running thread of a set execute a full memory barrier at whatever point it
// has reached.
//
//	membarrier(cmd, flags, cpu)
//
// It lets the frequent side of an algorithm omit its barrier at the cost of the rare side. The set
// is: this process, for the PRIVATE commands; the processes that have registered, for
// GLOBAL_EXPEDITED; all, for GLOBAL. A process registers for the expedited commands once, with the
// REGISTER command of the same name. The kernel uses cpu only with MEMBARRIER_CMD_FLAG_CPU.
//
// For MEMBARRIER_CMD_QUERY the result is the set of commands that this kernel has, for
// MEMBARRIER_CMD_GET_REGISTRATIONS the set of registered commands; for others it is 0. Errors are
// of type [syscall.Errno]: EINVAL for an unknown command or flag, or for MEMBARRIER_CMD_GLOBAL on a
// kernel with nohz_full CPUs; EPERM for an expedited private command without registration; ENOMEM
// if the kernel lacks memory; ENOSYS on older kernels.
//
// The call may block its OS thread for milliseconds, and the Go scheduler runs other
// goroutines meanwhile. It may be made from any thread.
//
// Since Linux 4.3; the commands name their own versions. See membarrier(2).
func Membarrier(cmd, cpu int32, flags uint32) (int, error) {
	n, _, errno := syscall.Syscall6(unix.SYS_MEMBARRIER, uintptr(cmd), uintptr(flags), uintptr(cpu), 0, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}
