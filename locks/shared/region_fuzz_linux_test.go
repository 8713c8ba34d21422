// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

//lint:file-ignore U1000 fields stand for their places in a region

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/shared"
)

// everything has one lock of each type, with nothing between them.
type everything struct {
	mu        shared.Mutex
	rw        shared.RWMutex
	once      shared.Once
	barrier   shared.Barrier
	semaphore shared.Semaphore
	pthread   shared.PthreadMutex
	pthreads  shared.PthreadMutex
	pi        shared.PIMutex
	event     shared.Event
	cond      shared.Cond
	n         int64
}

// use calls all methods of the locks, and waits for at most a few times d. An unlock panics if the word of the lock does not say
// that the process holds it, which another process may have brought about.
func (e *everything) use(d time.Duration) (calls int) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	locked := func(is bool, err error) bool {
		calls++
		return is || errors.Is(err, shared.ErrOwnerDied)
	}
	undo := func(undo ...func()) {
		for _, f := range undo {
			func() {
				defer func() {
					if e := recover(); e != nil && !strings.HasPrefix(fmt.Sprint(e), "shared: ") {
						panic(e)
					}
				}()
				f()
			}()
		}
	}
	if locked(e.mu.TryLock()) {
		undo(e.mu.Consistent, e.mu.Unlock)
	}
	if locked(e.mu.TryLockFor(d)) {
		undo(func() { e.cond.WaitFor(&e.mu, d) }, e.mu.Unlock)
	}
	if err := e.mu.LockContext(ctx); locked(err == nil, err) {
		undo(e.mu.Unlock)
	}
	if locked(e.rw.TryLockFor(d)) {
		undo(e.rw.Consistent, e.rw.Unlock)
	}
	if is, err := e.rw.TryRLockFor(d); is && err == nil {
		undo(e.rw.RUnlock)
	}
	if is, err := e.rw.TryRLock(); is && err == nil {
		undo(e.rw.RUnlock)
	}
	for _, p := range []*shared.PthreadMutex{&e.pthread, &e.pthreads} {
		p.Init()
		if locked(p.TryLockFor(d)) {
			undo(p.Consistent, p.Unlock)
		}
	}
	if locked(e.pi.TryLock()) {
		undo(e.pi.Consistent, e.pi.Unlock)
	}
	if locked(e.pi.TryLockFor(d)) {
		undo(e.pi.Consistent, e.pi.Unlock)
	}
	if err := e.pi.LockContext(ctx); locked(err == nil, err) {
		undo(e.pi.Unlock)
	}
	e.event.WaitFor(d)
	e.event.Set()
	e.event.Reset()
	e.cond.Signal()
	e.cond.Broadcast()
	e.once.DoContext(ctx, func() {})
	e.barrier.WaitFor(d)
	if is, err := e.semaphore.TryAcquireFor(2, d); is && err == nil {
		undo(func() { e.semaphore.Release(2) })
	}
	e.semaphore.Available()
	e.mu.Owner()
	e.rw.Owner()
	e.rw.Readers()
	return calls
}

// template returns a region's file: the header and an everything after it.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "osync")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "region")
	e, r, err := opened[everything](name)
	if err != nil {
		return nil, err
	}
	err = errors.Join(e.barrier.Init(2), e.semaphore.Init(3))
	e.use(time.Microsecond)
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(name)
})

const fuzzSlotsAt, fuzzDataAt = 1 << 12, 1 << 16

// FuzzRegion opens a region of which the beginnings of the header, the slots and the data are others. It is an error or a region
// that works: all calls end.
func FuzzRegion(f *testing.F) {
	whole, err := template()
	if err != nil {
		f.Skip(err)
	}
	f.Add([]byte{}, []byte{}, []byte{})
	f.Add(whole[:132], whole[fuzzSlotsAt:fuzzSlotsAt+64], whole[fuzzDataAt:fuzzDataAt+144])
	f.Fuzz(playRegion)
}

func playRegion(t *testing.T, header, slots, data []byte) {
	text, err := template()
	if err != nil {
		t.Fatal(err)
	}
	text = append([]byte(nil), text...)
	copy(text[:fuzzSlotsAt], header)
	copy(text[fuzzSlotsAt:fuzzDataAt], slots)
	copy(text[fuzzDataAt:], data)
	name := filepath.Join(t.TempDir(), "region")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	err = within(func() error {
		r, err := shared.Open(name)
		if err != nil {
			return err
		}
		if e, err := shared.Map[everything](r); err == nil {
			e.use(100 * time.Microsecond)
			e.use(100 * time.Microsecond)
		} else if r.Close() != nil {
			t.Error("a region of which nothing was mapped does not close")
		} else {
			return err
		}
		if err := r.Close(); err != nil && !errors.Is(err, shared.ErrInUse) && !errors.Is(err, shared.ErrTruncated) {
			return err
		}
		return nil
	})
	for _, known := range []error{
		nil, shared.ErrForeign, shared.ErrVersion, shared.ErrSize, shared.ErrTruncated, shared.ErrIncomplete, shared.ErrLayout, shared.ErrTooMany, fs.ErrPermission,
	} {
		if errors.Is(err, known) {
			return
		}
	}
	t.Error(err)
}

