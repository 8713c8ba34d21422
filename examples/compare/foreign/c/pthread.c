// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The locks of the C library: pthread_mutex_t, pthread_rwlock_t, pthread_cond_t and sem_t.

#include <pthread.h>
#include <semaphore.h>

#if defined(__GLIBC__)
#define PEER "glibc"
#elif defined(__APPLE__)
#define PEER "macOS pthread"
#else
#define PEER "pthread"
#endif

typedef pthread_mutex_t peer_mutex;
#define MUTEX_INIT PTHREAD_MUTEX_INITIALIZER

static inline void mutex_lock(peer_mutex *m) { pthread_mutex_lock(m); }
static inline void mutex_unlock(peer_mutex *m) { pthread_mutex_unlock(m); }

typedef pthread_cond_t peer_cond;
#define COND_INIT PTHREAD_COND_INITIALIZER

static inline void cond_wait(peer_cond *c, peer_mutex *m) { pthread_cond_wait(c, m); }
static inline void cond_signal(peer_cond *c) { pthread_cond_signal(c); }
static inline void cond_broadcast(peer_cond *c) { pthread_cond_broadcast(c); }

#define HAVE_RWLOCK
typedef pthread_rwlock_t peer_rwlock;
#define RWLOCK_INIT PTHREAD_RWLOCK_INITIALIZER

static inline void read_lock(peer_rwlock *l) { pthread_rwlock_rdlock(l); }
static inline void read_unlock(peer_rwlock *l) { pthread_rwlock_unlock(l); }
static inline void write_lock(peer_rwlock *l) { pthread_rwlock_wrlock(l); }
static inline void write_unlock(peer_rwlock *l) { pthread_rwlock_unlock(l); }

#ifndef __APPLE__ // whose sem_init returns ENOSYS
#define HAVE_SEMAPHORE
typedef sem_t peer_semaphore;

static inline void semaphore_init(peer_semaphore *s) { sem_init(s, 0, 0); }
static inline void semaphore_post(peer_semaphore *s) { sem_post(s); }

static inline void semaphore_wait(peer_semaphore *s)
{
	while (sem_wait(s) != 0) // a signal handler has run
		;
}
#endif

#include "harness.h"
