// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The rounds of a peer in C or C++. A peer defines before it includes this file
//
//	PEER                      its name
//	peer_mutex, MUTEX_INIT    with mutex_lock(m) and mutex_unlock(m)
//	peer_cond, COND_INIT      with cond_wait(c, m), cond_signal(c) and cond_broadcast(c)
//
// and, if it has them, HAVE_RWLOCK and HAVE_SEMAPHORE:
//
//	peer_rwlock, RWLOCK_INIT  with read_lock(l), read_unlock(l), write_lock(l) and write_unlock(l)
//	peer_semaphore            with semaphore_init(s) for a count of 0, semaphore_wait(s) and semaphore_post(s)
//
// These are static inline functions, so that a lock costs here what it costs in a program.

#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ALONE __attribute__((aligned(128))) // shares its cache lines with nothing else

static const char *const kinds = "uncontended mutex pingpong broadcast"
#ifdef HAVE_RWLOCK
				 " rwlock"
#endif
#ifdef HAVE_SEMAPHORE
				 " semaphore"
#endif
	;

// A spec is what to do in a round; the package foreign describes its fields.
struct spec {
	unsigned workers, reads, latency;
	unsigned long long inside, outside, nanos;
};

static uint64_t read_clock(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t now(void) { return read_clock(CLOCK_MONOTONIC); }
static uint64_t cpu_time(void) { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

static inline uint64_t work(uint64_t x, uint64_t n)
{
	for (; n > 0; n--) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		__asm__("" : "+r"(x)); // keeps the compiler from taking several steps at once
	}
	return x;
}

// A histogram counts waits in buckets that are 1/32 of a power of two wide.
enum { BUCKETS = 60 * 32 };

struct histogram {
	uint64_t max;
	uint32_t count[BUCKETS];
};

static inline unsigned bucket_of(uint64_t v)
{
	if (v < 32)
		return (unsigned)v;
	unsigned shift = 58 - (unsigned)__builtin_clzll(v);
	return shift * 32 + (unsigned)(v >> shift);
}

static inline uint64_t bucket_middle(unsigned b)
{
	if (b < 32)
		return b;
	unsigned shift = b / 32 - 1;
	return ((uint64_t)(b % 32 + 32) << shift) + ((uint64_t)1 << shift) / 2;
}

static inline void record(struct histogram *h, uint64_t v)
{
	h->count[bucket_of(v)]++;
	if (v > h->max)
		h->max = v;
}

static void add(struct histogram *sum, const struct histogram *h)
{
	for (unsigned b = 0; b < BUCKETS; b++)
		sum->count[b] += h->count[b];
	if (h->max > sum->max)
		sum->max = h->max;
}

static uint64_t quantile(const struct histogram *h, double q)
{
	uint64_t total = 0, seen = 0;
	for (unsigned b = 0; b < BUCKETS; b++)
		total += h->count[b];
	for (unsigned b = 0; b < BUCKETS; b++) {
		seen += h->count[b];
		if (seen > 0 && (double)seen >= q * (double)total)
			return bucket_middle(b) < h->max ? bucket_middle(b) : h->max;
	}
	return 0;
}

enum { MAX_WORKERS = 1024 };

static struct worker {
	pthread_t thread;
	unsigned number;
	uint64_t ops, x;
	struct histogram *waits; // null without Latency
} ALONE workers[MAX_WORKERS];

static struct histogram waits[MAX_WORKERS + 1]; // the last one is for all of them

static struct spec spec;

// The start line: each worker says that it is there, and waits for the gate to open.
static pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;
static unsigned there ALONE;

static unsigned stop ALONE; // the workers end
static unsigned running ALONE;
static uint64_t end_clock, end_cpu; // when the last worker ended

static inline int stopped(void) { return (int)__atomic_load_n(&stop, __ATOMIC_RELAXED); }

static inline uint64_t before_wait(const struct worker *w) { return w->waits ? now() : 0; }

static inline void after_wait(struct worker *w, uint64_t before)
{
	if (w->waits)
		record(w->waits, now() - before);
}

static struct {
	peer_mutex mutex;
	uint64_t x;
} by_mutex ALONE = {MUTEX_INIT, 0};

static void run_mutex(struct worker *w)
{
	while (!stopped()) {
		uint64_t before = before_wait(w);
		mutex_lock(&by_mutex.mutex);
		after_wait(w, before);
		by_mutex.x = work(by_mutex.x, spec.inside);
		mutex_unlock(&by_mutex.mutex);
		w->x = work(w->x, spec.outside);
		w->ops++;
	}
}

#ifdef HAVE_RWLOCK
static struct {
	peer_rwlock lock;
	uint64_t x;
} by_rwlock ALONE = {RWLOCK_INIT, 0};

static void run_rwlock(struct worker *w)
{
	for (unsigned k = 61 * w->number % 100; !stopped(); k = (k + 37) % 100) {
		uint64_t before = before_wait(w);
		if (k < spec.reads) {
			read_lock(&by_rwlock.lock);
			after_wait(w, before);
			w->x ^= work(by_rwlock.x, spec.inside);
			read_unlock(&by_rwlock.lock);
		} else {
			write_lock(&by_rwlock.lock);
			after_wait(w, before);
			by_rwlock.x = work(by_rwlock.x, spec.inside);
			write_unlock(&by_rwlock.lock);
		}
		w->x = work(w->x, spec.outside);
		w->ops++;
	}
}
#endif

// The ping-pong and the broadcast share a mutex and a condition variable.
static peer_mutex mutex ALONE = MUTEX_INIT;
static peer_cond cond ALONE = COND_INIT;

// With the ping-pong and the semaphore a wait goes from a turn to the next one of the worker.
static unsigned turn; // whose turn it is, under the mutex
static unsigned over; // somebody has seen stop, under the mutex

static void run_pingpong(struct worker *w)
{
	unsigned me = w->number;
	uint64_t before = 0;
	mutex_lock(&mutex);
	while (!over) {
		while (turn != me && !over)
			cond_wait(&cond, &mutex);
		if (turn != me)
			break;
		if (before)
			after_wait(w, before);
		if (stopped())
			over = 1;
		w->ops++;
		before = before_wait(w);
		turn = 1 - me;
		cond_signal(&cond);
	}
	mutex_unlock(&mutex);
}

#ifdef HAVE_SEMAPHORE
static struct {
	peer_semaphore semaphore ALONE;
} permits[2];

static void run_semaphore(struct worker *w)
{
	unsigned me = w->number;
	uint64_t before = 0;
	for (int stopping = 0; !stopping;) {
		semaphore_wait(&permits[me].semaphore);
		if (before)
			after_wait(w, before);
		stopping = stopped();
		w->ops++;
		before = before_wait(w);
		// The first worker to see stop passes the permit on, and the second one keeps it.
		if (!stopping || !__atomic_exchange_n(&over, 1, __ATOMIC_RELAXED))
			semaphore_post(&permits[1 - me].semaphore);
	}
}
#endif

// A generation is one broadcast: all workers wait for it, and the last one to have come back and to
// wait for the next one tells the main thread.
static unsigned generation, waiting; // under the mutex
static peer_cond all_wait ALONE = COND_INIT;
static uint64_t last_awake;

static void run_broadcast(struct worker *w)
{
	mutex_lock(&mutex);
	while (!over) {
		unsigned g = generation;
		if (++waiting == spec.workers) {
			last_awake = now();
			cond_signal(&all_wait);
		}
		while (generation == g)
			cond_wait(&cond, &mutex);
		w->ops++;
	}
	mutex_unlock(&mutex);
}

// broadcast wakes the workers until the time is over, records the waits and returns their sum.
static uint64_t broadcast(struct histogram *h, uint64_t begin, uint64_t *ops)
{
	uint64_t sum = 0, before = 0;
	for (;;) {
		mutex_lock(&mutex);
		while (waiting < spec.workers)
			cond_wait(&all_wait, &mutex);
		if (before) {
			sum += last_awake - before;
			if (spec.latency)
				record(h, last_awake - before);
			++*ops;
		}
		before = now();
		waiting = 0;
		generation++;
		over = before - begin >= spec.nanos && *ops > 0;
		unsigned done = over;
		mutex_unlock(&mutex);
		cond_broadcast(&cond);
		if (done)
			return sum;
	}
}

static void (*run)(struct worker *);

static void *work_as(void *arg)
{
	struct worker *w = (struct worker *)arg;
	__atomic_fetch_add(&there, 1, __ATOMIC_SEQ_CST);
	pthread_rwlock_rdlock(&gate);
	pthread_rwlock_unlock(&gate);
	run(w);
	if (__atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST) == 0) {
		end_clock = now();
		end_cpu = cpu_time();
	}
	return NULL;
}

