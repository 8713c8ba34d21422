// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The locks of pthread, in memory with macOS's layout: the first word identifies the object, and
// whether it was initialized by a function, by a static initializer, or not at all.
#include "macho.h"

enum {
	MUTEX = 0x4d555458, MUTEX_STATIC = 0x32aaaba7, MUTEX_STATIC_FIRSTFIT = 0x32aaaba3, MUTEX_STATIC_ERRORCHECK = 0x32aaaba1, MUTEX_STATIC_RECURSIVE = 0x32aaaba2,
	COND = 0x434f4e44, COND_STATIC = 0x3cb0b1bb, RWLOCK = 0x52574c4b, RWLOCK_STATIC = 0x2da8b3b4, ONCE = 0x4f4e4345, ONCE_STATIC = 0x30b1bcba,
	MUTEX_ATTRIBUTES = 0x4d545841, COND_ATTRIBUTES = 0x434e4441, RWLOCK_ATTRIBUTES = 0x52574c41,
};

// me identifies the calling thread among those of all processes that share a lock.
static uint64_t me(void) { return self->id | (uint64_t)getpid() << 32; }

// The state of a mutex is 0 if it is free, 1 if it is locked, and 2 if it is locked and may have waiters.
enum { NORMAL, ERRORCHECK, RECURSIVE };
struct mutex {
	uint64_t signature;
	uint32_t state, type;
	uint64_t owner;
	uint32_t depth, shared, policy, protocol, reserved[6];
};
_Static_assert(sizeof(struct mutex) == 64, "pthread_mutex_t");
struct mutex_attributes { uint64_t signature; uint16_t type, shared, policy, protocol; };
_Static_assert(sizeof(struct mutex_attributes) == 16, "pthread_mutexattr_t");

static void lock_state(uint32_t *state) {
	if (compare_and_swap(state, 0, 1)) return;
	while (SWAP(state, 2)) futex_wait(state, 2, NEVER);
}
static void unlock_state(uint32_t *state) {
	if (SWAP(state, 0) == 2) futex_wake(state, 1);
}

static int check_mutex(struct mutex *m) {
	switch (m->signature) {
	case MUTEX: return 0;
	case MUTEX_STATIC: case MUTEX_STATIC_FIRSTFIT: m->type = NORMAL; break;
	case MUTEX_STATIC_ERRORCHECK: m->type = ERRORCHECK; break;
	case MUTEX_STATIC_RECURSIVE: m->type = RECURSIVE; break;
	default: return MAC_EINVAL;
	}
	STORE(&m->signature, MUTEX);
	return 0;
}
static int mac_pthread_mutex_init(struct mutex *m, const struct mutex_attributes *a) {
	if (a && a->signature != MUTEX_ATTRIBUTES) return MAC_EINVAL;
	*m = (struct mutex){.signature = MUTEX};
	if (a) m->type = a->type, m->shared = a->shared, m->policy = a->policy, m->protocol = a->protocol;
	return 0;
}
static int mac_pthread_mutex_destroy(struct mutex *m) {
	if (check_mutex(m)) return MAC_EINVAL;
	if (m->state) return MAC_EBUSY;
	m->signature = 0;
	return 0;
}
static int lock_mutex(struct mutex *m, bool try) {
	if (check_mutex(m)) return MAC_EINVAL;
	if (m->type != NORMAL && LOAD(&m->owner) == me()) {
		if (m->type == ERRORCHECK) return try ? MAC_EBUSY : MAC_EDEADLK;
		if (m->depth >= 65535) return MAC_EAGAIN;
		m->depth++;
		return 0;
	}
	if (!try) lock_state(&m->state);
	else if (!compare_and_swap(&m->state, 0, 1)) return MAC_EBUSY;
	STORE(&m->owner, me());
	m->depth = 1;
	return 0;
}
static int mac_pthread_mutex_lock(struct mutex *m) { return lock_mutex(m, false); }
static int mac_pthread_mutex_trylock(struct mutex *m) { return lock_mutex(m, true); }
static int mac_pthread_mutex_unlock(struct mutex *m) {
	if (check_mutex(m)) return MAC_EINVAL;
	if (m->type != NORMAL && m->owner != me()) return MAC_EPERM;
	if (m->type == RECURSIVE && --m->depth) return 0;
	STORE(&m->owner, 0);
	unlock_state(&m->state);
	return 0;
}

