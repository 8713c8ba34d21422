// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Files and folders, and kqueue on epoll.
#include "macho.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>

static int open_flags(int flags) {
	static const int pairs[][2] = {
		{0x4, O_NONBLOCK}, {0x8, O_APPEND}, {0x80, O_SYNC}, {0x100, O_NOFOLLOW}, {0x200, O_CREAT}, {0x400, O_TRUNC},
		{0x800, O_EXCL}, {0x20000, O_NOCTTY}, {0x100000, O_DIRECTORY}, {0x1000000, O_CLOEXEC},
	};
	int converted = flags & O_ACCMODE;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (flags & pairs[i][0]) converted |= pairs[i][1];
	return converted;
}
static int at_folder(int fd) { return fd == -2 ? AT_FDCWD : fd; }
static int at_flags(int flags) {
	return (flags & 0x20 ? AT_SYMLINK_NOFOLLOW : 0) | (flags & 0x40 ? AT_SYMLINK_FOLLOW : 0) | (flags & 0x80 ? AT_REMOVEDIR : 0);
}

// A shared memory object is a file of /dev/shm. As on macOS it gets its size once, in whole pages, has no kind, and is mapped, not read or
// written. (A plain read or write does not check this, since that would cost each one a system call.)
#define MEMORY "/dev/shm/macho."
bool is_memory(int fd) {
	char link[32], path[sizeof MEMORY];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof path);
	return n == sizeof path && !memcmp(path, MEMORY, sizeof MEMORY - 1);
}
static bool memory_path(char *path, size_t size, const char *name) {
	if (name[0] != '/' || strchr(name + 1, '/') || !name[1]) return fail(MAC_EINVAL), false;
	if (strlen(name) > 31) return fail(MAC_ENAMETOOLONG), false;
	return snprintf(path, size, MEMORY "%s", name + 1), true;
}
static long mac_shm_open(const char *name, int flags, UNUSED_AFTER_2 int mode) {
	char path[64];
	if (!memory_path(path, sizeof path, name)) return -1;
	int converted = open_flags(flags) | O_CLOEXEC;
	if (converted & O_CREAT) {
		int fd = open(path, converted | O_EXCL, mode);
		if (fd >= 0) return CALL(fchmod(fd, mode & 07777)), fd; // the umask clears no bits
		if (errno != EEXIST || converted & O_EXCL) return fail(mac_error(errno));
	}
	return CALL(open(path, converted & ~O_CREAT));
}
static long mac_shm_unlink(const char *name) {
	char path[64];
	return memory_path(path, sizeof path, name) ? CALL(unlink(path)) : -1;
}

static long mac_open(const char *path, int flags, UNUSED_AFTER_2 int mode) { return CALL(open(path, open_flags(flags), mode)); }
static long mac_openat(int folder, const char *path, int flags, UNUSED_AFTER_3 int mode) { return CALL(openat(at_folder(folder), path, open_flags(flags), mode)); }
static long mac_close(int fd) { return CALL(close(fd)); }
static ssize_t mac_read(int fd, void *buffer, size_t size) { return CALL(read(fd, buffer, size)); }
static ssize_t mac_write(int fd, const void *buffer, size_t size) { return CALL(write(fd, buffer, size)); }
static ssize_t mac_writev(int fd, const struct iovec *buffers, int count) { return CALL(writev(fd, buffers, count)); }
static ssize_t mac_pread(int fd, void *buffer, size_t size, off_t offset) { return is_memory(fd) ? fail(MAC_ESPIPE) : CALL(pread(fd, buffer, size, offset)); }
static ssize_t mac_pwrite(int fd, const void *buffer, size_t size, off_t offset) { return is_memory(fd) ? fail(MAC_ESPIPE) : CALL(pwrite(fd, buffer, size, offset)); }
static off_t mac_lseek(int fd, off_t offset, int whence) { return CALL(lseek(fd, offset, whence)); }
static long mac_pipe(int *fds) { return CALL(pipe(fds)); }
static long mac_dup(int fd) { return CALL(dup(fd)); }
static long mac_dup2(int from, int to) { return CALL(dup2(from, to)); }
static long mac_fcntl(int fd, int command, UNUSED_AFTER_2 long argument) {
	enum { DUPFD = 0, GETFD = 1, SETFD = 2, GETFL = 3, SETFL = 4, FULLFSYNC = 51, DUPFD_CLOEXEC = 67 };
	int flags;
	switch (command) {
	case DUPFD: case GETFD: case SETFD: return CALL(fcntl(fd, command, argument));
	case GETFL:
		flags = CALL(fcntl(fd, F_GETFL));
		return flags < 0 ? flags : (flags & O_ACCMODE) | (flags & O_NONBLOCK ? 4 : 0) | (flags & O_APPEND ? 8 : 0);
	case SETFL: return CALL(fcntl(fd, F_SETFL, open_flags(argument)));
	case FULLFSYNC: return CALL(fsync(fd));
	case DUPFD_CLOEXEC: return CALL(fcntl(fd, F_DUPFD_CLOEXEC, argument));
	}
	return fail(MAC_EINVAL);
}
static long mac_ioctl(int, unsigned long, UNUSED_AFTER_2 void *) { return fail(MAC_ENOTTY); }

