// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"runtime"
	"strings"
	"unsafe"
)

var (
	semOpen   = symbol("sem_open").returning(setsErrno)
	semClose  = symbol("sem_close").returning(setsErrno)
	semUnlink = symbol("sem_unlink").returning(setsErrno)
)

// OpenSem opens the semaphore with the given name, which all processes of the system see. The flag is 0, or
// [os.O_CREATE] to make the semaphore if it does not exist; with [os.O_EXCL] as well, OpenSem fails if it exists. A new
// semaphore has the given value, and permissions as for a file, such as 0o600, reduced by the umask except on macOS. If
// the semaphore exists, mode and value are ignored.
//
//	sem_open(name, flag, mode, value)
//
// A name begins with a slash and has no other. On Linux it is a file in /dev/shm, sem.name with glibc and name with
// musl, so that their programs do not see each other's. It stays until [UnlinkSem], or until the system restarts.
//
// Errors: ENOENT without O_CREATE if there is none, EEXIST with O_EXCL if there is one, EACCES if the mode
// does not let the caller read and write, EINVAL for another slash in the name or a value above SEM_VALUE_MAX (32,767 on
// macOS), ENAMETOOLONG for a name of more than 251 bytes after the slash (musl: 255; macOS: 30 with the slash), which glibc
// calls EINVAL from 256 on, EMFILE, ENFILE, ENOSPC, ENOMEM. A name with a zero byte is EINVAL.
//
// On a system without named semaphores, such as a Linux without /dev/shm, OpenSem returns an [errors.ErrUnsupported] or
// ENOENT.
//
// Each OpenSem needs one [Sem.Close]; a Sem that is collected as garbage is closed. Two calls with the same name return
// two handles, though in C, except on macOS, it is one pointer.
func OpenSem(name string, flag int, mode, value uint32) (*Sem, error) {
	r, e, err := callNamed(semOpen, name, uintptr(flag), uintptr(mode), uintptr(value))
	switch {
	case err != nil:
		return nil, err
	case r == semFailed():
		return nil, semOpen.failed(e)
	}
	s := &Sem{o: &object{addr: r}, named: true}
	runtime.AddCleanup(s, func(o *object) { _ = o.close() }, s.o)
	return s, nil
}

// semFailed returns SEM_FAILED: on macOS -1, since a sem_t * is a file descriptor there, and 0 can be one.
func semFailed() uintptr {
	if runtime.GOOS == "darwin" {
		return ^uintptr(0)
	}
	return 0
}

// UnlinkSem removes the name. Processes that have the semaphore open keep it; the next OpenSem of that name makes
// another one.
//
//	sem_unlink(name)
//
// ENOENT means that there is no such semaphore, EACCES that the caller lacks permission; ENAMETOOLONG has the same
// meaning as for [OpenSem]. For an invalid name glibc returns ENOENT, others EINVAL.
func UnlinkSem(name string) error {
	r, e, err := callNamed(semUnlink, name, 0)
	switch {
	case err != nil:
		return err
	case int32(r) == -1:
		return semUnlink.failed(e)
	}
	return nil
}

// callNamed calls f with the name and what follows it, a, and more if f is variadic.
func callNamed(f *function, name string, a uintptr, more ...uintptr) (uintptr, errno, error) {
	if err := load(); err != nil {
		return 0, 0, err
	}
	if err := f.missing(); err != nil {
		return 0, 0, err
	}
	if strings.IndexByte(name, 0) >= 0 {
		return 0, 0, EINVAL
	}
	var pin runtime.Pinner // puts the name in the heap, where C can access it
	defer pin.Unpin()
	text := append([]byte(name), 0)
	pin.Pin(&text[0])
	r, e := callVariadic(f, uintptr(unsafe.Pointer(&text[0])), a, more...)
	return r, errno(e), nil
}

// Close closes this handle. Each later call returns [ErrDestroyed], except Close, which does nothing. The semaphore
// itself continues to exist. Close does not affect calls in progress, such as a Wait: sem_close is called after the
// last of them. EINVAL means that s is not from [OpenSem].
//
//	sem_close(s)
func (s *Sem) Close() error {
	defer runtime.KeepAlive(s)
	switch {
	case s.o == nil:
		return ErrNotMade
	case !s.named:
		return EINVAL
	case s.o.unusable.Swap(true):
		return nil
	}
	return s.o.closeUnused()
}

// closeUnused calls close if Close has been called and no call is in progress. The order of the checks matters: if
// Close was called and afterwards there are no users, no later call can get past enter. In the reverse order, another
// user could still enter before Close is called.
func (o *object) closeUnused() error {
	if !o.unusable.Load() || o.users.Load() != 0 {
		return nil
	}
	return o.close()
}

// close calls sem_close, once: no call is in progress, and none can begin.
func (o *object) close() error {
	if o.closed.Swap(true) {
		return nil
	}
	return check(semClose.do(o.addr, 0, 0))
}
