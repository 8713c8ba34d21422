// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Calls of Mach: ports, policies of threads, semaphores, and the clock that waits. The process, its threads and its
// semaphores have ports; a port is a number, and references to it are not counted.
#include "macho.h"

enum {
	KERN_SUCCESS = 0, KERN_INVALID_ARGUMENT = 4, KERN_ABORTED = 14, KERN_INVALID_NAME = 15, KERN_INVALID_VALUE = 18, KERN_INVALID_CAPABILITY = 20,
	KERN_TERMINATED = 37, KERN_NOT_SUPPORTED = 46, KERN_NOT_WAITING = 48, KERN_OPERATION_TIMED_OUT = 49,
	MACH_SEND_INVALID_DEST = 0x10000003, MACH_SEND_INVALID_RIGHT = 0x1000000a, MIG_ARRAY_TOO_LARGE = -307,
};

// The calls that are messages return MACH_SEND_INVALID_DEST if their first port is not a port.

static uint32_t task_self = 0x103; // below those of threads
static uint32_t mac_mach_thread_self(void) { return self->port; }

// Time.

static uint64_t mac_mach_continuous_time(void) {
	struct timespec t;
	clock_gettime(CLOCK_BOOTTIME, &t);
	return to_ticks(nanoseconds(t));
}
static int mac_mach_wait_until(uint64_t deadline) {
	uint64_t end = from_ticks(deadline);
	if (to_ticks(end) < deadline) end++; // a deadline is not reported early
	struct timespec t = {end / SECOND, end % SECOND};
	return clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) ? KERN_ABORTED : KERN_SUCCESS;
}

// Policies are stored for queries, and have no effect.

enum { EXTENDED = 1, TIME_CONSTRAINT = 2, PRECEDENCE = 3, AFFINITY = 4, MOST_WORDS = 16 };

// words returns how many words a policy has, or 0 if there is no such policy.
static uint32_t words(int flavor) { return flavor == TIME_CONSTRAINT ? 4 : flavor >= EXTENDED && flavor <= AFFINITY; }

// check_policy finds the thread of a port, and the errors that setting and getting share.
static int check_policy(uint32_t port, int flavor, uint32_t count, struct thread **t) {
	if (!(*t = thread_of(port))) return port == task_self || is_semaphore(port) ? KERN_INVALID_ARGUMENT : MACH_SEND_INVALID_DEST;
	if (count > MOST_WORDS) return MIG_ARRAY_TOO_LARGE;
#ifdef __aarch64__
	if (flavor == AFFINITY) return KERN_NOT_SUPPORTED;
#endif
	if (words(flavor) == 0 || (count < words(flavor) && flavor != EXTENDED)) return KERN_INVALID_ARGUMENT;
	return KERN_SUCCESS;
}
static int mac_thread_policy_set(uint32_t port, int flavor, const uint32_t *policy, uint32_t count) {
	struct thread *t;
	int error = check_policy(port, flavor, count, &t);
	if (error) return error;
	switch (flavor) {
	case EXTENDED:
		t->realtime = false;
		t->fixed = count > 0 && policy[0] != 1;
		break;
	case TIME_CONSTRAINT: {
		const uint64_t least = to_ticks(50000), most = to_ticks(50000000);
		uint32_t computation = policy[1], constraint = policy[2];
		if (constraint < computation || computation > most || computation < least) return KERN_INVALID_ARGUMENT;
		if (computation < constraint / 2) computation = constraint / 2 < most ? constraint / 2 : most;
		t->realtime = true;
		memcpy(t->constraint, (uint32_t[]){policy[0], computation, constraint, policy[3]}, sizeof t->constraint);
		break;
	}
	case PRECEDENCE: t->importance = policy[0]; break;
	case AFFINITY: t->affinity = policy[0]; break;
	}
	t->qos = 0;
	t->without_qos = true;
	return KERN_SUCCESS;
}
static int mac_thread_policy_get(uint32_t port, int flavor, uint32_t *policy, uint32_t *count, uint32_t *get_default) {
	struct thread *t;
	int error = check_policy(port, flavor, *count, &t);
	if (error) return error;
	switch (flavor) {
	case EXTENDED:
		if (t->realtime) *get_default = true;
		if (*count > 0) policy[0] = *get_default || !t->fixed;
		break;
	case TIME_CONSTRAINT:
		if (!t->realtime) *get_default = true;
		memcpy(policy, *get_default ? (uint32_t[]){0, to_ticks(5000000), to_ticks(10000000), 1} : t->constraint, sizeof t->constraint);
		break;
	case PRECEDENCE: policy[0] = *get_default ? 0 : t->importance; break;
	case AFFINITY: policy[0] = *get_default ? 0 : t->affinity; break;
	}
	return KERN_SUCCESS;
}

