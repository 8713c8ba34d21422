// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

// Resolve does what Load does, with another way to look symbols up. When it returns, the functions that
// the package calls are the same as before.
func Resolve(dlsym func(name string) uintptr) error {
	var before []function
	for _, f := range functions {
		before = append(before, *f)
	}
	defer func() {
		for i, f := range functions {
			*f = before[i]
		}
	}()
	return resolve(dlsym)
}

// Dlsym is the way in which Load looks symbols up.
func Dlsym(name string) uintptr { return dlsym(name) }

// ReplaceLoad makes Load return err until restore is called.
func ReplaceLoad(err error) (restore func()) {
	before := load
	load = func() error { return err }
	return func() { load = before }
}

// Narrow converts a time to C and back, in 32 or 64 bits.
func Narrow(t Timespec, narrow bool) Timespec {
	fr := newFrame()
	defer fr.free()
	fr.timespec(t, narrow)
	return fr.toTime(narrow)
}

// ThreadMark distinguishes threads for the package.
func ThreadMark() uintptr { return self() }

// CPUsOf returns the CPUs that get stores in the first set that is long enough for it; get returns EINVAL
// for shorter ones.
func CPUsOf(get func(words []uintptr) error) ([]int, error) {
	set, e := fittingCPUSet(func(s cpuSet) errno {
		if err := get(s); err != nil {
			return err.(errno)
		}
		return 0
	})
	return set.cpus(), check(e)
}

// Waits counts the threads in a condition variable.
type Waits = waits

func (w *waits) Begin()            { w.begin() }
func (w *waits) Wake(most uint32)  { w.wake(most) }
func (w *waits) End(wasWoken bool) { w.end(wasWoken) }

// Counts returns the numbers of sleeping and of woken threads.
func (w *waits) Counts() [2]uint32 {
	both := w.asleepAndWoken.Load()
	return [2]uint32{uint32(both >> 32), uint32(both)}
}

// Users returns the number of waiters in b.
func Users(b *Barrier) int32 { return b.o.users.Load() }

// Failed returns the error for ENOSYS, or for EINVAL, of sem_open.
func Failed(noSys bool) error {
	if noSys {
		return semOpen.failed(noFunction)
	}
	return semOpen.failed(EINVAL)
}

// SemCalls returns how many calls of s in progress count: all if it has a name, otherwise those that block.
func SemCalls(s *Sem) int32 { return s.o.users.Load() }

// SemClosed reports whether sem_close was called for s.
func SemClosed(s *Sem) bool { return s.o.closed.Load() }

// SemEnter begins a call of s, SemDrop subtracts it from the count, and SemAfterDrop is the rest of its end.
func SemEnter(s *Sem) error     { return s.enter(semPost, false) }
func SemDrop(s *Sem) int32      { return s.o.use(-1) }
func SemAfterDrop(s *Sem) error { return s.o.closeUnused() }

// WatchSem returns SemClosed without s, so that s can be collected.
func WatchSem(s *Sem) func() bool { return s.o.closed.Load }

// TooLong is ENAMETOOLONG.
const TooLong = tooLong

// OnFree calls f with the address of each object that is freed, until restore is called.
func OnFree(f func(addr uintptr)) (restore func()) {
	freed.Store(&f)
	return func() { freed.Store(nil) }
}

// Platform returns the numbers of this system by the names in its headers, and -1 for names that it
// lacks.
func Platform() map[string]int64 { return numbers(system) }

// PlatformOf is Platform for another system.
func PlatformOf(name string) map[string]int64 { return numbers(platforms[name]) }

func numbers(p platform) map[string]int64 {
	n := map[string]int64{
		"sizeof(pthread_mutex_t)":        int64(p.Mutex),
		"sizeof(pthread_cond_t)":         int64(p.Cond),
		"sizeof(pthread_rwlock_t)":       int64(p.RWLock),
		"sizeof(pthread_barrier_t)":      int64(p.Barrier),
		"sizeof(pthread_spinlock_t)":     int64(p.Spin),
		"sizeof(pthread_once_t)":         int64(p.Once),
		"sizeof(sem_t)":                  int64(p.Sem),
		"sizeof(mtx_t)":                  int64(p.Mtx),
		"sizeof(cnd_t)":                  int64(p.Cnd),
		"mtx_plain":                      int64(p.mtx[0]),
		"mtx_timed":                      int64(p.mtx[1]),
		"mtx_recursive":                  int64(p.mtx[2]),
		"thrd_success":                   int64(p.thrd[0]),
		"thrd_busy":                      int64(p.thrd[1]),
		"thrd_error":                     int64(p.thrd[2]),
		"thrd_nomem":                     int64(p.thrd[3]),
		"thrd_timedout":                  int64(p.thrd[4]),
		"CLOCK_REALTIME":                 int64(p.clocks[ClockRealtime]),
		"CLOCK_MONOTONIC":                int64(p.clocks[ClockMonotonic]),
		"PTHREAD_PROCESS_PRIVATE":        int64(p.pshared[0]),
		"PTHREAD_PROCESS_SHARED":         int64(p.pshared[1]),
		"PTHREAD_BARRIER_SERIAL_THREAD":  int64(p.serial),
		"EOWNERDEAD":                     int64(p.ownerDead),
		"ENOTRECOVERABLE":                int64(p.unrecover),
		"PTHREAD_MUTEX_POLICY_FAIRSHARE": policyFairshare,
		"PTHREAD_MUTEX_POLICY_FIRSTFIT":  policyFirstfit,
	}
	for i, v := range p.types {
		n[MutexType(i).String()] = int64(v)
	}
	for i, v := range p.protocols {
		n[Protocol(i).String()] = int64(v)
	}
	for i, v := range p.kinds {
		n[RWLockKind(i).String()] = int64(v)
	}
	for i, v := range p.policies {
		n[SchedPolicy(i).String()] = int64(v)
	}
	return n
}

// C11Of returns a platform's number for a type of mutex, and its error for a result of a C11 function.
func C11Of(name string) (mtx func(t MtxType) (uintptr, error), thrd func(r int32) error) {
	p := platforms[name]
	return p.mtxType, func(r int32) error { return check(p.thrdErrno(r)) }
}

// NoMemory is ENOMEM.
const NoMemory = noMemory

// Room is the space that the package reserves for objects and attributes, and Align is their alignment.
func Room(platform string) (object, attr, align uintptr) {
	return objectSize, attrSize, platforms[platform].Align
}
