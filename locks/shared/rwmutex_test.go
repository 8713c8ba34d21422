// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

func init() {
	// rwhold locks, says so, and holds the lock until it is killed.
	roles["rwhold"] = func(args []string) error {
		c, _, err := opened[counters](args[0])
		if err != nil {
			return err
		}
		lock := c.rw.Lock
		if args[1] == "read" {
			lock = c.rw.RLock
		}
		if args[2] == "wait" {
			fmt.Println("ready")
		}
		if err := lock(); err != nil {
			return err
		}
		c.a++
		if args[2] != "wait" {
			fmt.Println("ready")
		}
		select {}
	}
	// rwloop locks all the time, for reading or writing.
	roles["rwloop"] = func(args []string) error {
		c, _, err := opened[counters](args[0])
		if err != nil {
			return err
		}
		lock, unlock := c.rw.Lock, c.rw.Unlock
		if args[1] == "read" {
			lock, unlock = c.rw.RLock, c.rw.RUnlock
		}
		fmt.Println("ready")
		failed := make(chan error)
		for range 2 {
			go func() {
				for {
					switch err := lock(); {
					case err == shared.ErrOwnerDied && args[1] == "write": // the other was killed first
						c.rw.Consistent()
					case err != nil:
						failed <- err
					}
					for end := time.Now().Add(100 * time.Microsecond); time.Now().Before(end); {
					}
					unlock()
				}
			}()
		}
		return <-failed
	}
}

// rwForms are the ways to lock, and how to undo it. Some have a limit.
func rwForms(t *testing.T, rw *shared.RWMutex, read bool, limit time.Duration) (forms map[string]func() (bool, error), unlock func()) {
	soon := func(lock func(context.Context) error) (bool, error) {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		err := lock(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			return false, nil
		}
		return err == nil || err == shared.ErrOwnerDied && !read, err
	}
	if read {
		return map[string]func() (bool, error){
			"TryRLock":     rw.TryRLock,
			"TryRLockFor":  func() (bool, error) { return rw.TryRLockFor(limit) },
			"RLockContext": func() (bool, error) { return soon(rw.RLockContext) },
		}, rw.RUnlock
	}
	return map[string]func() (bool, error){
		"TryLock":     rw.TryLock,
		"TryLockFor":  func() (bool, error) { return rw.TryLockFor(limit) },
		"LockContext": func() (bool, error) { return soon(rw.LockContext) },
	}, rw.Unlock
}

// try locks in all ways, and wants the same result of each. It undoes what succeeds.
func tryRW(t *testing.T, rw *shared.RWMutex, read, want bool, wantErr error) {
	t.Helper()
	limit := time.Millisecond
	if want || wantErr != nil {
		limit = patience
	}
	forms, unlock := rwForms(t, rw, read, limit)
	for name, lock := range forms {
		ok, err := lock()
		if ok != want || err != wantErr {
			t.Errorf("%s: %v, %v, want %v, %v", name, ok, err, want, wantErr)
		}
		if ok {
			unlock()
		}
	}
}

func TestRWMutex(t *testing.T) {
	c, name := placed[counters](t)
	tryRW(t, &c.rw, false, true, nil)
	tryRW(t, &c.rw, true, true, nil)
	mustPanic(t, "Unlock", c.rw.Unlock)
	mustPanic(t, "RUnlock", c.rw.RUnlock)
	reader := worker(t, "rwhold", name, "read", "")
	tryRW(t, &c.rw, false, false, nil)
	tryRW(t, &c.rw, true, true, nil)
	mustPanic(t, "Unlock", c.rw.Unlock)
	mustPanic(t, "RUnlock", c.rw.RUnlock)
	if err := kill(reader); err != nil {
		t.Fatal(err)
	}
	if err := within(c.rw.Lock); err != nil {
		t.Fatal(err)
	}
	tryRW(t, &c.rw, false, false, nil)
	tryRW(t, &c.rw, true, false, nil)
	mustPanic(t, "RUnlock", c.rw.RUnlock)
	c.rw.Unlock()
	tryRW(t, &c.rw, true, true, nil)
}

// TestRWMutexWriterDies kills a writer, and repairs what it leaves, or does not.
func TestRWMutexWriterDies(t *testing.T) {
	c, name := placed[counters](t)
	for _, repair := range []bool{true, false} {
		writer := worker(t, "rwhold", name, "write", "")
		tryRW(t, &c.rw, false, false, nil)
		tryRW(t, &c.rw, true, false, nil)
		if err := kill(writer); err != nil {
			t.Fatal(err)
		}
		if err := within(c.rw.RLock); err != shared.ErrOwnerDied {
			t.Fatal("RLock:", err)
		}
		if err := within(c.rw.Lock); err != shared.ErrOwnerDied {
			t.Fatal("Lock:", err)
		}
		tryRW(t, &c.rw, true, false, nil)
		if repair {
			c.rw.Consistent()
		}
		c.rw.Unlock()
		if repair {
			tryRW(t, &c.rw, true, true, nil)
			tryRW(t, &c.rw, false, true, nil)
		}
	}
	tryRW(t, &c.rw, true, false, shared.ErrNotRecoverable)
	tryRW(t, &c.rw, false, false, shared.ErrNotRecoverable)
}