struct mac_stat {
	int32_t device;
	uint16_t mode, links;
	uint64_t inode;
	uint32_t uid, gid;
	int32_t special_device, pad;
	struct timespec accessed, modified, changed, born;
	int64_t size, blocks;
	int32_t block_size;
	uint32_t flags, generation;
	int32_t reserved[5];
};
_Static_assert(sizeof(struct mac_stat) == 144, "struct stat");
static long convert_stat(long result, const struct stat *s, struct mac_stat *m) {
	if (result == 0)
		*m = (struct mac_stat){
			.device = s->st_dev, .mode = s->st_mode, .links = s->st_nlink, .inode = s->st_ino, .uid = s->st_uid, .gid = s->st_gid,
			.special_device = s->st_rdev, .accessed = s->st_atim, .modified = s->st_mtim, .changed = s->st_ctim, .born = s->st_ctim,
			.size = s->st_size, .blocks = s->st_blocks, .block_size = s->st_blksize,
		};
	return result;
}
static long mac_stat64(const char *path, struct mac_stat *m) { struct stat s; return convert_stat(CALL(stat(path, &s)), &s, m); }
static long mac_lstat64(const char *path, struct mac_stat *m) { struct stat s; return convert_stat(CALL(lstat(path, &s)), &s, m); }
static long mac_fstat64(int fd, struct mac_stat *m) {
	struct stat s;
	long result = convert_stat(CALL(fstat(fd, &s)), &s, m);
	if (result == 0 && is_memory(fd)) m->mode &= ~S_IFMT;
	return result;
}
static long mac_fstatat64(int folder, const char *path, struct mac_stat *m, int flags) {
	struct stat s;
	return convert_stat(CALL(fstatat(at_folder(folder), path, &s, at_flags(flags))), &s, m);
}

struct entry { uint64_t inode, offset; uint16_t size, name_length; uint8_t type; char name[1024]; };
static void *mac_fdopendir(int fd) {
	DIR *d = fdopendir(fd);
	if (!d) fail(mac_error(errno));
	return d;
}
static long mac_closedir(DIR *d) { return CALL(closedir(d)); }
static long mac_readdir_r(DIR *d, struct entry *e, struct entry **result) {
	errno = 0;
	struct dirent *l = readdir(d);
	*result = l ? e : NULL;
	if (!l) return mac_error(errno);
	*e = (struct entry){.inode = l->d_ino, .offset = l->d_off, .type = l->d_type, .name_length = strlen(l->d_name)};
	e->size = (offsetof(struct entry, name) + e->name_length + 1 + 3) & ~3;
	strcpy(e->name, l->d_name);
	return 0;
}