// start_workers brings all workers to the start line.
static void start_workers(void)
{
	running = spec.workers;
	there = 0;
	for (unsigned i = 0; i < spec.workers; i++) {
		struct worker *w = &workers[i];
		w->number = i;
		w->ops = 0;
		w->x = i;
		w->waits = spec.latency ? &waits[i] : NULL;
		if (pthread_create(&w->thread, NULL, work_as, w) != 0) {
			fprintf(stderr, "cannot start thread %u\n", i);
			exit(1);
		}
	}
	while (__atomic_load_n(&there, __ATOMIC_SEQ_CST) < spec.workers)
		sched_yield();
}

static void sleep_for(uint64_t nanos)
{
	struct timespec t;
	t.tv_sec = (time_t)(nanos / 1000000000);
	t.tv_nsec = (long)(nanos % 1000000000);
	nanosleep(&t, NULL);
}

static void do_round(void)
{
	struct histogram *all = &waits[MAX_WORKERS];
	uint64_t ops = 0, nanos = 0;
	stop = over = turn = waiting = 0;
	memset(all, 0, sizeof *all);
	memset(waits, 0, spec.workers * sizeof *waits);
	pthread_rwlock_wrlock(&gate);
	start_workers();

	uint64_t begin_cpu = cpu_time(), begin = now();
	pthread_rwlock_unlock(&gate);
	if (run == run_broadcast) {
		nanos = broadcast(all, begin, &ops);
	} else {
#ifdef HAVE_SEMAPHORE
		if (run == run_semaphore)
			semaphore_post(&permits[0].semaphore);
#endif
		sleep_for(spec.nanos);
		__atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
	}
	for (unsigned i = 0; i < spec.workers; i++)
		pthread_join(workers[i].thread, NULL);

	if (run != run_broadcast) {
		nanos = end_clock - begin;
		for (unsigned i = 0; i < spec.workers; i++) {
			ops += workers[i].ops;
			add(all, &waits[i]);
		}
	}
	printf("%llu %llu %llu", (unsigned long long)ops, (unsigned long long)nanos,
		(unsigned long long)(end_cpu - begin_cpu));
	printf(" %llu %llu %llu %llu", (unsigned long long)quantile(all, 0.5), (unsigned long long)quantile(all, 0.99),
		(unsigned long long)quantile(all, 0.999), (unsigned long long)all->max);
	for (unsigned i = 0; i < spec.workers; i++)
		printf(" %llu", (unsigned long long)workers[i].ops);
	printf("\n");
}