// TestRWMutexHeirGivesUp has the next writer after a death give up, as there are readers. Readers must not take that for a
// repair.
func TestRWMutexHeirGivesUp(t *testing.T) {
	c, name := placed[counters](t)
	reader := worker(t, "rwhold", name, "read", "")
	writer := worker(t, "rwhold", name, "write", "wait")
	until(t, c.rw.Wanted)
	if err := kill(writer); err != nil {
		t.Fatal(err)
	}
	until(t, func() bool { // as soon as the writer is dead
		ok, err := c.rw.TryLockFor(time.Millisecond)
		if ok || err != nil {
			t.Fatal("the readers have gone:", err)
		}
		return !c.rw.Wanted()
	})
	tryRW(t, &c.rw, true, false, shared.ErrOwnerDied)
	if err := kill(reader); err != nil {
		t.Fatal(err)
	}
	tryRW(t, &c.rw, true, false, shared.ErrOwnerDied)
	if err := within(c.rw.Lock); err != shared.ErrOwnerDied {
		t.Fatal("Lock:", err)
	}
	c.rw.Consistent()
	c.rw.Unlock()
	tryRW(t, &c.rw, true, true, nil)
	tryRW(t, &c.rw, false, true, nil)
}

// TestRWMutexLate has readers that have waited for a writer come before the next one, unless that is the heir of one that died as
// it wrote.
func TestRWMutexLate(t *testing.T) {
	c, _ := placed[counters](t)
	if !c.rw.Late(0) {
		t.Error("the next writer comes first")
	}
	if c.rw.Late(1) {
		t.Error("a reader sees what a writer has left half done")
	}
	tryRW(t, &c.rw, true, true, nil)
}

// TestUnmarked takes locks whose owner is dead, and not marked by the kernel, without a wait or with a short one.
func TestUnmarked(t *testing.T) {
	var all sync.WaitGroup
	defer all.Wait()
	together(t, &all, "Mutex", func(t *testing.T) {
		c, _ := placed[counters](t)
		for name, lock := range map[string]func() (bool, error){
			"TryLock":    c.mu.TryLock,
			"TryLockFor": func() (bool, error) { return c.mu.TryLockFor(patience) },
		} {
			c.mu.Unmarked()
			if locked, err := lock(); !locked || err != shared.ErrOwnerDied {
				t.Fatal(name, locked, err)
			}
			c.mu.Consistent()
			c.mu.Unlock()
		}
	})
	for _, form := range []string{"TryLock", "TryLockFor", "LockContext"} {
		together(t, &all, "RWMutex."+form, func(t *testing.T) {
			c, _ := placed[counters](t)
			forms, unlock := rwForms(t, &c.rw, false, patience)
			c.rw.UnmarkedReader()
			if locked, err := forms[form](); !locked || err != nil {
				t.Fatal(locked, err)
			}
			unlock()
			c.rw.W().Unmarked()
			if locked, err := forms[form](); !locked || err != shared.ErrOwnerDied {
				t.Fatal(locked, err)
			}
			c.rw.Consistent()
			unlock()
		})
	}
}

// TestRWMutexMany has more processes that read than there are entries.
func TestRWMutexMany(t *testing.T) {
	c, name := placed[counters](t)
	first := worker(t, "rwhold", name, "read", "")
	for range 11 {
		worker(t, "rwhold", name, "read", "")
	}
	tryRW(t, &c.rw, true, false, nil)
	tryRW(t, &c.rw, false, false, nil)
	locked := make(chan error)
	go func() { locked <- c.rw.RLock() }()
	if err := kill(first); err != nil {
		t.Fatal(err)
	}
	if err := within(func() error { return <-locked }); err != nil {
		t.Fatal(err)
	}
	c.rw.RUnlock()
}

// TestRWMutexFair has the processes of one kind keep the lock from the other, if they could.
func TestRWMutexFair(t *testing.T) {
	for _, read := range []bool{false, true} {
		t.Run(fmt.Sprintf("read=%v", read), func(t *testing.T) {
			c, name := placed[counters](t)
			lock, unlock, others := c.rw.RLock, c.rw.RUnlock, "write"
			if !read {
				lock, unlock, others = c.rw.Lock, c.rw.Unlock, "read"
			}
			a, b := worker(t, "rwloop", name, others), worker(t, "rwloop", name, others)
			for n := range 100 {
				if err := within(lock); err != nil {
					t.Fatalf("after %d times: %v", n, err)
				}
				unlock()
			}
			if err := errors.Join(kill(a), kill(b)); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestTriesAfterDeath has no goroutine wait when a process dies: calls that only try get the error,
// too.
func TestTriesAfterDeath(t *testing.T) {
	c, name := placed[counters](t)
	reader := worker(t, "rwhold", name, "read", "")
	if err := kill(reader); err != nil {
		t.Fatal(err)
	}
	until(t, func() bool {
		locked, err := c.rw.TryLock()
		if err != nil {
			t.Fatal(err)
		}
		return locked
	})
	c.rw.Unlock()
	writer := worker(t, "rwhold", name, "write", "")
	if err := kill(writer); err != nil {
		t.Fatal(err)
	}
	until(t, func() bool {
		locked, err := c.rw.TryRLock()
		if locked {
			t.Fatal("a reader holds what a dead writer has left")
		}
		return err == shared.ErrOwnerDied
	})
	until(t, func() bool {
		locked, err := c.rw.TryLock()
		return locked && err == shared.ErrOwnerDied
	})
	c.rw.Consistent()
	c.rw.Unlock()
	tryRW(t, &c.rw, false, true, nil)
}
