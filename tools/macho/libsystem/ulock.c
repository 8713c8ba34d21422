// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The ulock calls, os_sync_wait_on_address, and os_unfair_lock. Results and errors are Apple's; the
// order of wake-ups, fairness and timing are not.
#include "macho.h"
#include <sys/mman.h>
#include <sys/uio.h>

// The operations and flags of the ulock calls, under Apple's names.
enum {
	UL_COMPARE_AND_WAIT = 1, UL_UNFAIR_LOCK = 2, UL_COMPARE_AND_WAIT_SHARED = 3, UL_COMPARE_AND_WAIT64 = 5, UL_COMPARE_AND_WAIT64_SHARED = 6,
	ULF_WAKE_ALL = 0x100, ULF_WAKE_THREAD = 0x200, ULF_WAKE_ALLOW_NON_OWNER = 0x400,
	ULF_WAIT_WORKQ_DATA_CONTENTION = 0x10000, ULF_WAIT_CANCEL_POINT = 0x20000, ULF_WAIT_ADAPTIVE_SPIN = 0x40000,
	ULF_NO_ERRNO = 0x1000000, ULF_DEADLINE = 0x2000000,
};

// size_of returns the size of an operation's word, or 0 if there is no such operation.
static size_t size_of(uint32_t operation) {
	switch (operation) {
	case UL_COMPARE_AND_WAIT: case UL_UNFAIR_LOCK: case UL_COMPARE_AND_WAIT_SHARED: return 4;
	case UL_COMPARE_AND_WAIT64: case UL_COMPARE_AND_WAIT64_SHARED: return 8;
	}
	return 0;
}
static bool is_shared(uint32_t operation) { return operation == UL_COMPARE_AND_WAIT_SHARED || operation == UL_COMPARE_AND_WAIT64_SHARED; }

// A queue holds the threads that wait on one word of this process. Threads that wait on a shared word
// sleep on the word itself.
struct waiter { struct waiter *next; uint32_t woken, port; };
struct queue { struct queue *next; uintptr_t address; uint32_t operation, owner; int waits; struct waiter *head; };
static struct bucket { pthread_mutex_t lock; struct queue *queues; } buckets[256] = {[0 ... 255] = {PTHREAD_MUTEX_INITIALIZER, NULL}};

static struct bucket *bucket_of(uintptr_t address) { return &buckets[(address >> 3 ^ address >> 11) & 255]; }

// find returns the link that points to a word's queue; the link holds NULL if there is none.
static struct queue **find(struct bucket *b, uintptr_t address) {
	struct queue **q = &b->queues;
	while (*q && (*q)->address != address) q = &(*q)->next;
	return q;
}
static struct waiter **find_waiter(struct queue *q, const struct waiter *w, uint32_t port) {
	struct waiter **p = &q->head;
	while (*p && *p != w && (*p)->port != port) p = &(*p)->next;
	return p;
}
static void wake_next(struct waiter **p) {
	struct waiter *w = *p;
	*p = w->next;
	STORE(&w->woken, 1); // w stays while the caller has the bucket locked
	futex_wake(&w->woken, 1);
}

// load reads a word that may not be mapped.
static int load(uintptr_t address, size_t size, uint64_t *value) {
	*value = 0;
#ifdef __aarch64__ // QEMU lacks process_vm_readv
	if (msync((void *)(address & ~4095ul), 4096, MS_ASYNC)) return MAC_EFAULT;
	memcpy(value, (void *)address, size);
	return 0;
#else
	struct iovec local = {value, size}, remote = {(void *)address, size};
	return process_vm_readv(getpid(), &local, 1, &remote, 1, 0) == (ssize_t)size ? 0 : MAC_EFAULT;
#endif
}

static int wait_shared(uintptr_t address, size_t size, uint64_t value, uint64_t deadline) {
	for (;;) {
		uint64_t found, until = deadline;
		if (load(address, size, &found)) return MAC_EINVAL;
		if (found != value) return 0;
		if (now() >= deadline) return MAC_ETIMEDOUT;
		// A futex compares the low half of 8 bytes. Looking again every 2 ms notices the other half.
		if (size == 8 && until > after(2000000)) until = after(2000000);
		switch (futex_wait((void *)address, value, until)) {
		case 0: return 0;
		case EINTR: return MAC_EINTR;
		case EFAULT: return MAC_EFAULT;
		}
	}
}

