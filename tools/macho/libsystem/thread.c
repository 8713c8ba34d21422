// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Threads: their start and end, names, classes of QoS, and data.
#include "macho.h"
#include <sched.h>
#include <sys/types.h>
#ifdef __x86_64__
#include <asm/prctl.h>
#endif

__thread struct thread *self;
static struct thread *threads;
static pthread_mutex_t threads_lock = PTHREAD_MUTEX_INITIALIZER;

void thread_begin(struct thread *t) {
	static uint32_t port = 0x103;
	static uint64_t id = 0x1000;
	t->data[0] = t;
	t->data[1] = &t->error;
	t->behind_error = 0x5a5a5a5a;
	pthread_mutex_lock(&threads_lock);
	t->port = port += 0x100;
	t->id = ++id;
	t->data[3] = (void *)(uintptr_t)t->port;
	t->next = threads;
	t->link = &threads;
	if (threads) threads->link = &t->next;
	threads = t;
	pthread_mutex_unlock(&threads_lock);
	self = t;
#ifdef __x86_64__
	syscall(SYS_arch_prctl, ARCH_SET_GS, t->data);
#endif
}

static void thread_end(struct thread *t) {
	if (t->workgroup) __builtin_trap(); // it has not left it
	pthread_mutex_lock(&threads_lock);
	*t->link = t->next;
	if (t->next) t->next->link = t->link;
	pthread_mutex_unlock(&threads_lock);
}

struct thread *thread_of(uint32_t port) {
	pthread_mutex_lock(&threads_lock);
	struct thread *t = threads;
	while (t && t->port != port) t = t->next;
	pthread_mutex_unlock(&threads_lock);
	return t;
}
bool thread_lives(uint32_t port) { return thread_of(port) != NULL; }

enum { SIGNATURE = 0x54485244, JOINABLE = 1, DETACHED = 2, DEFAULT_STACK = 512 << 10 };
struct attributes { uint64_t signature, stack_size, detach_state, reserved[5]; };
_Static_assert(sizeof(struct attributes) == 64, "pthread_attr_t");

static long mac_pthread_attr_init(struct attributes *a) {
	*a = (struct attributes){SIGNATURE, DEFAULT_STACK, JOINABLE, {0}};
	return 0;
}
static long mac_pthread_attr_destroy(struct attributes *a) { a->signature = 0; return 0; }
static long mac_pthread_attr_getstacksize(const struct attributes *a, size_t *size) { *size = a->stack_size; return 0; }
static long mac_pthread_attr_setstacksize(struct attributes *a, size_t size) {
	if (size < 16384 || size % 4096) return MAC_EINVAL;
	a->stack_size = size;
	return 0;
}
static long mac_pthread_attr_setdetachstate(struct attributes *a, int state) {
	if (state != JOINABLE && state != DETACHED) return MAC_EINVAL;
	a->detach_state = state;
	return 0;
}

// The memory of a thread is never freed, since a signal handler may read it.
static void *run(void *argument) {
	struct thread *t = argument;
	t->stack_high = __builtin_frame_address(0);
	t->pthread = pthread_self();
	thread_begin(t);
	t->result = t->start(t->argument);
	thread_end(t);
	return NULL;
}

static long mac_pthread_create(struct thread **thread, const struct attributes *a, void *(*start)(void *), void *argument) {
	struct thread *t = calloc(1, sizeof *t);
	if (!t) return MAC_EAGAIN;
	t->start = start;
	t->argument = argument;
	t->stack_size = a ? a->stack_size : DEFAULT_STACK;
	pthread_attr_t linux_attributes;
	pthread_attr_init(&linux_attributes);
	pthread_attr_setstacksize(&linux_attributes, t->stack_size + (256 << 10)); // glibc needs more for itself
	if (a && a->detach_state == DETACHED) pthread_attr_setdetachstate(&linux_attributes, PTHREAD_CREATE_DETACHED);
	pthread_t pthread;
	int error = pthread_create(&pthread, &linux_attributes, run, t);
	pthread_attr_destroy(&linux_attributes);
	if (error) {
		free(t);
		return mac_error(error);
	}
	t->pthread = pthread;
	*thread = t;
	return 0;
}

static long mac_pthread_join(struct thread *t, void **result) {
	int error = pthread_join(t->pthread, NULL);
	if (!error && result) *result = t->result;
	return mac_error(error);
}

