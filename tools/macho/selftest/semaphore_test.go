// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin

package selftest

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestSemaphore(t *testing.T) {
	if runtime.GOARCH == "arm64" {
		t.Skip("sem_open wants its last two arguments on the stack; package pthread's tests call it")
	}
	const create, exclusive = 0x200, 0x800
	text := func(s string) uintptr {
		b := make([]byte, 64)
		copy(b, s)
		_, address := allocate([64]byte(b))
		return address
	}
	name := text(fmt.Sprintf("/selftest.%d", os.Getpid()))
	open := func(args ...uintptr) (int, syscall.Errno) { return wait("sem_open", args...) }
	expect(t, "one that is not", -1, syscall.ENOENT)(open(name, 0))
	expect(t, "a value that is too high", -1, syscall.EINVAL)(open(name, create, 0o600, 32768))
	long := text(strings.Repeat("x", 31))
	expect(t, "a name that is too long", -1, syscall.ENAMETOOLONG)(open(long, create, 0o600, 0))
	expect(t, "a name that is too long, unlink", -1, syscall.ENAMETOOLONG)(wait("sem_unlink", long))

	fd, errno := open(name, create|exclusive, 0o600, 1)
	if fd < 0 {
		t.Fatalf("sem_open: errno %d", int(errno))
	}
	s := uintptr(fd)
	expect(t, "another of that name", -1, syscall.EEXIST)(open(name, create|exclusive, 0o600, 1))
	fd, _ = open(name, create, 0o600, 7)
	same := uintptr(fd)
	if same == s {
		t.Error("two sem_open have one descriptor")
	}
	expect(t, "sem_wait", 0, 0)(wait("sem_wait", s))
	expect(t, "sem_trywait", -1, syscall.EAGAIN)(wait("sem_trywait", same))
	done := make(chan bool)
	go func() {
		expect(t, "sem_wait, another thread", 0, 0)(wait("sem_wait", same))
		done <- true
	}()
	time.Sleep(briefly)
	expect(t, "sem_post", 0, 0)(wait("sem_post", s))
	<-done
	expect(t, "sem_unlink", 0, 0)(wait("sem_unlink", name))
	expect(t, "sem_unlink again", -1, syscall.ENOENT)(wait("sem_unlink", name))
	expect(t, "sem_post after that", 0, 0)(wait("sem_post", s))
	expect(t, "sem_trywait after that", 0, 0)(wait("sem_trywait", same))
	expect(t, "sem_close", 0, 0)(wait("sem_close", s))
	expect(t, "sem_close again", -1, syscall.EBADF)(wait("sem_close", s))
	expect(t, "sem_post after sem_close", -1, syscall.EBADF)(wait("sem_post", s))
	expect(t, "sem_close of the second", 0, 0)(wait("sem_close", same))

	_, memory := allocate([2]uint64{})
	expect(t, "sem_init", -1, syscall.ENOSYS)(wait("sem_init", memory, 0, 1))
	expect(t, "sem_destroy", -1, syscall.ENOSYS)(wait("sem_destroy", memory))
	expect(t, "sem_getvalue", -1, syscall.ENOSYS)(wait("sem_getvalue", memory, memory+8))
}