static int wait_in_queue(uint32_t operation, uintptr_t address, uint64_t value, uint64_t deadline, int *others) {
	struct bucket *b = bucket_of(address);
	pthread_mutex_lock(&b->lock);
	struct queue **link = find(b, address), *q = *link;
	if (!q) {
		*link = q = calloc(1, sizeof *q);
		q->address = address;
		q->operation = operation;
	}
	q->waits++;
	uint64_t found;
	uint32_t owner = (uint32_t)value | 3;
	int error = load(address, size_of(operation), &found);
	bool sleep = false;
	if (q->operation != operation) error = MAC_EDOM;
	else if (error || found != value) ; // all 64 bits of value are compared, also if the word has 32
	else if (operation == UL_UNFAIR_LOCK && (owner == self->port || (!thread_lives(owner) && owner != UINT32_MAX))) error = MAC_EOWNERDEAD;
	else sleep = true;
	if (sleep) {
		if (operation == UL_UNFAIR_LOCK) q->owner = owner;
		struct waiter w = {.port = self->port};
		*find_waiter(q, NULL, 0) = &w;
		while (!w.woken && !error) {
			pthread_mutex_unlock(&b->lock);
			int e = futex_wait(&w.woken, 0, deadline);
			pthread_mutex_lock(&b->lock);
			if (e == EINTR) error = MAC_EINTR;
			if (e == ETIMEDOUT) error = MAC_ETIMEDOUT;
		}
		if (w.woken) error = 0;
		else *find_waiter(q, &w, 0) = w.next;
	}
	*others = --q->waits;
	if (!q->waits) {
		link = find(b, address);
		*link = q->next;
		free(q);
	}
	pthread_mutex_unlock(&b->lock);
	return error;
}

// ulock_wait returns 0 or an error, and sets *others to the number of the other waiters.
static int ulock_wait(uint32_t op, uintptr_t address, uint64_t value, uint64_t timeout, int *others) {
	uint32_t operation = op & 0xff, flags = op & ~0xffu;
	uint32_t known = ULF_NO_ERRNO | ULF_WAIT_WORKQ_DATA_CONTENTION | ULF_WAIT_CANCEL_POINT | ULF_WAIT_ADAPTIVE_SPIN | (release >= 1404 ? ULF_DEADLINE : 0);
	size_t size = size_of(operation);
	*others = 0;
	if (!size || (operation > UL_UNFAIR_LOCK && release < 1015) || flags & ~known || !address || address % size) return MAC_EINVAL;
	uint64_t deadline = timeout == 0 ? NEVER : flags & ULF_DEADLINE ? from_ticks(timeout) : after(timeout);
	if (is_shared(operation)) return wait_shared(address, size, value, deadline);
	return wait_in_queue(operation, address, value, deadline, others);
}

static int ulock_wake(uint32_t op, uintptr_t address, uint64_t port) {
	uint32_t operation = op & 0xff, flags = op & ~0xffu;
	bool owned = operation == UL_UNFAIR_LOCK, all = flags & ULF_WAKE_ALL, one = flags & ULF_WAKE_THREAD;
	if (!size_of(operation) || flags & ~(uint32_t)(ULF_NO_ERRNO | ULF_WAKE_ALL | ULF_WAKE_THREAD | ULF_WAKE_ALLOW_NON_OWNER) ||
		(one && (all || owned)) || (flags & ULF_WAKE_ALLOW_NON_OWNER && !owned) || !address)
		return MAC_EINVAL;
	if (is_shared(operation)) {
		uint64_t found;
		long n = load(address, 1, &found) ? -1 : futex_wake((void *)address, all ? INT32_MAX : 1);
		return n < 0 ? MAC_EINVAL : n == 0 ? MAC_ENOENT : 0;
	}
	if (one && (!thread_lives(port) || port == self->port)) return MAC_ESRCH;

	struct bucket *b = bucket_of(address);
	pthread_mutex_lock(&b->lock);
	struct queue *q = *find(b, address);
	int error = 0;
	if (!q) {
		error = MAC_ENOENT;
	} else if (q->operation != operation) {
		error = MAC_EDOM;
	} else if (one) {
		struct waiter **w = find_waiter(q, NULL, port);
		if (*w) wake_next(w);
		else error = MAC_EALREADY;
	} else if (!owned || q->owner == self->port || flags & ULF_WAKE_ALLOW_NON_OWNER) {
		q->owner = q->head && !all ? q->head->port : 0;
		do {
			if (q->head) wake_next(&q->head);
		} while (all && q->head);
	}
	pthread_mutex_unlock(&b->lock);
	return error;
}

// result returns the error of a ulock call in errno or, with ULF_NO_ERRNO, in the result.
static long result(uint32_t op, int error, int value) {
	if (!error) return value;
	return op & ULF_NO_ERRNO ? -error : fail(error);
}
static long mac___ulock_wait2(uint32_t op, uintptr_t address, uint64_t value, uint64_t timeout, uint64_t) {
	int others, error = ulock_wait(op, address, value, timeout, &others);
	return result(op, error, others);
}
static long mac___ulock_wait(uint32_t op, uintptr_t address, uint64_t value, uint32_t microseconds) {
	return mac___ulock_wait2(op, address, value, microseconds * 1000ull, 0);
}
static long mac___ulock_wake(uint32_t op, uintptr_t address, uint64_t port) { return result(op, ulock_wake(op, address, port), 0); }

enum { OS_SYNC_SHARED = 1, OS_CLOCK_MACH_ABSOLUTE_TIME = 32 };