// Semaphores. One lock protects all of them; a waiter sleeps on a word of its own.

struct waiter { struct waiter *next; uint32_t woken, port; int result; };
struct semaphore { struct semaphore *next; uint32_t port; int count; struct waiter *head; };
static struct semaphore *semaphores;
static pthread_mutex_t semaphores_lock = PTHREAD_MUTEX_INITIALIZER;

// find returns the link that points to the semaphore of a port; the link holds NULL if there is none.
static struct semaphore **find(uint32_t port) {
	struct semaphore **s = &semaphores;
	while (*s && (*s)->port != port) s = &(*s)->next;
	return s;
}
bool is_semaphore(uint32_t port) {
	pthread_mutex_lock(&semaphores_lock);
	bool is = *find(port);
	pthread_mutex_unlock(&semaphores_lock);
	return is;
}
// no_semaphore is the error of a call whose port is not a semaphore.
static int no_semaphore(uint32_t port) { return port == task_self || thread_lives(port) ? KERN_INVALID_CAPABILITY : KERN_INVALID_NAME; }

static void wake(struct waiter **p, int result) {
	struct waiter *w = *p;
	*p = w->next;
	w->result = result;
	STORE(&w->woken, 1); // w stays while the caller has the lock
	futex_wake(&w->woken, 1);
}

static int mac_semaphore_create(uint32_t task, uint32_t *port, int policy, int value) {
	enum { USER_POLICIES = 7 };
	static uint32_t last = 0x100007; // apart from threads
	*port = 0;
	if (task != task_self) return is_semaphore(task) || thread_lives(task) ? KERN_INVALID_ARGUMENT : MACH_SEND_INVALID_DEST;
	if (value < 0 || policy & ~USER_POLICIES) return KERN_INVALID_ARGUMENT;
	struct semaphore *s = calloc(1, sizeof *s);
	if (!s) abort();
	pthread_mutex_lock(&semaphores_lock);
	*port = last += 0x100;
	*s = (struct semaphore){semaphores, *port, value, NULL};
	semaphores = s;
	pthread_mutex_unlock(&semaphores_lock);
	return KERN_SUCCESS;
}
static int destroy(uint32_t port) {
	pthread_mutex_lock(&semaphores_lock);
	struct semaphore **p = find(port), *s = *p;
	if (s) {
		*p = s->next;
		while (s->head) wake(&s->head, KERN_TERMINATED);
		free(s);
	}
	pthread_mutex_unlock(&semaphores_lock);
	return s ? KERN_SUCCESS : KERN_INVALID_NAME;
}
static int mac_semaphore_destroy(uint32_t task, uint32_t port) {
	if (task != task_self) return MACH_SEND_INVALID_DEST;
	if (!port) return KERN_INVALID_ARGUMENT;
	if (destroy(port) == KERN_SUCCESS) return KERN_SUCCESS;
	return thread_lives(port) || port == task_self ? KERN_INVALID_ARGUMENT : MACH_SEND_INVALID_RIGHT;
}
static int mac_mach_port_deallocate(uint32_t task, uint32_t port) {
	if (task != task_self) return MACH_SEND_INVALID_DEST;
	if (!port || port == task_self || thread_lives(port) || is_workgroup(port)) return KERN_SUCCESS;
	return destroy(port);
}

