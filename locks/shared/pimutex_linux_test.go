// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package shared_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/locks/shared"
	"github.com/osync-go/osync/sys/linux"
)

type piCounted struct {
	mu         shared.PIMutex
	a, b, died int64
	thread     atomic.Int64 // of the role "pi hold"
	release    shared.Event
}

func init() {
	roles["pi add"] = func(args []string) error {
		c, _, err := opened[piCounted](args[0])
		if err != nil {
			return err
		}
		fmt.Println("ready")
		failed := make(chan error)
		for range 2 {
			go func() {
				for {
					if err := c.add(); err != nil {
						failed <- err
					}
				}
			}()
		}
		return <-failed
	}
	roles["pi stranger"] = func([]string) error {
		fmt.Println("ready")
		time.Sleep(time.Hour)
		return nil
	}
	roles["pi hold"] = func(args []string) error {
		c, _, err := opened[piCounted](args[0])
		if err != nil {
			return err
		}
		if err := c.mu.Lock(); err != nil {
			return err
		}
		c.thread.Store(int64(linux.Gettid()))
		fmt.Println("ready")
		if err := c.release.Wait(); err != nil {
			return err
		}
		c.mu.Unlock()
		time.Sleep(time.Hour)
		return nil
	}
}

func (c *piCounted) add() error {
	switch err := c.mu.Lock(); {
	case errors.Is(err, shared.ErrOwnerDied):
		if d := c.a - c.b; d != 0 && d != 1 {
			return fmt.Errorf("after a death the counters are %d and %d", c.a, c.b)
		}
		c.b = c.a
		c.died++
		c.mu.Consistent()
	case err != nil:
		return err
	}
	defer c.mu.Unlock()
	if c.a != c.b {
		return fmt.Errorf("the counters are %d and %d", c.a, c.b)
	}
	c.a++
	c.b++
	return nil
}

// words returns the words of a PIMutex: the process's, and the thread's.
func words(m *shared.PIMutex) *[2]atomic.Uint32 { return (*[2]atomic.Uint32)(unsafe.Pointer(m)) }

// needPI skips the test if the kernel has no priority inheritance.
func needPI(t *testing.T) (c *piCounted, name string) {
	t.Helper()
	if err := linux.FutexTrylockPI(new(atomic.Uint32), linux.FUTEX_PRIVATE_FLAG); err != nil {
		t.Skip("no priority inheritance: ", err)
	}
	return placed[piCounted](t)
}

// otherwise calls f in another goroutine, which may end its thread.
func otherwise(f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	return within(func() error { return <-done })
}

func TestPIMutex(t *testing.T) {
	c, _ := needPI(t)
	if n := unsafe.Sizeof(c.mu); n != 16 {
		t.Errorf("a PIMutex has %d bytes", n)
	}
	mustPanic(t, "unlock of an unlocked mutex", c.mu.Unlock)
	wantErr(t, "lock", c.mu.Lock(), nil)
	wantErr(t, "lock of the own one", c.mu.Lock(), shared.ErrDeadlock)
	locked, err := c.mu.TryLock()
	wantTry(t, "try of the own one", locked, err, false)
	wantErr(t, "in another goroutine", otherwise(func() error {
		locked, err := c.mu.TryLock()
		wantTry(t, "try", locked, err, false)
		locked, err = c.mu.TryLockFor(time.Millisecond)
		wantTry(t, "try for a time", locked, err, false)
		locked, err = c.mu.TryLockFor(150 * time.Millisecond) // longer than it takes to look at the owner
		wantTry(t, "try for a time", locked, err, false)
		wantErr(t, "lock with a context", c.mu.LockContext(soon(t)), context.DeadlineExceeded)
		mustPanic(t, "unlock of another goroutine's", c.mu.Unlock)
		return nil
	}), nil)

	var wg sync.WaitGroup
	n := 0
	for i := range 9 {
		wg.Go(func() {
			var err error
			switch i % 3 {
			case 0:
				err = c.mu.Lock()
			case 1:
				_, err = c.mu.TryLockFor(time.Hour)
			case 2:
				err = c.mu.LockContext(t.Context())
			}
			if err != nil {
				t.Error(err)
				return
			}
			n++
			c.mu.Unlock()
		})
	}
	c.mu.Unlock()
	wg.Wait()
	locked, err = c.mu.TryLock()
	wantTry(t, "try", locked, err, true)
	if n != 9 {
		t.Errorf("%d have locked, want 9", n)
	}
	c.mu.Unlock()
	for i := range words(&c.mu) {
		if w := words(&c.mu)[i].Load(); w != 0 {
			t.Errorf("word %d of an unlocked mutex is %#x", i, w)
		}
	}
}

