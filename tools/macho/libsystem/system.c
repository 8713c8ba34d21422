// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Errors, memory, time, queries about the system, processes, and dlsym.
#include "macho.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>

int mac_error(int error) {
	switch (error) {
	case EAGAIN: return MAC_EAGAIN;
	case EDEADLK: return MAC_EDEADLK;
	case EINPROGRESS: return 36;
	case EALREADY: return MAC_EALREADY;
	case ENOTSOCK: return 38;
	case EADDRINUSE: return 48;
	case EADDRNOTAVAIL: return 49;
	case ENETUNREACH: return 51;
	case ECONNRESET: return 54;
	case ENOBUFS: return 55;
	case EISCONN: return 56;
	case ENOTCONN: return 57;
	case ETIMEDOUT: return MAC_ETIMEDOUT;
	case ECONNREFUSED: return 61;
	case ELOOP: return 62;
	case ENAMETOOLONG: return MAC_ENAMETOOLONG;
	case EHOSTUNREACH: return 65;
	case ENOTEMPTY: return 66;
	case ENOLCK: return 77;
	case ENOSYS: return 78;
	case EOVERFLOW: return 84;
	case ECANCELED: return 89;
	case EILSEQ: return 92;
	case ENODATA: return 96;
	case EPROTO: return 100;
	case EOPNOTSUPP: return 102;
	case ENOTRECOVERABLE: return 104;
	case EOWNERDEAD: return MAC_EOWNERDEAD;
	}
	return error <= ERANGE ? error : MAC_EINVAL; // up to ERANGE the two have the same numbers
}
static int *mac___error(void) { return &self->error; }

// Memory.

static void *mac_mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset) {
	enum { SAME = MAP_SHARED | MAP_PRIVATE | MAP_FIXED, MAC_NORESERVE = 0x40, MAC_ANON = 0x1000 };
	bool anonymous = flags & MAC_ANON;
	struct stat s;
	if (!anonymous && is_memory(fd) && (!(flags & MAP_SHARED) || fstat(fd, &s) || offset + size > (size_t)s.st_size)) {
		fail(MAC_EINVAL);
		return MAP_FAILED;
	}
	int linux_flags = (flags & SAME) | (anonymous ? MAP_ANONYMOUS : 0) | (flags & MAC_NORESERVE ? MAP_NORESERVE : 0);
	return CALL(mmap(address, size, protection, linux_flags, anonymous ? -1 : fd, offset));
}
static long mac_munmap(void *address, size_t size) { return CALL(munmap(address, size)); }
static long mac_mprotect(void *address, size_t size, int protection) { return CALL(mprotect(address, size, protection)); }
static long mac_madvise(void *address, size_t size, int advice) {
	enum { MAC_FREE = 5, MAC_FREE_REUSABLE = 7, MAC_FREE_REUSE = 8 };
	if (advice == MAC_FREE_REUSE) return 0;
	return CALL(madvise(address, size, advice == MAC_FREE || advice == MAC_FREE_REUSABLE ? MADV_DONTNEED : advice));
}
static long mac_msync(void *address, size_t size, int flags) {
	enum { SAME = MS_ASYNC | MS_INVALIDATE, MAC_SYNC = 0x10 };
	return CALL(msync(address, size, (flags & SAME) | (flags & MAC_SYNC ? MS_SYNC : 0)));
}
static long mac_mlock(void *address, size_t size) { return CALL(mlock(address, size)); }

// Time.

