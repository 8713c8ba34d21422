// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/linux"
)

func TestMembarrier(t *testing.T) {
	has, err := linux.Membarrier(linux.MEMBARRIER_CMD_QUERY, 0, 0)
	skipMissing(t, err)
	want(t, "query", err, nil)

	// EINVAL for MEMBARRIER_CMD_GLOBAL requires a kernel with nohz_full CPUs, ENOMEM one
	// without memory.
	const noSuchCommand = 1 << 30
	_, err = linux.Membarrier(noSuchCommand, 0, 0)
	want(t, "unknown command", err, syscall.EINVAL)
	_, err = linux.Membarrier(linux.MEMBARRIER_CMD_QUERY, 0, 1<<7)
	want(t, "unknown flag", err, syscall.EINVAL)

	for _, c := range []struct {
		name           string
		register, call int32
	}{
		{"GLOBAL", 0, linux.MEMBARRIER_CMD_GLOBAL},
		{"GLOBAL_EXPEDITED", linux.MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, linux.MEMBARRIER_CMD_GLOBAL_EXPEDITED},
		{"PRIVATE_EXPEDITED", linux.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED},
		{"PRIVATE_EXPEDITED_RSEQ", linux.MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ},
	} {
		t.Run(c.name, func(t *testing.T) {
			if has&int(c.call) == 0 {
				t.Skip("this kernel does not have it")
			}
			if c.register != 0 {
				n, err := linux.Membarrier(c.register, 0, 0)
				wantCount(t, "register", n, err, 0)
				if has&linux.MEMBARRIER_CMD_GET_REGISTRATIONS != 0 {
					registered, err := linux.Membarrier(linux.MEMBARRIER_CMD_GET_REGISTRATIONS, 0, 0)
					if registered&int(c.register) == 0 || err != nil {
						t.Errorf("registrations are %#x, %v, want %#x among them", registered, err, c.register)
					}
				}
			}
			n, err := linux.Membarrier(c.call, 0, 0)
			wantCount(t, "barrier", n, err, 0)
			if c.call == linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ {
				n, err := linux.Membarrier(c.call, 0, linux.MEMBARRIER_CMD_FLAG_CPU)
				wantCount(t, "barrier of one CPU", n, err, 0)
			}
		})
	}

	// No test registers for this command.
	if has&linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE == 0 {
		t.Skip("this kernel lacks MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE")
	}
	_, err = linux.Membarrier(linux.MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE, 0, 0)
	want(t, "without registration", err, syscall.EPERM)
}