enum { ONE, ALL };
static int signal_locked(uint32_t port, int how_many) {
	struct semaphore *s = *find(port);
	if (!s) return no_semaphore(port);
	if (!s->head && how_many == ONE) s->count++;
	while (s->head) {
		wake(&s->head, KERN_SUCCESS);
		if (how_many == ONE) break;
	}
	return KERN_SUCCESS;
}
static int signal_semaphore(uint32_t port, int how_many) {
	pthread_mutex_lock(&semaphores_lock);
	int error = signal_locked(port, how_many);
	pthread_mutex_unlock(&semaphores_lock);
	return error;
}
static int mac_semaphore_signal(uint32_t port) { return signal_semaphore(port, ONE); }
static int mac_semaphore_signal_all(uint32_t port) { return signal_semaphore(port, ALL); }
static int mac_semaphore_signal_thread(uint32_t port, uint32_t thread) {
	if (thread && !thread_lives(thread)) return KERN_INVALID_ARGUMENT;
	pthread_mutex_lock(&semaphores_lock);
	struct semaphore *s = *find(port);
	int error = s ? KERN_NOT_WAITING : no_semaphore(port);
	if (s) {
		struct waiter **w = &s->head;
		while (*w && thread && (*w)->port != thread) w = &(*w)->next;
		if (*w) {
			wake(w, KERN_SUCCESS);
			error = KERN_SUCCESS;
		}
	}
	pthread_mutex_unlock(&semaphores_lock);
	return error;
}

// wait_semaphore signals another semaphore, if there is one, once it is a waiter. With a deadline of 0 it does not wait.
static int wait_semaphore(uint32_t port, uint32_t other, uint64_t deadline) {
	struct waiter w = {.port = self->port};
	pthread_mutex_lock(&semaphores_lock);
	struct semaphore *s = *find(port);
	int error = other && !*find(other) ? no_semaphore(other) : !s ? no_semaphore(port) : KERN_SUCCESS;
	if (error == KERN_SUCCESS) {
		bool taken = s->count > 0;
		if (taken) s->count--;
		else if (deadline == 0) error = KERN_OPERATION_TIMED_OUT;
		struct waiter **end = &s->head;
		while (*end) end = &(*end)->next;
		if (!taken && !error) *end = &w;
		if (other) signal_locked(other, ONE);
		while (!taken && !error) {
			pthread_mutex_unlock(&semaphores_lock);
			int slept = futex_wait(&w.woken, 0, deadline);
			pthread_mutex_lock(&semaphores_lock);
			if (w.woken) { // the semaphore may no longer exist
				error = w.result;
				break;
			}
			if (slept == EINTR) error = KERN_ABORTED;
			if (slept == ETIMEDOUT) error = KERN_OPERATION_TIMED_OUT;
			if (!error) continue;
			for (struct waiter **p = &s->head; *p; p = &(*p)->next) {
				if (*p != &w) continue;
				*p = w.next;
				break;
			}
		}
	}
	pthread_mutex_unlock(&semaphores_lock);
	return error;
}
// The limit is passed by value, in one register: seconds in its low half, nanoseconds in the high one.
static int wait_semaphore_during(uint32_t port, uint32_t other, uint64_t limit) {
	uint64_t seconds = (uint32_t)limit;
	int32_t more = limit >> 32;
	if (more < 0 || more >= (int32_t)SECOND) return KERN_INVALID_VALUE;
	return wait_semaphore(port, other, limit ? after(seconds * SECOND + more) : 0);
}
static int mac_semaphore_wait(uint32_t port) { return wait_semaphore(port, 0, NEVER); }
static int mac_semaphore_timedwait(uint32_t port, uint64_t limit) { return wait_semaphore_during(port, 0, limit); }
static int mac_semaphore_wait_signal(uint32_t port, uint32_t other) { return wait_semaphore(port, other ? other : 1, NEVER); }
static int mac_semaphore_timedwait_signal(uint32_t port, uint32_t other, uint64_t limit) { return wait_semaphore_during(port, other ? other : 1, limit); }

const struct symbol mach_symbols[] = {
	{"mach_task_self_", &task_self, 0}, SYMBOL(mach_thread_self), SYMBOL(mach_port_deallocate),
	SYMBOL(mach_continuous_time), SYMBOL(mach_wait_until),
	SYMBOL(thread_policy_set), SYMBOL(thread_policy_get),
	SYMBOL(semaphore_create), SYMBOL(semaphore_destroy), SYMBOL(semaphore_signal), SYMBOL(semaphore_signal_all), SYMBOL(semaphore_signal_thread),
	SYMBOL(semaphore_wait), SYMBOL(semaphore_timedwait), SYMBOL(semaphore_wait_signal), SYMBOL(semaphore_timedwait_signal),
	{0},
};