static uint64_t mac_mach_absolute_time(void) { return to_ticks(now()); }
static long mac_mach_timebase_info(uint32_t *fraction) {
	fraction[0] = timebase_numerator;
	fraction[1] = timebase_divisor;
	return 0;
}
static long mac_clock_gettime(int clock, struct timespec *t) {
	switch (clock) {
	case 0: return CALL(clock_gettime(CLOCK_REALTIME, t));
	case 4: return CALL(clock_gettime(CLOCK_MONOTONIC_RAW, t));
	case 5: case 6: case 8: case 9: return CALL(clock_gettime(CLOCK_MONOTONIC, t)); // with and without sleep, exact and not
	case 12: return CALL(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, t));
	case 16: return CALL(clock_gettime(CLOCK_THREAD_CPUTIME_ID, t));
	}
	return fail(MAC_EINVAL);
}
static long mac_gettimeofday(struct timeval *t, void *) { return gettimeofday(t, NULL); }
static long mac_usleep(unsigned microseconds) { return CALL(usleep(microseconds)); }
static long mac_nanosleep(const struct timespec *t, struct timespec *left) { return CALL(nanosleep(t, left)); }
static long mac_setitimer(int which, const struct itimerval *new, struct itimerval *old) { return CALL(setitimer(which, new, old)); }

// Queries about the system.

static void mac_arc4random_buf(void *buffer, size_t size) {
	for (uint8_t *p = buffer; size > 0;) {
		ssize_t n = getrandom(p, size, 0);
		if (n > 0) p += n, size -= n;
	}
}

// answer copies a value into the buffer of a sysctl.
static long answer(void *buffer, size_t *size, const void *value, size_t value_size) {
	if (!size) return 0;
	if (buffer && *size < value_size) return fail(MAC_ENOMEM);
	if (buffer) memcpy(buffer, value, value_size);
	*size = value_size;
	return 0;
}
static long answer_int(void *buffer, size_t *size, uint32_t value) { return answer(buffer, size, &value, sizeof value); }
static long answer_string(void *buffer, size_t *size, const char *value) { return answer(buffer, size, value, strlen(value) + 1); }

