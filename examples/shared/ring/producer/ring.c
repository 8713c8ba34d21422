// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The producer of the ring: "ring FILE" writes records until it is killed.

#include "osync.h"

#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>

#define RECORDS 64

// As in ring.go.
struct ring {
	pthread_mutex_t mu;
	uint32_t changed, pad;
	uint64_t written, at, deaths;
	struct { uint64_t read, sum; } reader[2];
	struct { uint64_t seq, value, sum; } record[RECORDS];
};

static uint64_t value_of(uint64_t seq) { return (seq + 1) * 0x9e3779b97f4a7c15u >> 32; }

static int fail(const char *what, int err)
{
	fprintf(stderr, "ring.c: %s: %s\n", what, strerror(err));
	return 1;
}

int main(int argc, char **argv)
{
	osync_region region;
	prctl(PR_SET_PDEATHSIG, SIGKILL); // ends with the program that has started it
	int err = argc == 2 ? osync_open(argv[1], &region) : EINVAL;
	if (err != 0)
		return fail("open", err);
	struct ring *r = osync_data(&region, sizeof *r);
	if (r == NULL)
		return fail("open", EOVERFLOW);
	for (;;) {
		err = pthread_mutex_lock(&r->mu);
		if (err == EOWNERDEAD) {
			r->deaths++;
			pthread_mutex_consistent(&r->mu); // nothing to repair: a record counts once written says so
		} else if (err != 0) {
			return fail("lock", err);
		}
		uint32_t changed = r->changed;
		uint64_t seq = r->written;
		int full = seq - r->reader[r->at % 2].read == RECORDS;
		if (!full) {
			uint64_t sum = seq == 0 ? 0 : r->record[(seq - 1) % RECORDS].sum;
			r->record[seq % RECORDS].seq = seq;
			r->record[seq % RECORDS].value = value_of(seq);
			r->record[seq % RECORDS].sum = sum + value_of(seq);
			// A kill is before this store or after it, so the record is not there, or it is there whole.
			__atomic_store_n(&r->written, seq + 1, __ATOMIC_RELEASE);
			__atomic_store_n(&r->changed, changed + 1, __ATOMIC_RELEASE);
		}
		pthread_mutex_unlock(&r->mu);
		if (full) {
			// The time limit is for a consumer that is killed between its change and its wake.
			struct timespec limit = {0, 10 * 1000 * 1000};
			syscall(SYS_futex, &r->changed, FUTEX_WAIT, changed, &limit, NULL, 0);
		} else {
			syscall(SYS_futex, &r->changed, FUTEX_WAKE, 1, NULL, NULL, 0);
		}
	}
}
