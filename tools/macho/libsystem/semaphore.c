// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// POSIX semaphores with names. On macOS a sem_t * is not an address but a file descriptor, a new one for each sem_open;
// here it is that of a file in /dev/shm, which is mapped, and holds the value.
#include "macho.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { CREATE = 0x200, EXCLUSIVE = 0x800, LONGEST_NAME = 30, MOST = 32767, DESCRIPTORS = 4096 };
static uint32_t *values[DESCRIPTORS];

// A name may be any string, with or without slashes.
static bool name_path(char *path, size_t size, const char *name) {
	if (strlen(name) > LONGEST_NAME) return fail(MAC_ENAMETOOLONG), false;
	snprintf(path, size, "/dev/shm/macho-sem%s", name);
	for (char *c = path + sizeof "/dev/shm/" - 1; *c; c++)
		if (*c == '/') *c = '!';
	return true;
}
static long map(int fd) {
	uint32_t *value = MAP_FAILED;
	if (fd < DESCRIPTORS) value = mmap(NULL, sizeof *value, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (value == MAP_FAILED) return close(fd), fail(MAC_ENOMEM);
	STORE(&values[fd], value);
	return fd;
}
static uint32_t *value_of(long semaphore) {
	uint32_t *value = semaphore >= 0 && semaphore < DESCRIPTORS ? LOAD(&values[semaphore]) : NULL;
	if (!value) fail(MAC_EBADF);
	return value;
}

static long mac_sem_open(const char *name, int flags, UNUSED_AFTER_2 int mode, int value) {
	char path[64], fresh[64];
	if (!name_path(path, sizeof path, name)) return -1;
	if (flags & CREATE && (value < 0 || value > MOST)) return fail(MAC_EINVAL);
	for (;;) {
		int fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd >= 0 && flags & CREATE && flags & EXCLUSIVE) return close(fd), fail(mac_error(EEXIST));
		if (fd >= 0) return map(fd);
		if (errno != ENOENT || !(flags & CREATE)) return fail(mac_error(errno));
		// Other processes must not see it before it has its value.
		snprintf(fresh, sizeof fresh, "/dev/shm/macho-new.%d", gettid());
		fd = open(fresh, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0) return fail(mac_error(errno));
		uint32_t first = value;
		bool made = write(fd, &first, sizeof first) == sizeof first && !fchmod(fd, mode & 07777) && !link(fresh, path);
		int error = errno;
		unlink(fresh);
		if (made) return map(fd);
		close(fd);
		if (error != EEXIST) return fail(mac_error(error));
	}
}
static int mac_sem_close(long semaphore) {
	uint32_t *value = value_of(semaphore);
	if (!value) return -1;
	STORE(&values[semaphore], NULL);
	munmap(value, sizeof *value);
	return CALL(close(semaphore));
}
static int mac_sem_unlink(const char *name) {
	char path[64];
	return name_path(path, sizeof path, name) ? CALL(unlink(path)) : -1;
}

static bool take(uint32_t *value) {
	for (uint32_t n; (n = LOAD(value)) > 0;)
		if (compare_and_swap(value, n, n - 1)) return true;
	return false;
}
static int mac_sem_wait(long semaphore) {
	uint32_t *value = value_of(semaphore);
	if (!value) return -1;
	while (!take(value))
		if (futex_wait(value, 0, NEVER) == EINTR) return fail(MAC_EINTR);
	return 0;
}
static int mac_sem_trywait(long semaphore) {
	uint32_t *value = value_of(semaphore);
	if (!value) return -1;
	return take(value) ? 0 : fail(MAC_EAGAIN);
}
static int mac_sem_post(long semaphore) {
	uint32_t *value = value_of(semaphore);
	if (!value) return -1;
	ADD(value, 1);
	futex_wake(value, 1);
	return 0;
}

// macOS has the functions of semaphores without a name, and does not implement them.
static int mac_sem_init(void *semaphore, int shared, unsigned value) { return (void)semaphore, (void)shared, (void)value, fail(mac_error(ENOSYS)); }
static int mac_sem_destroy(void *semaphore) { return (void)semaphore, fail(mac_error(ENOSYS)); }
static int mac_sem_getvalue(void *semaphore, int *value) { return (void)semaphore, (void)value, fail(mac_error(ENOSYS)); }

const struct symbol semaphore_symbols[] = {
	SYMBOL(sem_open), SYMBOL(sem_close), SYMBOL(sem_unlink), SYMBOL(sem_wait), SYMBOL(sem_trywait), SYMBOL(sem_post),
	SYMBOL(sem_init), SYMBOL(sem_destroy), SYMBOL(sem_getvalue),
	{0},
};