// ATTRIBUTE defines how to get and set one field of an object's attributes; valid says which
// values v it may have.
#define ATTRIBUTE(object, tag, expected, name, field, valid) \
	static int mac_pthread_##object##attr_get##name(const struct tag *a, int *v) { \
		if (a->signature != expected) return MAC_EINVAL; \
		*v = a->field; \
		return 0; \
	} \
	static int mac_pthread_##object##attr_set##name(struct tag *a, int v) { \
		if (a->signature != expected || !(valid)) return MAC_EINVAL; \
		a->field = v; \
		return 0; \
	}
#define ATTRIBUTES(object, tag, expected, ...) \
	static int mac_pthread_##object##attr_init(struct tag *a) { \
		*a = (struct tag){.signature = expected, __VA_ARGS__}; \
		return 0; \
	} \
	static int mac_pthread_##object##attr_destroy(struct tag *a) { \
		if (a->signature != expected) return MAC_EINVAL; \
		a->signature = 0; \
		return 0; \
	}
enum { SHARED = 1, PRIVATE = 2, FAIR = 1, FIRSTFIT = 3 };
ATTRIBUTES(mutex, mutex_attributes, MUTEX_ATTRIBUTES, .shared = PRIVATE, .policy = FIRSTFIT)
ATTRIBUTE(mutex, mutex_attributes, MUTEX_ATTRIBUTES, type, type, v >= NORMAL && v <= RECURSIVE)
ATTRIBUTE(mutex, mutex_attributes, MUTEX_ATTRIBUTES, pshared, shared, v == SHARED || v == PRIVATE)
ATTRIBUTE(mutex, mutex_attributes, MUTEX_ATTRIBUTES, protocol, protocol, v >= 0 && v <= 2)
ATTRIBUTE(mutex, mutex_attributes, MUTEX_ATTRIBUTES, policy_np, policy, v == FAIR || v == FIRSTFIT)

struct cond_attributes { uint64_t signature; uint32_t shared, reserved; };
ATTRIBUTES(cond, cond_attributes, COND_ATTRIBUTES, .shared = PRIVATE)
ATTRIBUTE(cond, cond_attributes, COND_ATTRIBUTES, pshared, shared, v == SHARED || v == PRIVATE)

struct rwlock_attributes { uint64_t signature; uint32_t shared, reserved[3]; };
ATTRIBUTES(rwlock, rwlock_attributes, RWLOCK_ATTRIBUTES, .shared = PRIVATE)
ATTRIBUTE(rwlock, rwlock_attributes, RWLOCK_ATTRIBUTES, pshared, shared, v == SHARED || v == PRIVATE)

// A waiter of a condition sleeps until the number of signals changes.
struct cond { uint64_t signature; uint32_t signals, waiters; uint64_t reserved[4]; };
_Static_assert(sizeof(struct cond) == 48, "pthread_cond_t");

