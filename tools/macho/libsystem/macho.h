// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// A libSystem on Linux, for the programs that Go makes for macOS. Such a program calls the function
// mac_NAME as NAME; its arguments and results are those of macOS.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// A symbol that programs can bind. Releases of macOS are written as 100 times the major number
// plus the minor one; since is the first that has the symbol.
struct symbol {
	const char *name;
	void *address;
	int since;
};
#define SYMBOL(name) {#name, (void *)mac_##name, 0}
#define SINCE(release, name) {#name, (void *)mac_##name, release}

// The tables of all files end with an empty symbol.
extern const struct symbol dispatch_symbols[], file_symbols[], mach_symbols[], pthread_symbols[], semaphore_symbols[], signal_symbols[], system_symbols[], thread_symbols[], ulock_symbols[];

// symbol_address returns NULL if this release of macOS does not have the name.
void *symbol_address(const char *name);

extern int release;                                   // the release of macOS to simulate
extern uint32_t timebase_numerator, timebase_divisor; // nanoseconds of a tick, as a fraction
extern char loader[];                                 // the path of this program

// A thread. On macOS GS points to the words in which a thread keeps its data: the first is the
// thread, the second the address of its errno, the fourth its Mach port.
struct thread {
	void *data[512];
	int error;           // errno
	int behind_error;    // not 0, as on macOS, so that a read of errno as 64 bits fails a test
	uint32_t port;
	uint32_t qos;
	bool without_qos; // a policy of its own has removed it from the classes
	bool realtime, fixed;
	uint32_t constraint[4], importance, affinity; // the words of its policies
	void *workgroup; // the one of which it is a member
	uint64_t id;
	void *stack_high;
	size_t stack_size;
	void *(*start)(void *);
	void *argument, *result;
	pthread_t pthread;
	char name[64];
	struct thread *next, **link; // of the list of live threads
};
extern __thread struct thread *self;
void thread_begin(struct thread *); // makes it the calling thread's self
struct thread *thread_of(uint32_t port); // NULL if no thread has it
bool thread_lives(uint32_t port);
bool is_semaphore(uint32_t port), is_workgroup(uint32_t port);
void *mac_AudioWorkIntervalCreate(const char *name, uint32_t clock, const uint32_t *attributes);

// Apple's convention for arm64 passes the variable arguments of a function on the stack. These
// parameters take the registers that remain after two or three named arguments.
#ifdef __aarch64__
#define UNUSED_AFTER_2 long, long, long, long, long, long,
#define UNUSED_AFTER_3 long, long, long, long, long,
#else
#define UNUSED_AFTER_2
#define UNUSED_AFTER_3
#endif

// Error numbers of macOS, and functions that convert Linux's to them.
enum {
	MAC_EPERM = 1, MAC_ENOENT = 2, MAC_ESRCH = 3, MAC_EINTR = 4, MAC_EBADF = 9, MAC_EDEADLK = 11, MAC_ENOMEM = 12,
	MAC_EFAULT = 14, MAC_EBUSY = 16, MAC_EINVAL = 22, MAC_ENOTTY = 25, MAC_ESPIPE = 29, MAC_EDOM = 33, MAC_EAGAIN = 35, MAC_EALREADY = 37,
	MAC_ETIMEDOUT = 60, MAC_ENAMETOOLONG = 63, MAC_EOWNERDEAD = 105,
};
int mac_error(int linux_error);
bool is_memory(int fd); // a shared memory object
static inline int fail(int error) { self->error = error; return -1; }

// CALL is the result of a call of Linux; its error becomes that of macOS.
#define CALL(call) ({ __auto_type result_ = (call); if ((long)result_ == -1) fail(mac_error(errno)); result_; })

// Times are nanoseconds of CLOCK_MONOTONIC; NEVER is a deadline that is never reached.
#define SECOND 1000000000ull
#define NEVER UINT64_MAX
static inline uint64_t nanoseconds(struct timespec t) { return t.tv_sec * SECOND + t.tv_nsec; }
static inline uint64_t now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return nanoseconds(t);
}
static inline uint64_t after(uint64_t duration) {
	uint64_t n = now();
	return n + duration < n ? NEVER : n + duration;
}
static inline uint64_t from_ticks(uint64_t t) { return (unsigned __int128)t * timebase_numerator / timebase_divisor; }
static inline uint64_t to_ticks(uint64_t t) { return (unsigned __int128)t * timebase_divisor / timebase_numerator; }

// futex_wait sleeps while *word is value. It returns 0 or Linux's error number: EAGAIN, EINTR,
// ETIMEDOUT or EFAULT. The kernel always gets a limit, since only then a handled signal ends
// the wait, as it does on macOS; a wait without a deadline fails with EINTR after an hour.
static inline int futex_wait(void *word, uint32_t value, uint64_t deadline) {
	uint64_t n = now(), left = deadline > n ? deadline - n : 0;
	bool limited = left < 3600 * SECOND;
	if (!limited) left = 3600 * SECOND;
	struct timespec t = {left / SECOND, left % SECOND};
	if (left == 0) return ETIMEDOUT;
	if (syscall(SYS_futex, word, FUTEX_WAIT, value, &t, NULL, 0) == 0) return 0;
	return errno == ETIMEDOUT && !limited ? EINTR : errno;
}

// futex_wake returns the number of threads woken, or -1.
static inline long futex_wake(void *word, int most) { return syscall(SYS_futex, word, FUTEX_WAKE, most, NULL, NULL, 0); }

#define LOAD(p) __atomic_load_n(p, __ATOMIC_SEQ_CST)
#define STORE(p, v) __atomic_store_n(p, v, __ATOMIC_SEQ_CST)
#define SWAP(p, v) __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST)
#define ADD(p, v) __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST)
static inline bool compare_and_swap(uint32_t *p, uint32_t old, uint32_t new) {
	return __atomic_compare_exchange_n(p, &old, new, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}