static long mac_mkdir(const char *path, int mode) { return CALL(mkdir(path, mode)); }
static long mac_mkdirat(int folder, const char *path, int mode) { return CALL(mkdirat(at_folder(folder), path, mode)); }
static long mac_rmdir(const char *path) { return CALL(rmdir(path)); }
static long mac_unlink(const char *path) { return CALL(unlink(path)); }
static long mac_unlinkat(int folder, const char *path, int flags) { return CALL(unlinkat(at_folder(folder), path, at_flags(flags))); }
static long mac_chmod(const char *path, int mode) { return CALL(chmod(path, mode)); }
static long mac_fchmod(int fd, int mode) { return is_memory(fd) ? fail(MAC_EINVAL) : CALL(fchmod(fd, mode)); }
static long mac_fchmodat(int folder, const char *path, int mode, int flags) { return CALL(fchmodat(at_folder(folder), path, mode, at_flags(flags))); }
static long mac_access(const char *path, int mode) { return CALL(access(path, mode)); }
static long mac_faccessat(int folder, const char *path, int mode, int flags) {
	return CALL(faccessat(at_folder(folder), path, mode, at_flags(flags) | (flags & 0x10 ? AT_EACCESS : 0)));
}
static long mac_rename(const char *from, const char *to) { return CALL(rename(from, to)); }
static long mac_link(const char *from, const char *to) { return CALL(link(from, to)); }
static long mac_symlink(const char *target, const char *path) { return CALL(symlink(target, path)); }
static ssize_t mac_readlink(const char *path, char *buffer, size_t size) { return CALL(readlink(path, buffer, size)); }
static ssize_t mac_readlinkat(int folder, const char *path, char *buffer, size_t size) { return CALL(readlinkat(at_folder(folder), path, buffer, size)); }
static long mac_ftruncate(int fd, off_t size) {
	struct stat s;
	if (is_memory(fd)) {
		if (fstat(fd, &s) || s.st_size > 0) return fail(MAC_EINVAL);
		size = (size + 4095) & -4096;
	}
	return CALL(ftruncate(fd, size));
}
static long mac_truncate(const char *path, off_t size) { return CALL(truncate(path, size)); }
static long mac_fsync(int fd) { return CALL(fsync(fd)); }
static long mac_flock(int fd, int operation) { return CALL(flock(fd, operation)); }
static long mac_chdir(const char *path) { return CALL(chdir(path)); }
static long mac_fchdir(int fd) { return CALL(fchdir(fd)); }
static char *mac_getcwd(char *buffer, size_t size) {
	char *path = getcwd(buffer, size);
	if (!path) fail(mac_error(errno));
	return path;
}
static long mac_utimensat(int folder, const char *path, const struct timespec *times, int flags) {
	return CALL(utimensat(at_folder(folder), path, times, at_flags(flags)));
}
static long mac_umask(int mode) { return umask(mode); }

// A kqueue is an epoll with the three filters that Go uses. A file is watched for reading and
// writing at once, as Go does; the user filter is an eventfd.
enum { READ = -1, WRITE = -2, USER = -10, ADD_EVENT = 1, DELETE_EVENT = 2, CLEAR = 0x20, END_OF_FILE = 0x8000, TRIGGER = 0x1000000 };
struct event { uint64_t identity; int16_t filter; uint16_t flags; uint32_t filter_flags; int64_t data; uint64_t user; };
static struct kqueue { int epoll, event; uint64_t identity, user; } kqueues[64];
static pthread_mutex_t kqueues_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t user_of_file[65536];

static struct kqueue *find_kqueue(int epoll) {
	for (struct kqueue *k = kqueues; k < kqueues + 64; k++)
		if (k->epoll == epoll) return k;
	return NULL;
}

static long mac_kqueue(void) {
	int epoll = CALL(epoll_create1(EPOLL_CLOEXEC));
	if (epoll < 0) return -1;
	pthread_mutex_lock(&kqueues_lock);
	struct kqueue *k = find_kqueue(epoll); // a closed one may have had the same number
	if (!k) k = find_kqueue(0);
	if (k) *k = (struct kqueue){.epoll = epoll};
	pthread_mutex_unlock(&kqueues_lock);
	return k ? epoll : fail(MAC_ENOMEM);
}

static long change(struct kqueue *k, const struct event *c) {
	struct epoll_event e = {EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, {.u64 = c->identity}};
	uint64_t one = 1;
	switch (c->filter) {
	case USER:
		if (c->flags & ADD_EVENT) {
			*k = (struct kqueue){k->epoll, eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), c->identity, c->user};
			e = (struct epoll_event){EPOLLIN | EPOLLET, {.u64 = UINT64_MAX}};
			epoll_ctl(k->epoll, EPOLL_CTL_ADD, k->event, &e);
		}
		return c->filter_flags & TRIGGER && write(k->event, &one, sizeof one) < 0 && errno != EAGAIN ? fail(mac_error(errno)) : 0;
	case READ: case WRITE:
		if (c->flags & ADD_EVENT) {
			if (c->identity >= sizeof user_of_file / sizeof *user_of_file) return fail(MAC_EBADF);
			user_of_file[c->identity] = c->user;
			if (epoll_ctl(k->epoll, EPOLL_CTL_ADD, c->identity, &e) && epoll_ctl(k->epoll, EPOLL_CTL_MOD, c->identity, &e)) return fail(mac_error(errno));
		} else if (c->flags & DELETE_EVENT) {
			epoll_ctl(k->epoll, EPOLL_CTL_DEL, c->identity, NULL);
		}
		return 0;
	}
	return fail(MAC_EINVAL);
}