static int check(uint64_t *signature, uint64_t initialized, uint64_t static_one) {
	if (*signature != initialized && *signature != static_one) return MAC_EINVAL;
	STORE(signature, initialized);
	return 0;
}
static int check_cond(struct cond *c) { return check(&c->signature, COND, COND_STATIC); }
static int mac_pthread_cond_init(struct cond *c, void *) {
	*c = (struct cond){.signature = COND};
	return 0;
}
static int mac_pthread_cond_destroy(struct cond *c) {
	if (check_cond(c)) return MAC_EINVAL;
	if (c->waiters) return MAC_EBUSY;
	c->signature = 0;
	return 0;
}
static int wait_for_signal(struct cond *c, struct mutex *m, uint64_t deadline) {
	if (check_mutex(m) || check_cond(c)) return MAC_EINVAL;
	uint32_t signals = LOAD(&c->signals);
	ADD(&c->waiters, 1);
	int error = mac_pthread_mutex_unlock(m);
	if (error) {
		ADD(&c->waiters, -1);
		return MAC_EINVAL;
	}
	error = futex_wait(&c->signals, signals, deadline);
	ADD(&c->waiters, -1);
	mac_pthread_mutex_lock(m);
	return error == ETIMEDOUT ? MAC_ETIMEDOUT : 0;
}
static int mac_pthread_cond_wait(struct cond *c, struct mutex *m) { return wait_for_signal(c, m, NEVER); }
static int wait_for_signal_during(struct cond *c, struct mutex *m, int64_t seconds, int64_t more) {
	if (seconds > UINT32_MAX) return wait_for_signal(c, m, NEVER); // nanoseconds would overflow
	int64_t limit = seconds < 0 ? -1 : seconds * (int64_t)SECOND + more;
	return wait_for_signal(c, m, limit < 0 ? 0 : after(limit));
}
static int mac_pthread_cond_timedwait_relative_np(struct cond *c, struct mutex *m, const struct timespec *limit) {
	if (!limit) return wait_for_signal(c, m, NEVER);
	if (limit->tv_nsec < 0 || limit->tv_nsec >= (long)SECOND) return MAC_EINVAL;
	return wait_for_signal_during(c, m, limit->tv_sec, limit->tv_nsec);
}
static int mac_pthread_cond_timedwait(struct cond *c, struct mutex *m, const struct timespec *deadline) {
	if (!deadline) return wait_for_signal(c, m, NEVER);
	if (deadline->tv_nsec < 0 || deadline->tv_nsec >= (long)SECOND) return MAC_EINVAL;
	struct timespec today;
	clock_gettime(CLOCK_REALTIME, &today);
	return wait_for_signal_during(c, m, deadline->tv_sec - today.tv_sec, deadline->tv_nsec - today.tv_nsec);
}
static int signal_cond(struct cond *c, int most) {
	if (check_cond(c)) return MAC_EINVAL;
	ADD(&c->signals, 1);
	futex_wake(&c->signals, most);
	return 0;
}
static int mac_pthread_cond_signal(struct cond *c) { return signal_cond(c, 1); }
static int mac_pthread_cond_broadcast(struct cond *c) { return signal_cond(c, INT32_MAX); }

// A lock for readers and writers has an inner lock, which protects the other fields. Waiters sleep until the
// number of releases changes. A waiting writer blocks new readers.
struct rwlock {
	uint64_t signature;
	uint32_t lock, releases, readers, waiting_writers;
	uint64_t writer, reserved[21];
};
_Static_assert(sizeof(struct rwlock) == 200, "pthread_rwlock_t");

static int check_rwlock(struct rwlock *l) { return check(&l->signature, RWLOCK, RWLOCK_STATIC); }
static int mac_pthread_rwlock_init(struct rwlock *l, const struct rwlock_attributes *a) {
	if (a && a->signature != RWLOCK_ATTRIBUTES) return MAC_EINVAL;
	if (l->signature == RWLOCK && (l->readers || l->writer)) return MAC_EBUSY;
	*l = (struct rwlock){.signature = RWLOCK};
	return 0;
}
static int mac_pthread_rwlock_destroy(struct rwlock *l) {
	if (check_rwlock(l)) return MAC_EINVAL;
	if (l->readers || l->writer) return MAC_EBUSY;
	l->signature = 0;
	return 0;
}