static void (*run_of(const char *kind))(struct worker *)
{
	if (strcmp(kind, "pingpong") == 0)
		return run_pingpong;
	if (strcmp(kind, "broadcast") == 0)
		return run_broadcast;
#ifdef HAVE_RWLOCK
	if (strcmp(kind, "rwlock") == 0)
		return run_rwlock;
#endif
#ifdef HAVE_SEMAPHORE
	if (strcmp(kind, "semaphore") == 0)
		return run_semaphore;
#endif
	if (strcmp(kind, "mutex") == 0 || strcmp(kind, "uncontended") == 0)
		return run_mutex;
	return NULL;
}

int main(void)
{
#ifdef HAVE_SEMAPHORE
	semaphore_init(&permits[0].semaphore);
	semaphore_init(&permits[1].semaphore);
#endif
	char line[256];
	printf("%s\t%s\n", PEER, kinds);
	fflush(stdout);
	while (fgets(line, sizeof line, stdin)) {
		char kind[16];
		int n = sscanf(line, "%15s %u %u %llu %llu %u %llu", kind, &spec.workers, &spec.reads, &spec.inside,
			&spec.outside, &spec.latency, &spec.nanos);
		if (n != 7 || spec.workers > MAX_WORKERS || !(run = run_of(kind))) {
			fprintf(stderr, "not a spec: %s", line);
			return 2;
		}
		do_round();
		fflush(stdout);
	}
	return 0;
}