static long mac_kevent(int fd, const struct event *changes, int change_count, struct event *events, int most, const struct timespec *limit) {
	struct kqueue *k = find_kqueue(fd);
	if (!k) return fail(MAC_EBADF);
	for (int i = 0; i < change_count; i++)
		if (change(k, &changes[i])) return -1;
	if (most == 0) return 0;

	enum { BATCH = 32 };
	struct epoll_event ready[BATCH];
	int want = most / 2; // a file may have two events
	want = want < 1 ? 1 : want > BATCH ? BATCH : want;
	long n = syscall(SYS_epoll_pwait2, k->epoll, ready, want, limit, NULL, 0);
	if (n < 0 && errno == ENOSYS) { // QEMU
		uint64_t ms = limit ? (nanoseconds(*limit) + 999999) / 1000000 : 0;
		n = epoll_wait(k->epoll, ready, want, !limit ? -1 : ms < INT32_MAX ? (int)ms : INT32_MAX);
	}
	if (n < 0) return fail(mac_error(errno));
	int count = 0;
	for (struct epoll_event *e = ready; e < ready + n; e++) {
		uint64_t file = e->data.u64, drained;
		if (file == UINT64_MAX) {
			if (read(k->event, &drained, sizeof drained) > 0) events[count++] = (struct event){k->identity, USER, CLEAR, 0, 0, k->user};
			continue;
		}
		bool failed = e->events & (EPOLLHUP | EPOLLERR), ended = failed || e->events & EPOLLRDHUP;
		if ((e->events & EPOLLIN || ended) && count < most)
			events[count++] = (struct event){file, READ, CLEAR | (ended ? END_OF_FILE : 0), 0, 1, user_of_file[file]};
		if ((e->events & EPOLLOUT || failed) && count < most)
			events[count++] = (struct event){file, WRITE, CLEAR | (failed ? END_OF_FILE : 0), 0, 1, user_of_file[file]};
	}
	return count;
}

const struct symbol file_symbols[] = {
	SYMBOL(open), SYMBOL(openat), SYMBOL(close), SYMBOL(read), SYMBOL(write), SYMBOL(writev), SYMBOL(pread), SYMBOL(pwrite),
	SYMBOL(lseek), SYMBOL(pipe), SYMBOL(dup), SYMBOL(dup2), SYMBOL(fcntl), SYMBOL(ioctl),
	// The names with 64 are those of amd64.
	SYMBOL(stat64), SYMBOL(lstat64), SYMBOL(fstat64), SYMBOL(fstatat64), {"fdopendir$INODE64", mac_fdopendir, 0}, {"readdir_r$INODE64", mac_readdir_r, 0},
	{"stat", mac_stat64, 0}, {"lstat", mac_lstat64, 0}, {"fstat", mac_fstat64, 0}, {"fstatat", mac_fstatat64, 0}, SYMBOL(fdopendir), SYMBOL(readdir_r),
	SYMBOL(closedir), SYMBOL(mkdir), SYMBOL(mkdirat), SYMBOL(rmdir), SYMBOL(unlink), SYMBOL(unlinkat),
	SYMBOL(chmod), SYMBOL(fchmod), SYMBOL(fchmodat), SYMBOL(access), SYMBOL(faccessat), SYMBOL(rename), SYMBOL(link), SYMBOL(symlink),
	SYMBOL(readlink), SYMBOL(readlinkat), SYMBOL(ftruncate), SYMBOL(truncate), SYMBOL(fsync), SYMBOL(flock), SYMBOL(shm_open), SYMBOL(shm_unlink),
	SYMBOL(chdir), SYMBOL(fchdir), SYMBOL(getcwd), SYMBOL(utimensat), SYMBOL(umask), SYMBOL(kqueue), SYMBOL(kevent),
	{0},
};
