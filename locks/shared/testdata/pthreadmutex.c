// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

/* The side of C in the tests of PthreadMutex: pthreadmutex ROLE REGION. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "osync.h"

struct counters {
	pthread_mutex_t mu;
	volatile int64_t a, b, died, added[2]; /* volatile: a kill may come between any two */
};

static struct counters *c;

static void check(int err, const char *what)
{
	if (err == 0)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(err));
	exit(1);
}

static void say(const char *what)
{
	puts(what);
	fflush(stdout);
}

/* add adds to the counters until the process is killed. */
static void *add(void *unused)
{
	for (;;) {
		int err = pthread_mutex_lock(&c->mu);
		if (err == EOWNERDEAD) {
			if (c->a - c->b != 0 && c->a - c->b != 1) {
				fprintf(stderr, "after a death the counters are %" PRId64 " and %" PRId64 "\n", c->a, c->b);
				exit(1);
			}
			c->b = c->a;
			c->died++;
			err = pthread_mutex_consistent(&c->mu);
		}
		check(err, "lock");
		if (c->a != c->b) {
			fprintf(stderr, "the counters are %" PRId64 " and %" PRId64 "\n", c->a, c->b);
			exit(1);
		}
		c->a++;
		c->b++;
		c->added[0]++;
		check(pthread_mutex_unlock(&c->mu), "unlock");
	}
	return unused;
}

static struct timespec after(long ms)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += ms % 1000 * 1000000;
	t.tv_sec += ms / 1000 + t.tv_nsec / 1000000000;
	t.tv_nsec %= 1000000000;
	return t;
}

/* obey reads commands, a line each, and answers each with the name of the errno. */
static void obey(void)
{
	char line[64];
	while (fgets(line, sizeof line, stdin)) {
		struct timespec limit = after(20);
		int err = EINVAL;
		line[strcspn(line, "\n")] = 0;
		if (strcmp(line, "init") == 0)
			err = osync_mutex_init(&c->mu);
		else if (strcmp(line, "pthread_mutex_init") == 0 || strcmp(line, "plain") == 0) {
			pthread_mutexattr_t attr;
			pthread_mutexattr_init(&attr);
			pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
			if (strcmp(line, "plain") != 0)
				pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
			err = pthread_mutex_init(&c->mu, &attr);
		} else if (strcmp(line, "lock") == 0)
			err = pthread_mutex_lock(&c->mu);
		else if (strcmp(line, "trylock") == 0)
			err = pthread_mutex_trylock(&c->mu);
		else if (strcmp(line, "timedlock") == 0)
			err = pthread_mutex_timedlock(&c->mu, &limit);
		else if (strcmp(line, "unlock") == 0)
			err = pthread_mutex_unlock(&c->mu);
		else if (strcmp(line, "consistent") == 0)
			err = pthread_mutex_consistent(&c->mu);
		switch (err) {
		case 0:
			say("ok");
			break;
		case EOWNERDEAD:
			say("EOWNERDEAD");
			break;
		case ENOTRECOVERABLE:
			say("ENOTRECOVERABLE");
			break;
		case EBUSY:
			say("EBUSY");
			break;
		case ETIMEDOUT:
			say("ETIMEDOUT");
			break;
		case EPERM:
			say("EPERM");
			break;
		default:
			say(strerror(err));
		}
	}
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "layout") == 0) {
		printf("%zu %zu %zu %zu %zu %zu %zu\n", sizeof(pthread_mutex_t), _Alignof(pthread_mutex_t),
			offsetof(pthread_mutex_t, __data.__lock), offsetof(pthread_mutex_t, __data.__count),
			offsetof(pthread_mutex_t, __data.__owner), offsetof(pthread_mutex_t, __data.__nusers),
			offsetof(pthread_mutex_t, __data.__kind));
		return 0;
	}
	osync_region r = {0};
	int err = argc == 3 ? osync_open(argv[2], &r) : EINVAL;
	if (argc == 3 && strcmp(argv[1], "open") == 0) {
		printf("%d\n", err);
		return 0;
	}
	check(err, "open");
	c = osync_data(&r, sizeof *c);
	check(c == NULL ? ENOMEM : osync_mutex_init(&c->mu), "data");
	if (strcmp(argv[1], "obey") == 0) {
		say("ready");
		obey();
	} else {
		pthread_t t[4];
		for (int i = 0; i < 4; i++)
			check(pthread_create(&t[i], NULL, add, NULL), "pthread_create");
		say("ready");
		for (int i = 0; i < 4; i++)
			pthread_join(t[i], NULL);
	}
	return osync_close(&r);
}
