// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The other side of the tests in interop_test.go. As a program it shares a file with a process
// in Go; as a library it shares a process.
//
//	interop FILE create   make the mutex and the condition, then take turns
//	interop FILE turns    take turns
//	interop FILE hold     lock the mutex, begin a change, and wait to be killed
//	interop FILE heir     lock the mutex of an owner who died, finish its change
//	interop FILE semcreate  make the semaphores, then take turns by them
//	interop FILE sems       take turns by the semaphores
//	interop FILE semnames   take turns by semaphores with the names $SEM0, $SEM1

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// What both map: the places are those of interop_test.go.
struct page {
	union { pthread_mutex_t mutex; char room0[256]; };
	union { pthread_cond_t cond; char room1[256]; };
	int64_t turn; // whose turn it is: 0 Go's, 1 C's
	int64_t count;
	int64_t a, b; // equal, but in the middle of a change
	union { sem_t sem; char room[64]; } sems[2]; // Go waits for the first, C for the second
};

#define ROUNDS 500

static void must(int error, const char *what) {
	if (error != 0) {
		fprintf(stderr, "%s: %s\n", what, strerror(error));
		exit(1);
	}
}

static void make(struct page *p) {
	pthread_mutexattr_t ma;
	pthread_condattr_t ca;
	must(pthread_mutexattr_init(&ma), "mutexattr_init");
	must(pthread_mutexattr_setpshared(&ma, PTHREAD_PROCESS_SHARED), "mutexattr_setpshared");
	must(pthread_mutexattr_setrobust(&ma, PTHREAD_MUTEX_ROBUST), "mutexattr_setrobust");
	must(pthread_mutex_init(&p->mutex, &ma), "mutex_init");
	must(pthread_condattr_init(&ca), "condattr_init");
	must(pthread_condattr_setpshared(&ca, PTHREAD_PROCESS_SHARED), "condattr_setpshared");
	must(pthread_cond_init(&p->cond, &ca), "cond_init");
}

static void turns(struct page *p) {
	for (int i = 0; i < ROUNDS; i++) {
		must(pthread_mutex_lock(&p->mutex), "lock");
		while (p->turn != 1)
			must(pthread_cond_wait(&p->cond, &p->mutex), "wait");
		p->turn = 0;
		p->count++;
		must(pthread_cond_signal(&p->cond), "signal");
		must(pthread_mutex_unlock(&p->mutex), "unlock");
	}
}

// checked ends the program if a function has returned -1.
static void checked(int result, const char *what) {
	if (result != 0)
		must(errno, what);
}

static void sem_turns(struct page *p, sem_t *go, sem_t *c) {
	for (int i = 0; i < ROUNDS; i++) {
		checked(sem_wait(c), "sem_wait");
		p->count++;
		checked(sem_post(go), "sem_post");
	}
}

static sem_t *named(const char *variable) {
	sem_t *s = sem_open(getenv(variable), 0);
	if (s == SEM_FAILED)
		must(errno, "sem_open");
	return s;
}

static void say(const char *word) {
	puts(word);
	fflush(stdout);
}

int main(int argc, char **argv) {
	if (argc != 3)
		return 2;
	int fd = open(argv[1], O_RDWR);
	if (fd < 0)
		must(errno, argv[1]);
	struct page *p = mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		must(errno, "mmap");
	const char *mode = argv[2];
	if (strcmp(mode, "create") == 0) {
		make(p);
		say("made");
		turns(p);
	} else if (strcmp(mode, "turns") == 0) {
		turns(p);
	} else if (strcmp(mode, "hold") == 0) {
		must(pthread_mutex_lock(&p->mutex), "lock");
		p->a++;
		say("held");
		for (;;)
			pause();
	} else if (strcmp(mode, "heir") == 0) {
		int error = pthread_mutex_lock(&p->mutex);
		if (error != EOWNERDEAD) {
			fprintf(stderr, "lock returned %d, want EOWNERDEAD\n", error);
			return 1;
		}
		p->b = p->a;
		must(pthread_mutex_consistent(&p->mutex), "consistent");
		must(pthread_mutex_unlock(&p->mutex), "unlock");
	} else if (strcmp(mode, "semcreate") == 0) {
		for (int i = 0; i < 2; i++)
			checked(sem_init(&p->sems[i].sem, 1, 0), "sem_init");
		say("made");
		sem_turns(p, &p->sems[0].sem, &p->sems[1].sem);
	} else if (strcmp(mode, "sems") == 0) {
		sem_turns(p, &p->sems[0].sem, &p->sems[1].sem);
	} else if (strcmp(mode, "semnames") == 0) {
		sem_turns(p, named("SEM0"), named("SEM1"));
	} else {
		return 2;
	}
	say("done");
	return 0;
}

// The library.

struct work {
	pthread_mutex_t *mutex;
	int64_t *count, rounds;
};

static void *count_up(void *arg) {
	struct work *w = arg;
	for (int64_t i = 0; i < w->rounds; i++) {
		if (pthread_mutex_lock(w->mutex) != 0)
			return w;
		++*w->count;
		if (pthread_mutex_unlock(w->mutex) != 0)
			return w;
	}
	return NULL;
}

// count_on_thread counts on a thread of C's, with the mutex locked for each step.
int count_on_thread(pthread_mutex_t *mutex, int64_t *count, intptr_t rounds) {
	struct work w = {mutex, count, rounds};
	pthread_t thread;
	void *result;
	int error = pthread_create(&thread, NULL, count_up, &w);
	if (error != 0)
		return error;
	error = pthread_join(thread, &result);
	return error != 0 ? error : result != NULL ? EINVAL : 0;
}

pthread_mutex_t static_mutex = PTHREAD_MUTEX_INITIALIZER;

int lock_it(pthread_mutex_t *mutex) { return pthread_mutex_lock(mutex); }
