// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

/* A C program opens a region of osync's package locks/shared with this header, and shares the mutexes and the data in it with Go
 * programs. It is C11 for Linux and the GNU C library, and needs no library of its own: copy the file, or point -I at it. Compile with
 * -std=gnu11 or -D_GNU_SOURCE.
 *
 *	struct state {               // type state struct {
 *		pthread_mutex_t mu;  //	mu    shared.PthreadMutex
 *		int64_t count;       //	count int64
 *	};                           // }
 *
 *	osync_region r;
 *	int err = osync_open("/dev/shm/example", &r);
 *	struct state *s = osync_data(&r, sizeof *s);
 *	...
 *	err = pthread_mutex_lock(&s->mu);
 *	if (err == EOWNERDEAD) {
 *		repair(s);
 *		pthread_mutex_consistent(&s->mu);
 *	} else if (err != 0) {
 *		return err;
 *	}
 *	s->count++;
 *	pthread_mutex_unlock(&s->mu);
 *	...
 *	osync_close(&r);
 *
 * Create, Open and their kin in Go make regions. Functions return 0 or an errno.
 *
 * The owner may have been a Go process. The kernel reports its death when one of its threads has ended, and others may run
 * for some microseconds more, until the signal has reached their processors: a program to which that matters sleeps a millisecond before it
 * repairs.
 *
 * Of the types in a region only PthreadMutex is for C; the words of others belong to Go. Which fields lie where is for the two declarations
 * to agree on: int32_t is int32, int64_t is int64, and a pthread_mutex_t is a shared.PthreadMutex. On 32-bit machines
 * Go aligns int64 to 4 bytes.
 *
 * The header of the file, in the machine's byte order; what is not listed is Go's and may change:
 *
 *	offset  bytes
 *	0       8      "osyncshr"
 *	8       4      the version of the format, 1
 *	12      4      0x01020304
 *	16      8      the size of the whole region in bytes
 *	24      4      1 once the region is complete
 *	65536          the data
 */
#ifndef OSYNC_H
#define OSYNC_H

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if !defined(__linux__) || !defined(__GLIBC__)
#error "osync.h needs Linux and the GNU C library: other pthread_mutex_t have other fields"
#endif

#define OSYNC_VERSION 1
#define OSYNC_ORDER 0x01020304
#define OSYNC_DATA 65536 /* where the data begins */

/* A region as this process has mapped it. */
typedef struct osync_region {
	void *base;
	size_t size;
} osync_region;

/* osync_map maps the region of an open file, such as a descriptor that a Go process has passed on. It does not keep fd.
 *
 * EILSEQ: the file is no region. EPROTO: another version, or another byte order. EAGAIN: the process that makes the region
 * is not done. EOVERFLOW: the file is shorter than the region, or the region is too large for this machine. */
static inline int osync_map(int fd, osync_region *r)
{
	struct {
		char magic[8];
		uint32_t version, order;
		uint64_t size;
		uint32_t ready;
	} h;
	struct stat st;

	if (fstat(fd, &st) != 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EILSEQ;
	ssize_t n = pread(fd, &h, offsetof(__typeof__(h), ready) + sizeof h.ready, 0);
	if (n < 0)
		return errno;
	if (n < (ssize_t)(offsetof(__typeof__(h), ready) + sizeof h.ready) || memcmp(h.magic, "osyncshr", 8) != 0)
		return EILSEQ;
	if (h.version > OSYNC_VERSION)
		return EPROTO;
	if (h.ready == 0)
		return EAGAIN;
	if (h.version != OSYNC_VERSION || h.order != OSYNC_ORDER)
		return EPROTO;
	if (h.size < OSYNC_DATA)
		return EILSEQ;
	if (h.size > PTRDIFF_MAX || (uint64_t)st.st_size < h.size)
		return EOVERFLOW;
	void *p = mmap(NULL, (size_t)h.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		return errno;
	r->base = p;
	r->size = (size_t)h.size;
	return 0;
}

/* osync_open maps the region of the file path. It does not follow a symbolic link there. */
static inline int osync_open(const char *path, osync_region *r)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno;
	int err = osync_map(fd, r);
	close(fd);
	return err;
}

/* osync_data returns the region's data, or NULL if that has fewer than size bytes. */
static inline void *osync_data(const osync_region *r, size_t size)
{
	return size <= r->size - OSYNC_DATA ? (char *)r->base + OSYNC_DATA : NULL;
}

/* osync_close unmaps the region. No thread of the process may hold a mutex of it: the list of what a thread holds goes through the
 * mutexes. */
static inline int osync_close(osync_region *r)
{
	return munmap(r->base, r->size) == 0 ? 0 : errno;
}

/* osync_mutex_init makes zeros a robust process-shared mutex, as PthreadMutex.Init does in Go. It does nothing if m is one already, locked
 * or not, so any number of processes may call it. EINVAL: m is a mutex of another kind. */
static inline int osync_mutex_init(pthread_mutex_t *m)
{
	int kind = 0;
	const int robust = 16 | 128; /* as pthread_mutex_init writes it: part of the C library's ABI */

	__atomic_compare_exchange_n(&m->__data.__kind, &kind, robust, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return kind == 0 || (kind & ~3) == robust ? 0 : EINVAL;
}

#endif