// take_rwlock is called with the inner lock held.
static int take_rwlock(struct rwlock *l, bool read, bool waiting) {
	if (l->writer == me()) return MAC_EDEADLK;
	if (l->writer || (read ? l->waiting_writers : l->readers)) return MAC_EBUSY;
	if (read) l->readers++;
	else l->writer = me();
	if (waiting) l->waiting_writers--;
	return 0;
}
static int lock_rwlock(struct rwlock *l, bool read, bool try) {
	if (check_rwlock(l)) return MAC_EINVAL;
	for (bool waiting = false;;) {
		lock_state(&l->lock);
		int error = take_rwlock(l, read, waiting);
		uint32_t releases = l->releases;
		if (error == MAC_EBUSY && !try && !read && !waiting) l->waiting_writers++, waiting = true;
		unlock_state(&l->lock);
		if (error != MAC_EBUSY || try) return error;
		futex_wait(&l->releases, releases, NEVER);
	}
}
static int mac_pthread_rwlock_rdlock(struct rwlock *l) { return lock_rwlock(l, true, false); }
static int mac_pthread_rwlock_tryrdlock(struct rwlock *l) { return lock_rwlock(l, true, true); }
static int mac_pthread_rwlock_wrlock(struct rwlock *l) { return lock_rwlock(l, false, false); }
static int mac_pthread_rwlock_trywrlock(struct rwlock *l) { return lock_rwlock(l, false, true); }
static int mac_pthread_rwlock_unlock(struct rwlock *l) {
	if (check_rwlock(l)) return MAC_EINVAL;
	lock_state(&l->lock);
	bool held = l->writer || l->readers;
	if (l->writer) l->writer = 0;
	else if (held) l->readers--;
	l->releases += held;
	unlock_state(&l->lock);
	futex_wake(&l->releases, INT32_MAX);
	return 0;
}

// The state of a once is 0 before, 1 during and 2 after the call of the function.
struct once { uint64_t signature; uint32_t state, reserved; };
static int mac_pthread_once(struct once *o, void (*function)(void)) {
	if (o->signature == ONCE) return 0;
	if (o->signature != ONCE_STATIC) return MAC_EINVAL;
	if (!compare_and_swap(&o->state, 0, 1)) {
		while (LOAD(&o->state) != 2) futex_wait(&o->state, 1, NEVER);
		return 0;
	}
	function();
	STORE(&o->signature, ONCE);
	STORE(&o->state, 2);
	futex_wake(&o->state, INT32_MAX);
	return 0;
}

const struct symbol pthread_symbols[] = {
	SYMBOL(pthread_mutex_init), SYMBOL(pthread_mutex_destroy), SYMBOL(pthread_mutex_lock), SYMBOL(pthread_mutex_trylock), SYMBOL(pthread_mutex_unlock),
	SYMBOL(pthread_mutexattr_init), SYMBOL(pthread_mutexattr_destroy), SYMBOL(pthread_mutexattr_gettype), SYMBOL(pthread_mutexattr_settype),
	SYMBOL(pthread_mutexattr_getpshared), SYMBOL(pthread_mutexattr_setpshared), SYMBOL(pthread_mutexattr_getprotocol), SYMBOL(pthread_mutexattr_setprotocol),
	SINCE(1013, pthread_mutexattr_getpolicy_np), SYMBOL(pthread_mutexattr_setpolicy_np),
	SYMBOL(pthread_cond_init), SYMBOL(pthread_cond_destroy), SYMBOL(pthread_cond_wait), SYMBOL(pthread_cond_timedwait),
	SYMBOL(pthread_cond_timedwait_relative_np), SYMBOL(pthread_cond_signal), SYMBOL(pthread_cond_broadcast),
	SYMBOL(pthread_condattr_init), SYMBOL(pthread_condattr_destroy), SYMBOL(pthread_condattr_getpshared), SYMBOL(pthread_condattr_setpshared),
	SYMBOL(pthread_rwlock_init), SYMBOL(pthread_rwlock_destroy), SYMBOL(pthread_rwlock_rdlock), SYMBOL(pthread_rwlock_tryrdlock),
	SYMBOL(pthread_rwlock_wrlock), SYMBOL(pthread_rwlock_trywrlock), SYMBOL(pthread_rwlock_unlock),
	SYMBOL(pthread_rwlockattr_init), SYMBOL(pthread_rwlockattr_destroy), SYMBOL(pthread_rwlockattr_getpshared), SYMBOL(pthread_rwlockattr_setpshared),
	SYMBOL(pthread_once),
	{0},
};