// TestHostilePeer has another write anything anywhere in a region while goroutines use what is in it, and open and close it.
func TestHostilePeer(t *testing.T) {
	e, name := placed[everything](t)
	if err := errors.Join(e.barrier.Init(2), e.semaphore.Init(3)); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size := fuzzDataAt + int(unsafe.Sizeof(*e))
	memory, err := unix.Mmap(int(f.Fd()), 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Munmap(memory)
	words := unsafe.Slice((*atomic.Uint32)(unsafe.Pointer(&memory[0])), size/4)
	before := threads(t)
	var over atomic.Bool
	var users sync.WaitGroup
	var calls atomic.Int64
	for range 3 {
		users.Go(func() {
			for !over.Load() {
				calls.Add(int64(e.use(200 * time.Microsecond)))
			}
		})
	}
	users.Go(func() {
		for !over.Load() {
			r, err := shared.Open(name)
			if err != nil {
				time.Sleep(time.Millisecond)
				continue
			}
			if q, err := shared.Map[everything](r); err == nil {
				q.use(50 * time.Microsecond)
			}
			r.Close()
		}
	})
	whole, err := template()
	if err != nil {
		t.Fatal(err)
	}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	for began, length := time.Now(), less(700*time.Millisecond); time.Since(began) < length; {
		// Half of the writes are into the data, some into the header, the rest into the slots.
		word := &words[random.IntN(len(words))]
		switch random.IntN(8) {
		case 0, 1, 2, 3:
			word = &words[fuzzDataAt/4+random.IntN(len(words)-fuzzDataAt/4)]
		case 4:
			word = &words[random.IntN(40)]
		case 5, 6:
			word = &words[1024+random.IntN(64*8)]
		}
		switch random.IntN(6) {
		case 0:
			word.Store(random.Uint32())
		case 1:
			word.Store(0)
		case 2:
			word.Store(word.Load() ^ 1<<random.IntN(32))
		case 3:
			word.Store(words[random.IntN(len(words))].Load())
		case 4:
			word.Store(words[1024+8*random.IntN(16)].Load()) // an id
		case 5: // the header is right now and then, so that some get in
			for i := range 40 {
				words[i].Store(*(*uint32)(unsafe.Pointer(&whole[4*i])))
			}
		}
		time.Sleep(time.Duration(random.IntN(100)) * time.Microsecond)
	}
	over.Store(true)
	// A Cond locks its mutex without a limit, and waits if the peer makes it wait: until there is nothing to wait for.
	ended := make(chan struct{})
	go func() { users.Wait(); close(ended) }()
	err = within(func() error {
		for {
			for slot := 1024; slot < 1024+8*256; slot += 8 {
				words[slot+1].Store(0)
			}
			for i := fuzzDataAt / 4; i < len(words); i++ {
				words[i].Store(0)
			}
			select {
			case <-ended:
				return nil
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
	if err != nil {
		stacks := make([]byte, 1<<16)
		t.Fatalf("seed %d: %v\n%s", seed, err, stacks[:runtime.Stack(stacks, true)])
	}
	t.Logf("seed %d: %d calls, %d threads more", seed, calls.Load(), threads(t)-before)
	if n := threads(t) - before; n > 100 {
		t.Errorf("seed %d: %d threads more", seed, n)
	}
}

// TestCloseMeetsAll closes a region while goroutines use all that is in it, and goes on to use it afterwards.
func TestCloseMeetsAll(t *testing.T) {
	if race.Enabled {
		t.Skip("with the race detector the use of memory that is gone ends the program")
	}
	e, name := placed[everything](t)
	if err := errors.Join(e.barrier.Init(2), e.semaphore.Init(3)); err != nil {
		t.Fatal(err)
	}
	for range less(20) {
		q, r, err := opened[everything](name)
		if err != nil {
			t.Fatal(err)
		}
		var users sync.WaitGroup
		var closed atomic.Bool
		for range 3 {
			users.Go(func() {
				for !closed.Load() {
					q.use(20 * time.Microsecond)
				}
				q.use(20 * time.Microsecond)
			})
		}
		e.use(20 * time.Microsecond)
		err = within(func() error {
			for {
				if err := r.Close(); !errors.Is(err, shared.ErrInUse) {
					return err
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		closed.Store(true)
		if err := within(func() error { users.Wait(); return nil }); err != nil {
			t.Fatal(err)
		}
		for what, err := range map[string]error{
			"Mutex.Lock": q.mu.Lock(), "RWMutex.Lock": q.rw.Lock(), "RWMutex.RLock": q.rw.RLock(), "Event.Wait": q.event.Wait(), "Event.Set": q.event.Set(),
			"Semaphore.Acquire": q.semaphore.Acquire(1), "Once.Do": q.once.Do(func() {}), "PthreadMutex.Lock": q.pthread.Lock(),
		} {
			wants(t, what+" after Close", err, shared.ErrClosed)
		}
		for what, call := range map[string]func() (bool, error){
			"Mutex.TryLock": q.mu.TryLock, "RWMutex.TryLock": q.rw.TryLock, "RWMutex.TryRLock": q.rw.TryRLock, "Event.IsSet": q.event.IsSet,
			"PthreadMutex.TryLock": q.pthread.TryLock,
			"Event.Reset":          func() (bool, error) { return false, q.event.Reset() },
			"Cond.Signal":          func() (bool, error) { return false, q.cond.Signal() },
			"Cond.Broadcast":       func() (bool, error) { return false, q.cond.Broadcast() },
			"Semaphore.TryAcquire": func() (bool, error) { return q.semaphore.TryAcquire(1) },
			"Semaphore.Available":  func() (bool, error) { _, err := q.semaphore.Available(); return false, err },
			"Barrier.Wait":         q.barrier.Wait,
			"Mutex.Owner":          func() (bool, error) { _, _, err := q.mu.Owner(); return false, err },
			"RWMutex.Readers":      func() (bool, error) { _, err := q.rw.Readers(); return false, err },
		} {
			is, err := call()
			if wants(t, what+" after Close", err, shared.ErrClosed); is {
				t.Errorf("%s after Close: true", what)
			}
		}
	}
	if is, err := e.mu.TryLockFor(patience); !is {
		t.Errorf("a lock was left behind: %v", err)
	}
}
