// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package darwin_test

import (
	"crypto/rand"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/sys/darwin"
)

// twice returns the two addresses of a word of 8 bytes that is mapped twice.
func twice(t *testing.T) (first, second *atomic.Uint64) {
	t.Helper()
	name := "/osync-" + rand.Text()[:20]
	fd, err := darwin.ShmOpen(name, unix.O_RDWR|unix.O_CREAT|unix.O_EXCL, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	defer darwin.ShmUnlink(name)
	if err := unix.Ftruncate(fd, 4096); err != nil {
		t.Fatal(err)
	}
	var words [2]*atomic.Uint64
	for i := range words {
		m, err := unix.Mmap(fd, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Munmap(m) })
		words[i] = (*atomic.Uint64)(unsafe.Pointer(&m[0]))
	}
	return words[0], words[1]
}

// TestUlockShared lets threads wait at one address of a word, and wakes them at its other one, as processes do. Of 8 bytes only
// the upper half changes.
func TestUlockShared(t *testing.T) {
	needUlock(t)
	for _, c := range []struct {
		name            string
		op, private     uint32
		old, other, new uint64
	}{
		{"4 bytes", darwin.UL_COMPARE_AND_WAIT_SHARED, darwin.UL_COMPARE_AND_WAIT, 5, 6, 7},
		{"8 bytes", darwin.UL_COMPARE_AND_WAIT64_SHARED, darwin.UL_COMPARE_AND_WAIT64, 1<<40 | 5, 1<<41 | 5, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			here, there := twice(t)
			here.Store(c.old)
			if _, err := darwin.UlockWait2(c.op, unsafe.Pointer(there), c.other, 1e15, 0); err != nil {
				t.Errorf("UlockWait2 for another value = %v", err)
			}
			if _, err := darwin.UlockWait2(c.op, unsafe.Pointer(there), c.old, 1, 0); err != syscall.ETIMEDOUT && err != syscall.EINTR {
				t.Errorf("UlockWait2 for the value = %v, want ETIMEDOUT", err)
			}
			const threads = 3
			var done sync.WaitGroup
			for i := range threads {
				done.Go(func() {
					for here.Load() == c.old {
						var err error
						if i == 0 {
							_, err = darwin.UlockWait(c.op, unsafe.Pointer(here), c.old, 0)
						} else {
							_, err = darwin.UlockWait2(c.op, unsafe.Pointer(here), c.old, 0, 0)
						}
						if err != nil && err != syscall.EINTR {
							t.Errorf("wait = %v", err)
							return
						}
					}
				})
			}
			eventually(t, "a wake at the other address", func() bool {
				return darwin.UlockWake(c.op, unsafe.Pointer(there), 0) == nil
			})
			if err := darwin.UlockWake(c.private, unsafe.Pointer(there), 0); err != syscall.ENOENT {
				t.Errorf("a wake that is not shared, at the other address = %v, want ENOENT", err)
			}
			there.Store(c.new)
			if err := darwin.UlockWake(c.op|darwin.ULF_WAKE_ALL, unsafe.Pointer(there), 0); err != nil && err != syscall.ENOENT {
				t.Errorf("wake all = %v", err)
			}
			done.Wait()
		})
	}
}
