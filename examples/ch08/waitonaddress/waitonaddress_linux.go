// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"io"
	"sync/atomic"
	"syscall"

	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

func show(out io.Writer) error {
	word := new([2]atomic.Uint32) // eight bytes
	for _, s := range []struct {
		bytes int
		flag  uint32
	}{{1, linux.FUTEX2_SIZE_U8}, {2, linux.FUTEX2_SIZE_U16}, {4, linux.FUTEX2_SIZE_U32}, {8, linux.FUTEX2_SIZE_U64}} {
		// The word is 0, so a size that the kernel takes is told with EAGAIN.
		w := []linux.FutexWaiter{{Val: 1, Addr: &word[0], Flags: s.flag | linux.FUTEX2_PRIVATE}}
		_, err := linux.FutexWaitv(w, nil, unix.CLOCK_MONOTONIC, 0)
		if err == syscall.ENOSYS || err == syscall.EPERM {
			return fmt.Errorf("%w: futex_waitv came with Linux 5.16 (%v)", syscall.ENOSYS, err)
		}
		fmt.Fprintf(out, "futex_waitv, %d bytes: sleep while the word is 1, but it is 0: %v\n", s.bytes, err)
		switch {
		case s.bytes == 4 && err != syscall.EAGAIN:
			return fmt.Errorf("got %w, want EAGAIN", err)
		case s.bytes != 4 && err == syscall.EINVAL:
			fmt.Fprintln(out, "  invalid: no such size yet")
		}
	}
	return nil
}