// TestPIMutexCircle has two goroutines wait for each other.
func TestPIMutexCircle(t *testing.T) {
	needPI(t)
	c, _ := placed[[2]shared.PIMutex](t)
	wantErr(t, "lock", c[0].Lock(), nil)
	held, done := make(chan error, 1), make(chan error, 1)
	go func() {
		held <- c[1].Lock()
		err := c[0].Lock()
		if err == nil {
			c[0].Unlock()
		}
		c[1].Unlock()
		done <- err
	}()
	wantErr(t, "lock", <-held, nil)
	err := c[1].Lock() // one of the two waits for its own thread
	if err == nil {
		c[1].Unlock()
	}
	c[0].Unlock()
	other := within(func() error { return <-done })
	if got := errors.Join(err, other); !errors.Is(got, shared.ErrDeadlock) || err != nil && other != nil {
		t.Errorf("a circle of owners: %v, and %v", err, other)
	}
}

func TestPIMutexDeaths(t *testing.T) {
	t.Run("of a thread", func(t *testing.T) {
		c, _ := needPI(t)
		ended := make(chan int)
		go func() {
			defer close(ended)
			if err := c.mu.Lock(); err != nil {
				t.Error(err)
			}
			ended <- linux.Gettid()
			runtime.Goexit() // and the thread ends
		}()
		if <-ended == os.Getpid() {
			t.Skip("the main thread does not end")
		}
		wantErr(t, "lock", within(c.mu.Lock), shared.ErrOwnerDied)
	})
	for _, waits := range []string{"", ", while another waits", ", before it has written the process's word, while another waits"} {
		t.Run("of a process"+waits, func(t *testing.T) {
			c, name := needPI(t)
			holder := worker(t, "pi hold", name)
			got := make(chan error, 2)
			lock := func() {
				err := c.mu.Lock()
				if err == nil || errors.Is(err, shared.ErrOwnerDied) {
					c.mu.Consistent()
					c.mu.Unlock()
				}
				got <- err
			}
			if waits != "" {
				go lock()
				for words(&c.mu)[1].Load()&linux.FUTEX_WAITERS == 0 {
					time.Sleep(time.Millisecond)
				}
			}
			if strings.Contains(waits, "before") {
				words(&c.mu)[0].Store(0)
			}
			if o, held, err := c.mu.Owner(); !held || err != nil || !strings.Contains(waits, "before") && o.PID != holder.Process.Pid {
				t.Errorf("the owner is %v, %v, %v", o, held, err)
			}
			if err := kill(holder); err != nil {
				t.Fatal(err)
			}
			if waits == "" {
				go lock()
			}
			wantErr(t, "lock", within(func() error { return <-got }), shared.ErrOwnerDied)
			go lock()
			wantErr(t, "lock of a mutex that is in order again", within(func() error { return <-got }), nil)
		})
	}
	t.Run("not repaired", func(t *testing.T) {
		c, name := needPI(t)
		if err := kill(worker(t, "pi hold", name)); err != nil {
			t.Fatal(err)
		}
		locked, err := c.mu.TryLock()
		if !locked || !errors.Is(err, shared.ErrOwnerDied) {
			t.Fatalf("try: %v, %v", locked, err)
		}
		c.mu.Unlock()
		wantErr(t, "lock", c.mu.Lock(), shared.ErrNotRecoverable)
		locked, err = c.mu.TryLock()
		if locked || !errors.Is(err, shared.ErrNotRecoverable) {
			t.Fatalf("try: %v, %v", locked, err)
		}
	})
	t.Run("found by TryLock", func(t *testing.T) {
		c, _ := needPI(t)
		words(&c.mu)[1].Store(1<<30 - 2)
		locked, err := c.mu.TryLock()
		if !locked || !errors.Is(err, shared.ErrOwnerDied) {
			t.Fatalf("try: %v, %v", locked, err)
		}
		c.mu.Unlock()
	})
	// The number of the dead owner's thread may be another thread's by now.
	var all sync.WaitGroup
	stranger := worker(t, "pi stranger")
	for _, s := range []struct {
		what            string
		process, thread uint32
	}{
		{"before the process's word was written, number free", 0, 1<<30 - 2},
		{"before the process's word was written, number a stranger's", 0, uint32(stranger.Process.Pid)},
		{"while it held the mutex, number a stranger's", linux.FUTEX_OWNER_DIED, uint32(stranger.Process.Pid)},
		{"in an earlier start of the system, number a stranger's", 1<<30 - 2, uint32(stranger.Process.Pid)},
		{"as an heir", linux.FUTEX_OWNER_DIED, linux.FUTEX_OWNER_DIED | 1<<30 - 2},
		{"marked", 0, linux.FUTEX_OWNER_DIED},
	} {
		together(t, &all, s.what, func(t *testing.T) {
			c, _ := needPI(t)
			words(&c.mu)[0].Store(s.process)
			words(&c.mu)[1].Store(s.thread)
			wantErr(t, "lock", otherwise(c.mu.Lock), shared.ErrOwnerDied)
		})
	}
	all.Wait()
	t.Run("many wait for a stranger", func(t *testing.T) {
		c, _ := needPI(t)
		words(&c.mu)[0].Store(1<<30 - 2)
		words(&c.mu)[1].Store(uint32(stranger.Process.Pid))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 3 {
					if err := c.add(); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wantErr(t, "wait", within(func() error { wg.Wait(); return nil }), nil)
		if c.a != 24 || c.died != 1 {
			t.Errorf("%d additions, and %d deaths", c.a, c.died)
		}
	})
	t.Run("number the waiter's", func(t *testing.T) {
		c, _ := needPI(t)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		words(&c.mu)[1].Store(uint32(linux.Gettid()))
		wantErr(t, "lock", c.mu.Lock(), shared.ErrOwnerDied)
		c.mu.Consistent()
		c.mu.Unlock()
	})
}

func TestPIMutexKill(t *testing.T) {
	c, name := needPI(t)
	killing(t, "pi add", name, 3, func(int) error { return c.add() })
	t.Logf("%d deaths of an owner, %d additions", c.died, c.a)
}

// TestPIMutexInherits has a thread of another process run with the priority of one that waits.
func TestPIMutexInherits(t *testing.T) {
	c, name := needPI(t)
	worker(t, "pi hold", name)
	before := priority(t, c.thread.Load())
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and the thread ends with the goroutine
		attr := linux.SchedAttr{Policy: unix.SCHED_FIFO, Priority: 7, Flags: unix.SCHED_FLAG_RESET_ON_FORK}
		attr.Size = uint32(unsafe.Sizeof(attr))
		if err := linux.SchedSetattr(0, &attr, 0); err != nil {
			done <- errors.Join(errors.ErrUnsupported, err)
			return
		}
		err := c.mu.Lock()
		if err == nil {
			c.mu.Unlock()
		}
		done <- err
	}()
	for deadline := time.Now().Add(patience); priority(t, c.thread.Load()) != "-8"; time.Sleep(time.Millisecond) {
		select {
		case err := <-done:
			t.Skip("no priorities: ", err)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("the owner's priority is %s", priority(t, c.thread.Load()))
		}
	}
	if err := c.release.Set(); err != nil {
		t.Fatal(err)
	}
	wantErr(t, "lock", within(func() error { return <-done }), nil)
	if got := priority(t, c.thread.Load()); got != before {
		t.Errorf("after unlocking the priority is %s, want %s as before", got, before)
	}
}

// priority returns the priority by which the kernel schedules a thread: -1-p for a real-time priority of p.
func priority(t *testing.T, tid int64) string {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", tid))
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])[15])
}
