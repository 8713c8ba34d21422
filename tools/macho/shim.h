// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// machorun: runs a GOOS=darwin GOARCH=amd64 (CGO_ENABLED=0) Mach-O on Linux x86-64.
// Plumbing test-bed only: libSystem is imitated here on top of glibc/futex.
#define _GNU_SOURCE
#include <stdint.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdbool.h>
#include <unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <time.h>
#include <signal.h>
#include <sys/syscall.h>
#include <linux/futex.h>
#ifdef __x86_64__
#include <asm/prctl.h>
#endif

struct sym { const char *name; void *fn; int minver; }; // minver: major*100+minor, 0 = always
extern const struct sym sys_syms[], lock_syms[], mach_syms[]; // sys.c, lock.c, mach.c
void *lookup(const char *name);          // name without the leading underscore
extern int os_ver;                       // OSYNC_MACHO_VERSION, e.g. 1404
extern uint32_t tb_numer, tb_denom;
extern const char *loader_path;

// One per thread; GS base points at tsd[0] as on macOS (slot 0 self, 1 errno, 3 thread port, 6 = Go's g).
struct dthread {
	void *tsd[512];
	int err; int _pad_err;
	uint32_t port; uint32_t qos;
	uint64_t tid;
	void *stack_hi; size_t stack_size;
	void *(*start)(void *); void *arg; void *ret;
	pthread_t lp; bool detached;
	char name[64];
	struct dthread *next, **pprev;
};
extern __thread struct dthread *self_;
#ifdef __aarch64__ // variadic arguments travel on the stack in Apple's arm64 ABI
#define VA2 long r2_,long r3_,long r4_,long r5_,long r6_,long r7_,
#define VA3 long r3_,long r4_,long r5_,long r6_,long r7_,
#else
#define VA2
#define VA3
#endif
void thread_attach(struct dthread *t);
struct dthread *thread_of_port(uint32_t port); // NULL: not a live thread
static inline bool port_is_live_thread(uint32_t port){ return thread_of_port(port)!=NULL; }

int l2d_errno(int e);
#define SETERR() (self_->err = l2d_errno(errno))
enum { D_EPERM=1, D_ENOENT=2, D_ESRCH=3, D_EINTR=4, D_ENOMEM=12, D_EFAULT=14, D_EBUSY=16, D_EINVAL=22,
 D_EDOM=33, D_EDEADLK=11, D_EAGAIN=35, D_EALREADY=37, D_ENOTSUP=45, D_ETIMEDOUT=60, D_ENOSYS=78, D_EOWNERDEAD=105 };

static inline long futex(void *a, int op, uint32_t v, const struct timespec *ts, uint32_t mask) {
	long r = syscall(SYS_futex, a, op, v, ts, NULL, mask); return r < 0 ? -errno : r;
}
static inline uint64_t now_ns(void){ struct timespec t; clock_gettime(CLOCK_MONOTONIC,&t); return t.tv_sec*1000000000ull+t.tv_nsec; }
uint64_t s_mach_absolute_time(void);
long s_clock_gettime(int id,struct timespec *t);
