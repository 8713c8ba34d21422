// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Google's nsync: nsync_mu, which is a mutex and a readers-writer lock, and nsync_cv.

#include <nsync.h>

#define PEER "nsync"

typedef nsync_mu peer_mutex;
#define MUTEX_INIT NSYNC_MU_INIT

static inline void mutex_lock(peer_mutex *m) { nsync_mu_lock(m); }
static inline void mutex_unlock(peer_mutex *m) { nsync_mu_unlock(m); }

typedef nsync_cv peer_cond;
#define COND_INIT NSYNC_CV_INIT

static inline void cond_wait(peer_cond *c, peer_mutex *m) { nsync_cv_wait(c, m); }
static inline void cond_signal(peer_cond *c) { nsync_cv_signal(c); }
static inline void cond_broadcast(peer_cond *c) { nsync_cv_broadcast(c); }

#define HAVE_RWLOCK
typedef nsync_mu peer_rwlock;
#define RWLOCK_INIT NSYNC_MU_INIT

static inline void read_lock(peer_rwlock *l) { nsync_mu_rlock(l); }
static inline void read_unlock(peer_rwlock *l) { nsync_mu_runlock(l); }
static inline void write_lock(peer_rwlock *l) { nsync_mu_lock(l); }
static inline void write_unlock(peer_rwlock *l) { nsync_mu_unlock(l); }

#include "harness.h"
