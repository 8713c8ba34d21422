// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package cgobench calls the system's pthread functions through cgo, to compare with package
// pthread. It is a module of its own, so that osync stays free of cgo.
//
//	cd pthread/internal/cgobench
//	GOWORK=off go test -v -run TestRatios .
//	GOWORK=off go test -run '^$' -bench . -count 10 .
package cgobench

/*
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <time.h>

static void *mutex_new(void) {
	pthread_mutex_t *m = calloc(1, sizeof *m);
	pthread_mutex_init(m, NULL);
	return m;
}

static void *rwlock_new(void) {
	pthread_rwlock_t *l = calloc(1, sizeof *l);
	pthread_rwlock_init(l, NULL);
	return l;
}

static void *cond_new(void) {
	pthread_cond_t *c = calloc(1, sizeof *c);
	pthread_cond_init(c, NULL);
	return c;
}

#ifdef __APPLE__
static void *sem_new(void) { return NULL; } // it has none without a name
#else
static void *sem_new(void) {
	sem_t *s = calloc(1, sizeof *s);
	sem_init(s, 0, 0);
	return s;
}
#endif
*/
import "C"

import (
	"runtime"
	"syscall"
)

// A mutex is a pthread_mutex_t as a careful program binds it through cgo: who locks it stays on
// its thread.
type mutex struct{ m *C.pthread_mutex_t }

func newMutex() mutex { return mutex{(*C.pthread_mutex_t)(C.mutex_new())} }

func (m mutex) lock() error {
	runtime.LockOSThread()
	return locked(C.pthread_mutex_lock(m.m))
}

func (m mutex) tryLock() error {
	runtime.LockOSThread()
	return locked(C.pthread_mutex_trylock(m.m))
}

func (m mutex) timedLock(sec, nsec int64) error {
	runtime.LockOSThread()
	t := C.struct_timespec{C.time_t(sec), C.long(nsec)}
	return locked(C.pthread_mutex_timedlock(m.m, &t))
}

func (m mutex) unlock() error { return unlocked(C.pthread_mutex_unlock(m.m)) }

// plain does what a program does that knows nothing of threads and looks at no error.
func (m mutex) plain() {
	C.pthread_mutex_lock(m.m)
	C.pthread_mutex_unlock(m.m)
}

func locked(r C.int) error {
	if r != 0 {
		runtime.UnlockOSThread()
		return syscall.Errno(r)
	}
	return nil
}

func unlocked(r C.int) error {
	if r != 0 {
		return syscall.Errno(r)
	}
	runtime.UnlockOSThread()
	return nil
}

type rwlock struct{ l *C.pthread_rwlock_t }

func newRWLock() rwlock { return rwlock{(*C.pthread_rwlock_t)(C.rwlock_new())} }

func (l rwlock) rdLock() error {
	runtime.LockOSThread()
	return locked(C.pthread_rwlock_rdlock(l.l))
}

func (l rwlock) unlock() error { return unlocked(C.pthread_rwlock_unlock(l.l)) }

type cond struct{ c *C.pthread_cond_t }

func newCond() cond { return cond{(*C.pthread_cond_t)(C.cond_new())} }

func (c cond) signal() error {
	if r := C.pthread_cond_signal(c.c); r != 0 {
		return syscall.Errno(r)
	}
	return nil
}

func self() uintptr { return uintptr(C.pthread_self()) }

// A sem is a sem_t. A semaphore has no owner, so no goroutine is held on its thread.
type sem struct{ s *C.sem_t }

func newSem() sem { return sem{(*C.sem_t)(C.sem_new())} }

func (s sem) post() error {
	if r, err := C.sem_post(s.s); r != 0 {
		return err
	}
	return nil
}

func (s sem) wait() error {
	if r, err := C.sem_wait(s.s); r != 0 {
		return err
	}
	return nil
}
