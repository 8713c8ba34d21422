// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"io"
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/sys/darwin"
)

func show(out io.Writer) error {
	word := new(atomic.Uint64)
	addr := unsafe.Pointer(word)
	for _, size := range []uintptr{4, 8} {
		word.Store(1 << 32) // changed in the fifth byte
		var err error = syscall.EINTR
		for err == syscall.EINTR { // the Go runtime sends signals
			_, err = darwin.SyncWaitOnAddressWithTimeout(addr, 0, size, 0, darwin.OS_CLOCK_MACH_ABSOLUTE_TIME, 1e6)
		}
		if err == syscall.ENOSYS {
			return fmt.Errorf("%w: os_sync_wait_on_address came with macOS 14.4", err)
		}
		fmt.Fprintf(out, "%d bytes: sleep while the word is 0, but its fifth byte is 1: %v\n", size, said(err))
		if want := size < 8; (err == syscall.ETIMEDOUT) != want {
			return fmt.Errorf("%d bytes: got %v", size, err)
		}
		// And a real sleep, which a store of the first byte and a wake end.
		word.Store(0)
		done := make(chan struct{})
		go func() {
			defer close(done)
			for word.Load() == 0 {
				_, _ = darwin.SyncWaitOnAddress(addr, 0, size, 0) // whatever it says, the word decides
			}
		}()
		word.Store(1)
		if err := darwin.SyncWakeByAddressAny(addr, size, 0); err != nil && err != syscall.ENOENT {
			return err
		}
		<-done
	}
	return nil
}

func said(err error) string {
	if err == nil {
		return "returned at once"
	}
	return err.Error()
}
