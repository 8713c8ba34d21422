// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The parts of libdispatch for locks: its semaphores and its workgroups; and AudioWorkIntervalCreate, which makes one kind of workgroup. Mistakes
// end the process by a trap, as in libdispatch. A workgroup does not change how its members are scheduled.
#include "macho.h"
#include <sched.h>

enum { MAC_ENOTSUP = 45, TIMED_OUT = 49 }; // KERN_OPERATION_TIMED_OUT

// A point in time is 0 for now, ~0 for never, ticks of the clock without sleep, or the negative of nanoseconds of the wall clock.
// On Apple silicon libdispatch sets a bit for other clocks; programs must not rely on any of that.
#define FOREVER (~0ull)
#define WALL_NOW (~1ull)
#define WALL (1ull << 63)

static uint64_t wall(void) {
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return nanoseconds(t);
}
static uint64_t mac_dispatch_time(uint64_t when, int64_t delta) {
	if (when == FOREVER) return FOREVER;
	if (when & WALL) {
		__int128 t = (__int128)(when == WALL_NOW ? wall() : -when) + delta;
		return t <= 1 ? WALL_NOW - 1 : t >= (__int128)WALL ? FOREVER : -(uint64_t)t;
	}
	__int128 t = (__int128)(when ? from_ticks(when) : now()) + delta;
	return t < 1 ? 1 : t >= (__int128)WALL ? FOREVER : to_ticks(t + 1);
}
// until converts a point in time to the clock of futex_wait.
static uint64_t until(uint64_t when) {
	if (when == FOREVER) return NEVER;
	if (!(when & WALL)) return from_ticks(when) + 1; // rounded up
	uint64_t t = when == WALL_NOW ? 0 : -when, today = wall();
	return t > today ? after(t - today) : 0;
}

struct semaphore { uint32_t signature, lock, wakes, waiting; long value, first; };
enum { SEMAPHORE = 0x44534d41, WORKGROUP = 0x57475250 };

static struct semaphore *mac_dispatch_semaphore_create(long value) {
	struct semaphore *s = value < 0 ? NULL : calloc(1, sizeof *s);
	if (s) *s = (struct semaphore){.signature = SEMAPHORE, .value = value, .first = value};
	return s;
}
static void lock(uint32_t *l) {
	while (SWAP(l, 1)) sched_yield(); // held for a few instructions
}
// A waiter sleeps until there is a wake for it: its number is the number of waiters before it.
static long mac_dispatch_semaphore_wait(struct semaphore *s, uint64_t when) {
	uint64_t end = when ? until(when) : 0;
	lock(&s->lock);
	if (--s->value >= 0) return STORE(&s->lock, 0), 0;
	for (;;) {
		if (s->wakes) {
			s->wakes--;
			return STORE(&s->lock, 0), 0;
		}
		if (now() >= end) {
			s->value++;
			return STORE(&s->lock, 0), TIMED_OUT;
		}
		STORE(&s->lock, 0);
		futex_wait(&s->wakes, 0, end);
		lock(&s->lock);
	}
}
static long mac_dispatch_semaphore_signal(struct semaphore *s) {
	lock(&s->lock);
	bool waits = s->value++ < 0;
	if (waits) s->wakes++;
	STORE(&s->lock, 0);
	if (waits) futex_wake(&s->wakes, 1);
	return waits;
}
static void mac_dispatch_release(struct semaphore *s) {
	if (s->signature != SEMAPHORE || s->value < s->first) __builtin_trap();
	s->signature = 0;
	free(s);
}

struct workgroup {
	uint32_t signature, references, members, canceled, started, lock, port;
	bool interval, made_here; // made_here: by a create function that takes no other workgroup
	struct workgroup *next;
};
struct token { uint32_t signature, thread; struct workgroup *old, *new; uint64_t reserved[2]; };
_Static_assert(sizeof(struct token) == 40, "os_workgroup_join_token_s");
enum { TOKEN = 0x4d5f5a58, MACH_ABSOLUTE_TIME = 32 };

static struct workgroup *create(bool interval, bool made_here, uint32_t port) {
	struct workgroup *w = calloc(1, sizeof *w);
	if (!w) abort();
	*w = (struct workgroup){.signature = WORKGROUP, .references = 1, .interval = interval, .made_here = made_here, .port = port};
	return w;
}
static void *refuse(int error) {
	fail(error);
	return NULL;
}
static struct workgroup *check(struct workgroup *w) {
	if (!w || w->signature != WORKGROUP) __builtin_trap();
	return w;
}
static void *mac_os_workgroup_parallel_create(const char *, const uint32_t *attributes) {
	return attributes ? refuse(*attributes == 0x2fa863b4 ? MAC_ENOTSUP : MAC_EINVAL) : create(false, true, 0);
}
static void *mac_os_workgroup_create_with_workgroup(const char *, struct workgroup *w) {
	return check(w)->canceled ? refuse(MAC_EINVAL) : create(w->interval, false, w->port);
}
static uint32_t last_port = 0x200005; // apart from threads and semaphores
static void *mac_os_workgroup_create_with_port(const char *, uint32_t port) {
	return port % 0x100 != 5 || port > LOAD(&last_port) || port <= 0x200005 ? refuse(MAC_EINVAL) : create(true, false, port);
}
static int mac_os_workgroup_copy_port(struct workgroup *w, uint32_t *port) {
	*port = 0;
	if (check(w)->canceled || !w->port) return MAC_EINVAL;
	*port = w->port;
	return 0;
}
bool is_workgroup(uint32_t port) { return port % 0x100 == 5 && port > 0x200005 && port <= LOAD(&last_port); }
void *mac_AudioWorkIntervalCreate(const char *, uint32_t clock, const uint32_t *attributes) {
	if (attributes || clock != MACH_ABSOLUTE_TIME) return refuse(MAC_EINVAL);
	return create(true, true, ADD(&last_port, 0x100) + 0x100);
}

