// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

/* glibc REGION FIRST: four threads that add to the counter under the C library's mutex, as the goroutines of worker.go do. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "osync.h"

/* As type state in worker.go. */
struct state {
	_Alignas(64) pthread_mutex_t pthread;
	_Alignas(64) char mutex[64];
	_Alignas(64) volatile int64_t counter;
	volatile int64_t other;
	_Alignas(64) volatile uint32_t phase;
	struct {
		_Alignas(64) volatile uint64_t n;
	} added[64];
};

static struct state *s;

static void check(int err, const char *what)
{
	if (err == 0)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(err));
	exit(1);
}

static void *work(void *arg)
{
	int i = (int)(intptr_t)arg;

	while (s->phase == 0)
		usleep(100);
	while (s->phase == 1) {
		check(pthread_mutex_lock(&s->pthread), "lock");
		s->counter++;
		s->other++;
		check(pthread_mutex_unlock(&s->pthread), "unlock");
		s->added[i].n++;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	osync_region r;
	check(argc == 4 ? osync_open(argv[1], &r) : EINVAL, "open");
	s = osync_data(&r, sizeof *s);
	check(s == NULL ? EILSEQ : osync_mutex_init(&s->pthread), "data");
	int first = atoi(argv[2]), n = atoi(argv[3]);
	pthread_t t[64];
	for (int i = 0; i < n; i++)
		check(pthread_create(&t[i], NULL, work, (void *)(intptr_t)(first + i)), "thread");
	puts("ready");
	fflush(stdout);
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
	return osync_close(&r);
}
