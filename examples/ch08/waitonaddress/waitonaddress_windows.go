// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"fmt"
	"io"
	"sync/atomic"
	"unsafe"

	"github.com/osync-go/osync/sys/windows"
)

func show(out io.Writer) error {
	word := new(atomic.Uint64)
	for _, size := range []uintptr{1, 2, 4, 8} {
		word.Store(1 << 32) // changed in the fifth byte
		var old uint64
		err := windows.WaitOnAddress(unsafe.Pointer(word), unsafe.Pointer(&old), size, 1)
		fmt.Fprintf(out, "%d bytes: sleep while the word is 0, but its fifth byte is 1: %v\n", size, said(err))
		if want := size < 8; (err == windows.ERROR_TIMEOUT) != want {
			return fmt.Errorf("%d bytes: got %v", size, err)
		}
		// And a real sleep, which a store of the first byte and a wake end.
		word.Store(0)
		done := make(chan error)
		go func() {
			var err error
			for word.Load() == 0 && err == nil {
				err = windows.WaitOnAddress(unsafe.Pointer(word), unsafe.Pointer(new(uint64)), size, windows.INFINITE)
			}
			done <- err
		}()
		word.Store(1)
		if err := windows.WakeByAddressSingle(unsafe.Pointer(word)); err != nil {
			return err
		}
		if err := <-done; err != nil {
			return err
		}
	}
	return nil
}

func said(err error) string {
	if err == nil {
		return "returned at once"
	}
	return err.Error()
}