static void *mac_os_retain(struct workgroup *w) {
	ADD(&check(w)->references, 1);
	return w;
}
static void mac_os_release(struct workgroup *w) {
	if (ADD(&check(w)->references, -1) > 1) return;
	if (w->started) __builtin_trap();
	w->signature = 0;
	free(w);
}

static int mac_os_workgroup_join(struct workgroup *w, struct token *t) {
	check(w);
	if (self->workgroup) return fail(MAC_EALREADY), MAC_EALREADY;
	if (LOAD(&w->canceled) || (w->interval && !self->realtime)) return fail(MAC_EINVAL), MAC_EINVAL;
	ADD(&w->members, 1);
	*t = (struct token){TOKEN, self->port, NULL, w, {0}};
	self->workgroup = mac_os_retain(w);
	return 0;
}
static void mac_os_workgroup_leave(struct workgroup *w, struct token *t) {
	if (t->signature != TOKEN || t->thread != self->port || t->new != w || self->workgroup != w) __builtin_trap();
	ADD(&w->members, -1);
	self->workgroup = NULL;
	mac_os_release(w);
}
static void mac_os_workgroup_cancel(struct workgroup *w) { STORE(&check(w)->canceled, 1); }
// The result is a bool, of which a caller may read only the lowest byte.
static unsigned long mac_os_workgroup_testcancel(struct workgroup *w) { return 0x5a5a00 | LOAD(&check(w)->canceled); }
static int mac_os_workgroup_max_parallel_threads(struct workgroup *w, void *) {
	check(w);
	return sysconf(_SC_NPROCESSORS_ONLN);
}

// begin begins a call about an interval, and end ends it with an error number, or 0.
static int begin(struct workgroup *w, const void *data) {
	if (check(w) != self->workgroup) __builtin_trap();
	if (!w->interval || data) return MAC_EINVAL;
	return SWAP(&w->lock, 1) ? MAC_EBUSY : 0;
}
static int end(struct workgroup *w, int error) {
	if (error) fail(error);
	if (error != MAC_EBUSY) STORE(&w->lock, 0);
	return error;
}
static int mac_os_workgroup_interval_start(struct workgroup *w, uint64_t start, uint64_t deadline, const void *data) {
	if (check(w) == self->workgroup && (deadline < start || start > to_ticks(now()))) return fail(MAC_EINVAL), MAC_EINVAL;
	int error = begin(w, data);
	if (!error) error = w->canceled || w->started ? MAC_EINVAL : !w->made_here ? MAC_EPERM : 0;
	if (!error) w->started = 1;
	return end(w, error);
}
static int change(struct workgroup *w, const void *data, uint32_t started) {
	int error = begin(w, data);
	if (!error) error = !w->made_here ? MAC_EPERM : !w->started ? MAC_EINVAL : 0;
	if (!error) w->started = started;
	return end(w, error);
}
static int mac_os_workgroup_interval_update(struct workgroup *w, uint64_t, const void *data) { return change(w, data, 1); }
static int mac_os_workgroup_interval_finish(struct workgroup *w, const void *data) { return change(w, data, 0); }

const struct symbol dispatch_symbols[] = {
	SYMBOL(dispatch_time), SYMBOL(dispatch_semaphore_create), SYMBOL(dispatch_semaphore_wait), SYMBOL(dispatch_semaphore_signal), SYMBOL(dispatch_release),
	SYMBOL(os_retain), SYMBOL(os_release),
	SYMBOL(os_workgroup_parallel_create), SYMBOL(os_workgroup_create_with_workgroup), SYMBOL(os_workgroup_create_with_port), SYMBOL(os_workgroup_copy_port),
	SYMBOL(os_workgroup_join), SYMBOL(os_workgroup_leave), SYMBOL(os_workgroup_cancel), SYMBOL(os_workgroup_testcancel),
	SYMBOL(os_workgroup_max_parallel_threads),
	SYMBOL(os_workgroup_interval_start), SYMBOL(os_workgroup_interval_update), SYMBOL(os_workgroup_interval_finish),
	{0},
};