static long mac_sysctlbyname(const char *name, void *buffer, size_t *size, void *, size_t) {
	if (!strcmp(name, "hw.ncpu") || !strcmp(name, "hw.logicalcpu")) return answer_int(buffer, size, sysconf(_SC_NPROCESSORS_ONLN));
	if (!strcmp(name, "hw.pagesize")) return answer_int(buffer, size, 4096);
	if (!strcmp(name, "kern.osrelease")) return answer_string(buffer, size, "24.0.0");
	if (!strcmp(name, "kern.osproductversion")) {
		char version[16];
		snprintf(version, sizeof version, "%d.%d", release / 100, release % 100);
		return answer_string(buffer, size, version);
	}
	return fail(MAC_ENOENT);
}
// answer_process answers osync's queries about a process: whether it exists, when it began, and its state. The answer is empty
// if the process does not exist.
static long answer_process(void *buffer, size_t *size, unsigned pid) {
	struct { int64_t seconds; int32_t microseconds; uint8_t other[24]; int8_t state; uint8_t padding[3]; int32_t pid; uint8_t rest[604]; } p = {0};
	_Static_assert(sizeof p == 648 && offsetof(__typeof__(p), state) == 36 && offsetof(__typeof__(p), pid) == 40, "struct kinfo_proc");
	char path[64], text[1024], state;
	unsigned long long ticks, boot = 0;
	snprintf(path, sizeof path, "/proc/%u/task/%u/stat", pid, pid); // of /proc/PID/stat QEMU makes its own for the caller's process
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
	if (f) fclose(f);
	text[n] = 0;
	char *rest = strrchr(text, ')'); // the name before it may contain anything
	if (!rest || sscanf(rest, ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", &state, &ticks) != 2)
		return *size = 0, 0;
	if ((f = fopen("/proc/stat", "re"))) {
		while (fgets(text, sizeof text, f) && sscanf(text, "btime %llu", &boot) != 1) {}
		fclose(f);
	}
	long hz = sysconf(_SC_CLK_TCK);
	p.seconds = boot + ticks / hz, p.microseconds = ticks % hz * 1000000 / hz, p.pid = pid;
	p.state = state == 'Z' || state == 'X' ? 5 : state == 'T' || state == 't' ? 4 : state == 'R' ? 2 : 3; // SZOMB, SSTOP, SRUN, SSLEEP
	return answer(buffer, size, &p, sizeof p);
}
static long mac_sysctl(const uint32_t *name, unsigned length, void *buffer, size_t *size, void *value, size_t value_size) {
	enum { KERN = 1, HW = 6, PROC = 14, PID = 1 };
	static const char pid[] = "kern.proc.pid";
	struct utsname u;
	if (length == 2 && name[0] == 0 && name[1] == 3 && value_size == sizeof pid - 1 && !memcmp(value, pid, value_size)) // the numbers of a name
		return answer(buffer, size, (uint32_t[]){KERN, PROC, PID}, 3 * sizeof(uint32_t));
	if (length == 4 && name[0] == KERN && name[1] == PROC && name[2] == PID) return answer_process(buffer, size, name[3]);
	if (length != 2) return fail(MAC_ENOENT);
	switch (name[0] << 8 | name[1]) {
	case HW << 8 | 3: case HW << 8 | 25: return answer_int(buffer, size, sysconf(_SC_NPROCESSORS_ONLN));
	case HW << 8 | 7: return answer_int(buffer, size, 4096); // a page
	case KERN << 8 | 1: return answer_string(buffer, size, "Darwin");
	case KERN << 8 | 2: return answer_string(buffer, size, "24.0.0");
	case KERN << 8 | 8: return answer_int(buffer, size, 1 << 20); // arguments of a program
	case KERN << 8 | 10: return uname(&u), answer_string(buffer, size, u.nodename);
	}
	return fail(MAC_ENOENT);
}
static long mac_sysconf(int name) {
	switch (name) {
	case 29: return 4096; // a page
	case 57: case 58: return sysconf(_SC_NPROCESSORS_ONLN);
	case 70: case 71: return 4096; // a name in the lists of users and groups
	}
	return fail(MAC_EINVAL);
}

static int limit(int which) { return which == 8 ? RLIMIT_NOFILE : which; }
static long mac_getrlimit(int which, uint64_t *l) {
	struct rlimit r;
	if (CALL(getrlimit(limit(which), &r))) return -1;
	l[0] = r.rlim_cur == RLIM_INFINITY ? INT64_MAX : r.rlim_cur;
	l[1] = r.rlim_max == RLIM_INFINITY ? INT64_MAX : r.rlim_max;
	return 0;
}
static long mac_setrlimit(int which, const uint64_t *l) {
	struct rlimit r = {l[0] >= INT64_MAX ? RLIM_INFINITY : l[0], l[1] >= INT64_MAX ? RLIM_INFINITY : l[1]};
	return CALL(setrlimit(limit(which), &r));
}
static long mac_getrusage(int who, struct rusage *r) { return CALL(getrusage(who, r)); }

// Processes.

static long mac_getpid(void) { return getpid(); }
static long mac_getppid(void) { return getppid(); }
static long mac_getpgrp(void) { return getpgrp(); }
static long mac_getpgid(int pid) { return CALL(getpgid(pid)); }
static long mac_setpgid(int pid, int group) { return CALL(setpgid(pid, group)); }
static long mac_setsid(void) { return CALL(setsid()); }
static unsigned mac_getuid(void) { return getuid(); }
static unsigned mac_geteuid(void) { return geteuid(); }
static unsigned mac_getgid(void) { return getgid(); }
static unsigned mac_getegid(void) { return getegid(); }
static long mac_issetugid(void) { return 0; }
static long mac_fork(void) { return CALL(fork()); }

// mac_execve starts a program for macOS with this loader again, and any other program directly.
static long mac_execve(const char *path, char **arguments, char **environment) {
	uint32_t magic = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (read(fd, &magic, sizeof magic) < (ssize_t)sizeof magic) magic = 0;
		close(fd);
	}
	if (magic != 0xfeedfacf) return CALL(execve(path, arguments, environment));

	int count = 0, n = 0;
	while (arguments[count]) count++;
	char **longer = calloc(count + 3, sizeof *longer), *emulator = getenv("OSYNC_MACHO_EMULATOR");
	if (emulator && *emulator) longer[n++] = emulator;
	longer[n++] = loader;
	longer[n++] = (char *)path;
	for (int i = 1; i < count; i++) longer[n++] = arguments[i];
	return CALL(execve(longer[0], longer, environment));
}

int exit_status(int);
static long mac_wait4(int pid, int *status, int options, struct rusage *usage) {
	int linux_status, r = CALL(wait4(pid, &linux_status, options, usage));
	if (r > 0 && status) *status = exit_status(linux_status);
	return r;
}
static void mac_exit(int status) {
	fflush(NULL);
	_exit(status);
}

// The dynamic linker. All libraries are one except AudioToolbox, which has one function: dlsym finds it only there.

static __thread char dl_error[256];
static const char audio_toolbox[] = "/System/Library/Frameworks/AudioToolbox.framework/AudioToolbox";
static void *mac_dlopen(const char *path, int) {
	if (path && !strcmp(path, audio_toolbox)) return (void *)audio_toolbox;
	if (!path || !strncmp(path, "/usr/lib/libSystem", 18) || !strncmp(path, "/usr/lib/system/", 16) ||
		!strcmp(path, "libSystem.B.dylib") || !strcmp(path, "libSystem.dylib"))
		return (void *)1;
	snprintf(dl_error, sizeof dl_error, "dlopen(%s): tried: '%s' (no such file)", path, path);
	return NULL;
}
static void *mac_dlsym(void *library, const char *name) {
	void *address = library != audio_toolbox ? symbol_address(name) : strcmp(name, "AudioWorkIntervalCreate") ? NULL : (void *)mac_AudioWorkIntervalCreate;
	if (!address) snprintf(dl_error, sizeof dl_error, "dlsym(%p, %s): symbol not found", library, name);
	return address;
}
static char *mac_dlerror(void) { // the text is valid until the next call
	static __thread char text[sizeof dl_error];
	strcpy(text, dl_error);
	dl_error[0] = 0;
	return text[0] ? text : NULL;
}
static long mac_dlclose(void *) { return 0; }

static long zero(void) { return 0; }

const struct symbol system_symbols[] = {
	SYMBOL(__error),
	SYMBOL(mmap), SYMBOL(munmap), SYMBOL(mprotect), SYMBOL(madvise), SYMBOL(msync), SYMBOL(mlock),
	{"malloc", malloc, 0}, {"calloc", calloc, 0}, {"free", free, 0},
	SYMBOL(mach_absolute_time), SYMBOL(mach_timebase_info), SYMBOL(clock_gettime), SYMBOL(gettimeofday),
	SYMBOL(usleep), SYMBOL(nanosleep), SYMBOL(setitimer), SYMBOL(arc4random_buf),
	SYMBOL(sysctl), SYMBOL(sysctlbyname), SYMBOL(sysconf), SYMBOL(getrlimit), SYMBOL(setrlimit), SYMBOL(getrusage),
	{"setenv", setenv, 0}, {"unsetenv", unsetenv, 0},
	SYMBOL(getpid), SYMBOL(getppid), SYMBOL(getpgrp), SYMBOL(getpgid), SYMBOL(setpgid), SYMBOL(setsid),
	SYMBOL(getuid), SYMBOL(geteuid), SYMBOL(getgid), SYMBOL(getegid), SYMBOL(issetugid),
	SYMBOL(fork), SYMBOL(execve), SYMBOL(wait4), SYMBOL(exit), {"_exit", mac_exit, 0},
	SYMBOL(dlopen), SYMBOL(dlsym), SYMBOL(dlerror), SYMBOL(dlclose),
	{"notify_is_valid_token", zero, 0}, {"xpc_date_create_from_current", zero, 0},
	{0},
};
