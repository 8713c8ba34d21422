// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"io/fs"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/pthread"
)

const tooLongName = syscall.ENAMETOOLONG

// signalsTo returns a function that sends a signal to a thread of this program, one that Go handles and ignores.
func signalsTo(t *testing.T) func(thread uint64) {
	return func(thread uint64) { must(t, unix.Tgkill(unix.Getpid(), int(thread), unix.SIGURG)) }
}

// TestSemMode checks the permissions to open a semaphore, as a user who is not the superuser.
func TestSemMode(t *testing.T) {
	need(t, "sem_open")
	mode := uint32(0o600)
	if os.Geteuid() != 0 {
		mode = 0 // then not even its owner may
	}
	name := semName()
	s, err := pthread.OpenSem(name, createNew, mode, 0)
	needNames(t, err)
	elsewhere(func() {
		const nobody = 65534
		if old, err := unix.SetfsuidRetUid(nobody); err == nil { // for this thread's access to files
			defer unix.SetfsuidRetUid(old)
		}
		_, err := pthread.OpenSem(name, 0, 0, 0)
		wants(t, "OpenSem", err, fs.ErrPermission)
		_, err = pthread.OpenSem(name, create, 0o666, 0)
		wants(t, "OpenSem with O_CREATE", err, fs.ErrPermission)
		if os.Geteuid() == 0 { // the directory does not let a user remove the files of another user
			wants(t, "UnlinkSem", pthread.UnlinkSem(name), fs.ErrPermission)
		}
	})
	must(t, pthread.UnlinkSem(name))
	must(t, s.Close())
}

// TestSemFiles opens a semaphore when the process may open no more files. The other errors of that kind, ENFILE,
// ENOSPC and ENOMEM, require a system without resources.
func TestSemFiles(t *testing.T) {
	_, name := openSem(t, 0)
	var limit unix.Rlimit
	must(t, unix.Prlimit(0, unix.RLIMIT_NOFILE, nil, &limit))
	least := limit
	least.Cur = 1
	must(t, unix.Prlimit(0, unix.RLIMIT_NOFILE, &least, nil))
	_, err := pthread.OpenSem(name, 0, 0, 0)
	must(t, unix.Prlimit(0, unix.RLIMIT_NOFILE, &limit, nil))
	wants(t, "OpenSem", err, syscall.EMFILE)
}