// os_sync returns the operation of ulock, or 0 if there is none.
static uint32_t os_sync(size_t size, uint32_t flags) {
	bool shared = flags & OS_SYNC_SHARED;
	if (flags & ~(uint32_t)OS_SYNC_SHARED) return 0;
	if (size == 4) return shared ? UL_COMPARE_AND_WAIT_SHARED : UL_COMPARE_AND_WAIT;
	if (size == 8) return shared ? UL_COMPARE_AND_WAIT64_SHARED : UL_COMPARE_AND_WAIT64;
	return 0;
}
static long mac_os_sync_wait_on_address(uintptr_t address, uint64_t value, size_t size, uint32_t flags) {
	return mac___ulock_wait2(os_sync(size, flags), address, value, 0, 0);
}
static long mac_os_sync_wait_on_address_with_timeout(uintptr_t address, uint64_t value, size_t size, uint32_t flags, uint32_t clock, uint64_t timeout) {
	if (clock != OS_CLOCK_MACH_ABSOLUTE_TIME || !timeout) return fail(MAC_EINVAL);
	return mac___ulock_wait2(os_sync(size, flags), address, value, timeout, 0);
}
static long mac_os_sync_wait_on_address_with_deadline(uintptr_t address, uint64_t value, size_t size, uint32_t flags, uint32_t clock, uint64_t deadline) {
	if (clock != OS_CLOCK_MACH_ABSOLUTE_TIME || !deadline) return fail(MAC_EINVAL);
	return mac___ulock_wait2(os_sync(size, flags) | ULF_DEADLINE, address, value, deadline, 0);
}
static long mac_os_sync_wake_by_address_any(uintptr_t address, size_t size, uint32_t flags) {
	return mac___ulock_wake(os_sync(size, flags), address, 0);
}
static long mac_os_sync_wake_by_address_all(uintptr_t address, size_t size, uint32_t flags) {
	return mac___ulock_wake(os_sync(size, flags) | ULF_WAKE_ALL, address, 0);
}

// The word of an os_unfair_lock is 0 while it is free, and otherwise the port of its owner. The lowest bit of a
// port is set; a waiter clears it in the word before it sleeps. Misuse ends the program by a trap, as on macOS.
__attribute__((noreturn)) static void misuse(const char *what, uint32_t word) {
	fprintf(stderr, "tools/macho: os_unfair_lock: %s (%#x)\n", what, word);
	__builtin_trap();
}
static bool is_mine(const uint32_t *lock) { return (LOAD(lock) | 1) == self->port; }
static bool mac_os_unfair_lock_trylock(uint32_t *lock) { return compare_and_swap(lock, 0, self->port); }
static void mac_os_unfair_lock_lock_with_flags(uint32_t *lock, uint32_t flags) {
	// macOS checks the flags only if it has to wait.
	if (flags & ~(uint32_t)(ULF_WAIT_WORKQ_DATA_CONTENTION | ULF_WAIT_ADAPTIVE_SPIN)) misuse("unknown flags", flags);
	if (mac_os_unfair_lock_trylock(lock)) return;
	for (;;) {
		uint32_t word = LOAD(lock);
		if (word == 0) {
			if (compare_and_swap(lock, 0, self->port & ~1u)) return; // others may still sleep
			continue;
		}
		if ((word | 1) == self->port) misuse("locked again by its owner", word);
		if (!thread_lives(word | 1)) misuse("its owner is no thread", word);
		if (word & 1 && !compare_and_swap(lock, word, word & ~1u)) continue;
		futex_wait(lock, word & ~1u, NEVER);
	}
}
static void mac_os_unfair_lock_lock(uint32_t *lock) { mac_os_unfair_lock_lock_with_flags(lock, 0); }
static void mac_os_unfair_lock_unlock(uint32_t *lock) {
	uint32_t word = SWAP(lock, 0);
	if ((word | 1) != self->port) misuse("unlocked by a thread that does not own it", word);
	if (!(word & 1)) futex_wake(lock, 1);
}
static void mac_os_unfair_lock_assert_owner(uint32_t *lock) {
	if (!is_mine(lock)) misuse("assert_owner failed", *lock);
}
static void mac_os_unfair_lock_assert_not_owner(uint32_t *lock) {
	if (is_mine(lock)) misuse("assert_not_owner failed", *lock);
}

const struct symbol ulock_symbols[] = {
	SINCE(1012, __ulock_wait), SINCE(1012, __ulock_wake), SINCE(1100, __ulock_wait2),
	SINCE(1404, os_sync_wait_on_address), SINCE(1404, os_sync_wait_on_address_with_timeout), SINCE(1404, os_sync_wait_on_address_with_deadline),
	SINCE(1404, os_sync_wake_by_address_any), SINCE(1404, os_sync_wake_by_address_all),
	SINCE(1012, os_unfair_lock_lock), SINCE(1012, os_unfair_lock_trylock), SINCE(1012, os_unfair_lock_unlock),
	SINCE(1012, os_unfair_lock_assert_owner), SINCE(1012, os_unfair_lock_assert_not_owner), SINCE(1500, os_unfair_lock_lock_with_flags),
	{0},
};
