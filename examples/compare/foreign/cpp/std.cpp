// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The locks of the C++ standard library: std::mutex, std::shared_mutex, std::condition_variable and
// std::counting_semaphore.

#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <shared_mutex>

#define PEER "C++ std"

using peer_mutex = std::mutex;
#define MUTEX_INIT {}

static inline void mutex_lock(peer_mutex *m) { m->lock(); }
static inline void mutex_unlock(peer_mutex *m) { m->unlock(); }

using peer_cond = std::condition_variable;
#define COND_INIT {}

static inline void cond_wait(peer_cond *c, peer_mutex *m)
{
	std::unique_lock<std::mutex> held(*m, std::adopt_lock);
	c->wait(held);
	held.release();
}

static inline void cond_signal(peer_cond *c) { c->notify_one(); }
static inline void cond_broadcast(peer_cond *c) { c->notify_all(); }

#define HAVE_RWLOCK
using peer_rwlock = std::shared_mutex;
#define RWLOCK_INIT {}

static inline void read_lock(peer_rwlock *l) { l->lock_shared(); }
static inline void read_unlock(peer_rwlock *l) { l->unlock_shared(); }
static inline void write_lock(peer_rwlock *l) { l->lock(); }
static inline void write_unlock(peer_rwlock *l) { l->unlock(); }

#define HAVE_SEMAPHORE
struct peer_semaphore {
	std::counting_semaphore<> s{0};
};

static inline void semaphore_init(peer_semaphore *) {} // the constructor has done it
static inline void semaphore_wait(peer_semaphore *s) { s->s.acquire(); }
static inline void semaphore_post(peer_semaphore *s) { s->s.release(); }

#include "../c/harness.h"
