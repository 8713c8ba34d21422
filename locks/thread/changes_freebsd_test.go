// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"math/bits"
	"syscall"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/freebsd"
)

// errDenied is the error of a change that needs a privilege.
var errDenied = syscall.EPERM

// changes returns what a function can do to its thread without package thread.
func changes() map[string]func() error {
	return map[string]func() error{
		"real-time": func() error {
			return freebsd.RtprioThread(freebsd.RTP_SET, 0, &freebsd.Rtprio{Type: freebsd.RTP_PRIO_REALTIME, Prio: freebsd.RTP_PRIO_MAX})
		},
		"affinity": func() error {
			cpus, err := thread.Affinity()
			if err != nil {
				return err
			}
			if len(cpus) < 2 {
				return syscall.ENOTSUP // there is nothing to choose
			}
			var mask []uint // as long as the kernel wants it
			for words := 1; words <= 128; words *= 2 {
				mask = make([]uint, words)
				if err = freebsd.CpusetGetaffinity(freebsd.CPU_LEVEL_WHICH, freebsd.CPU_WHICH_TID, -1, mask); err == nil {
					break
				}
			}
			if err != nil {
				return err
			}
			clear(mask)
			mask[cpus[0]/bits.UintSize] = 1 << (cpus[0] % bits.UintSize)
			return freebsd.CpusetSetaffinity(freebsd.CPU_LEVEL_WHICH, freebsd.CPU_WHICH_TID, -1, mask)
		},
	}
}
