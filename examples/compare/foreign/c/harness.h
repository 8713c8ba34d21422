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

// A type that is ALONE shares its cache lines with nothing else: its size is rounded up, too.
#define ALONE __attribute__((aligned(128)))

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
} ALONE;

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
} ALONE;

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

// Each worker says that it is there, and waits for the gate to open. The last one to end reads the
// clocks.
static struct {
	pthread_rwlock_t gate;
	unsigned there, running;
	uint64_t end_clock, end_cpu;
} ALONE course = {PTHREAD_RWLOCK_INITIALIZER, 0, 0, 0, 0};

static struct {
	unsigned set;
} ALONE stop; // the workers end

static inline int stopped(void) { return (int)__atomic_load_n(&stop.set, __ATOMIC_RELAXED); }

static inline uint64_t before_wait(const struct worker *w) { return w->waits ? now() : 0; }

static inline void after_wait(struct worker *w, uint64_t before)
{
	if (w->waits)
		record(w->waits, now() - before);
}

static struct {
	peer_mutex mutex;
	uint64_t x;
} ALONE by_mutex = {MUTEX_INIT, 0};

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
} ALONE by_rwlock = {RWLOCK_INIT, 0};

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

// What the ping-pong and the broadcast share.
static struct {
	peer_mutex mutex;
	unsigned turn;       // whose turn it is
	unsigned over;       // the workers end
	unsigned generation; // how many broadcasts there were
	unsigned waiting;    // workers that wait for the next one
	uint64_t last_awake; // when the last one of them came
} ALONE board = {MUTEX_INIT, 0, 0, 0, 0, 0};

static struct {
	peer_cond cond;
} ALONE changed = {COND_INIT}, all_wait = {COND_INIT};

// A wait goes from a turn to the next one of the worker.
static void run_pingpong(struct worker *w)
{
	unsigned me = w->number;
	uint64_t before = 0;
	for (unsigned over = 0; !over;) {
		mutex_lock(&board.mutex);
		while (board.turn != me)
			cond_wait(&changed.cond, &board.mutex);
		if (before)
			after_wait(w, before);
		// The first worker to see stop passes the turn on, and the second one ends with it.
		over = board.over || stopped();
		board.over = over;
		w->ops++;
		before = before_wait(w);
		board.turn = 1 - me;
		mutex_unlock(&board.mutex);
		cond_signal(&changed.cond);
	}
}

#ifdef HAVE_SEMAPHORE
static struct {
	peer_semaphore semaphore;
} ALONE permits[2];

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
		if (!stopping || !__atomic_exchange_n(&board.over, 1, __ATOMIC_RELAXED))
			semaphore_post(&permits[1 - me].semaphore);
	}
}
#endif

// All workers wait for a broadcast, and the last one to have come back and to wait for the next one
// tells the main thread.
static void run_broadcast(struct worker *w)
{
	mutex_lock(&board.mutex);
	while (!board.over) {
		unsigned g = board.generation;
		if (++board.waiting == spec.workers) {
			board.last_awake = now();
			cond_signal(&all_wait.cond);
		}
		while (board.generation == g)
			cond_wait(&changed.cond, &board.mutex);
		w->ops++;
	}
	mutex_unlock(&board.mutex);
}

// broadcast wakes the workers until the time is over, records the waits and returns their sum.
static uint64_t broadcast(struct histogram *h, uint64_t begin, uint64_t *ops)
{
	uint64_t sum = 0, before = 0;
	for (;;) {
		mutex_lock(&board.mutex);
		while (board.waiting < spec.workers)
			cond_wait(&all_wait.cond, &board.mutex);
		if (before) {
			sum += board.last_awake - before;
			if (spec.latency)
				record(h, board.last_awake - before);
			++*ops;
		}
		before = now();
		board.waiting = 0;
		board.generation++;
		board.over = before - begin >= spec.nanos && *ops > 0;
		unsigned done = board.over;
		mutex_unlock(&board.mutex);
		cond_broadcast(&changed.cond);
		if (done)
			return sum;
	}
}

static void (*run)(struct worker *);

static void *work_as(void *arg)
{
	struct worker *w = (struct worker *)arg;
	__atomic_fetch_add(&course.there, 1, __ATOMIC_SEQ_CST);
	pthread_rwlock_rdlock(&course.gate);
	pthread_rwlock_unlock(&course.gate);
	run(w);
	if (__atomic_sub_fetch(&course.running, 1, __ATOMIC_SEQ_CST) == 0) {
		course.end_clock = now();
		course.end_cpu = cpu_time();
	}
	return NULL;
}

// start_workers brings all workers to the start line.
static void start_workers(void)
{
	course.running = spec.workers;
	course.there = 0;
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
	while (__atomic_load_n(&course.there, __ATOMIC_SEQ_CST) < spec.workers)
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
	stop.set = board.over = board.turn = board.waiting = 0;
	memset(all, 0, sizeof *all);
	memset(waits, 0, spec.workers * sizeof *waits);
	pthread_rwlock_wrlock(&course.gate);
	start_workers();

	uint64_t begin_cpu = cpu_time(), begin = now();
	pthread_rwlock_unlock(&course.gate);
	if (run == run_broadcast) {
		nanos = broadcast(all, begin, &ops);
	} else {
#ifdef HAVE_SEMAPHORE
		if (run == run_semaphore)
			semaphore_post(&permits[0].semaphore);
#endif
		sleep_for(spec.nanos);
		__atomic_store_n(&stop.set, 1, __ATOMIC_RELAXED);
	}
	for (unsigned i = 0; i < spec.workers; i++)
		pthread_join(workers[i].thread, NULL);

	if (run != run_broadcast) {
		nanos = course.end_clock - begin;
		for (unsigned i = 0; i < spec.workers; i++) {
			ops += workers[i].ops;
			add(all, &waits[i]);
		}
	}
	printf("%llu %llu %llu", (unsigned long long)ops, (unsigned long long)nanos,
		(unsigned long long)(course.end_cpu - begin_cpu));
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
