// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// What a program in C++ builds on std::atomic::wait: the mutex of Ulrich Drepper's "Futexes Are
// Tricky" (mutex2), and the condition variable of Mara Bos's "Rust Atomics and Locks".

#include <atomic>
#include <cstdint>

#define PEER "C++ atomic::wait"

struct peer_mutex {
	std::atomic<int> state{0}; // 0 is unlocked, 1 is locked, 2 is locked and somebody may wait
};
#define MUTEX_INIT {}

static inline void mutex_lock(peer_mutex *m)
{
	int unlocked = 0;
	if (m->state.compare_exchange_strong(unlocked, 1, std::memory_order_acquire))
		return;
	while (m->state.exchange(2, std::memory_order_acquire) != 0)
		m->state.wait(2, std::memory_order_relaxed);
}

static inline void mutex_unlock(peer_mutex *m)
{
	if (m->state.exchange(0, std::memory_order_release) == 2)
		m->state.notify_one();
}

struct peer_cond {
	std::atomic<int> wakeups{0};
};
#define COND_INIT {}

static inline void cond_wait(peer_cond *c, peer_mutex *m)
{
	int seen = c->wakeups.load(std::memory_order_relaxed);
	mutex_unlock(m);
	c->wakeups.wait(seen, std::memory_order_relaxed);
	mutex_lock(m);
}

static inline void cond_signal(peer_cond *c)
{
	c->wakeups.fetch_add(1, std::memory_order_relaxed);
	c->wakeups.notify_one();
}

static inline void cond_broadcast(peer_cond *c)
{
	c->wakeups.fetch_add(1, std::memory_order_relaxed);
	c->wakeups.notify_all();
}

#include "../c/harness.h"