static long mac_pthread_detach(struct thread *t) { return mac_error(pthread_detach(t->pthread)); }
static struct thread *mac_pthread_self(void) { return self; }
static long mac_pthread_equal(void *a, void *b) { return a == b; }
static size_t mac_pthread_get_stacksize_np(struct thread *t) { return t->stack_size; }
static void *mac_pthread_get_stackaddr_np(struct thread *t) { return t->stack_high; }
static uint32_t mac_pthread_mach_thread_np(struct thread *t) { return t->port; }
static long mac_pthread_threadid_np(struct thread *t, uint64_t *id) {
	if (!id) return MAC_EINVAL;
	*id = (t ? t : self)->id;
	return 0;
}

static long mac_pthread_setname_np(const char *name) { // unlike other functions of pthread, this one returns its error in errno
	if (name && strlen(name) >= sizeof self->name) return fail(MAC_ENAMETOOLONG);
	strcpy(self->name, name ? name : "");
	return 0;
}
static long mac_pthread_getname_np(struct thread *t, char *name, size_t size) { snprintf(name, size, "%s", t->name); return 0; }

static bool is_qos(uint32_t class, int priority) {
	return (class == 0x21 || class == 0x19 || class == 0x15 || class == 0x11 || class == 9) && priority <= 0 && priority >= -15;
}
static long mac_pthread_set_qos_class_self_np(uint32_t class, int priority) {
	if (!is_qos(class, priority)) return MAC_EINVAL;
	if (self->without_qos) return MAC_EPERM;
	self->qos = class;
	return 0;
}
static long mac_pthread_get_qos_class_np(struct thread *t, uint32_t *class, int *priority) {
	if (class) *class = t->qos;
	if (priority) *priority = 0;
	return 0;
}
static uint32_t mac_qos_class_self(void) { return self->qos; }

enum { OVERRIDE = 0x6f766572 };
static uint32_t *mac_pthread_override_qos_class_start_np(struct thread *t, uint32_t class, int priority) {
	if (!t || !is_qos(class, priority)) return NULL;
	uint32_t *override = malloc(sizeof *override);
	if (override) *override = OVERRIDE;
	return override;
}
static long mac_pthread_override_qos_class_end_np(uint32_t *override) {
	if (*override != OVERRIDE) return MAC_EINVAL;
	*override = 0;
	free(override);
	return 0;
}

static long mac_sched_yield(void) { return sched_yield(); }

// The keys of a thread's data, which are words after the reserved ones. On arm64 they are separate, since Go
// searches the words at the thread pointer for the value of its own key.
enum { FIRST_KEY = 256, KEYS = 64 };
#ifdef __aarch64__
static __thread void *values[KEYS];
#else
#define values (self->data + FIRST_KEY)
#endif
static long mac_pthread_key_create(uint64_t *key, void (*)(void *)) {
	static int used;
	int k = ADD(&used, 1);
	if (k >= KEYS) return MAC_EAGAIN;
	*key = FIRST_KEY + k;
	return 0;
}
static long mac_pthread_key_delete(uint64_t) { return 0; }
static long mac_pthread_setspecific(uint64_t key, void *value) {
	if (key - FIRST_KEY >= KEYS) return MAC_EINVAL;
	values[key - FIRST_KEY] = value;
	return 0;
}
static void *mac_pthread_getspecific(uint64_t key) { return key - FIRST_KEY < KEYS ? values[key - FIRST_KEY] : NULL; }

const struct symbol thread_symbols[] = {
	SYMBOL(pthread_attr_init), SYMBOL(pthread_attr_destroy), SYMBOL(pthread_attr_getstacksize),
	SYMBOL(pthread_attr_setstacksize), SYMBOL(pthread_attr_setdetachstate),
	SYMBOL(pthread_create), SYMBOL(pthread_join), SYMBOL(pthread_detach), SYMBOL(pthread_self), SYMBOL(pthread_equal),
	SYMBOL(pthread_get_stacksize_np), SYMBOL(pthread_get_stackaddr_np),
	SYMBOL(pthread_mach_thread_np), SYMBOL(pthread_threadid_np), SYMBOL(pthread_setname_np), SYMBOL(pthread_getname_np),
	SYMBOL(pthread_set_qos_class_self_np), SYMBOL(pthread_get_qos_class_np), SYMBOL(qos_class_self),
	SYMBOL(pthread_override_qos_class_start_np), SYMBOL(pthread_override_qos_class_end_np), SYMBOL(sched_yield), {"pthread_yield_np", mac_sched_yield, 0},
	SYMBOL(pthread_key_create), SYMBOL(pthread_key_delete), SYMBOL(pthread_setspecific), SYMBOL(pthread_getspecific),
	{0},
};
