// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/shared"
)

// A queue counts what is put into it and taken out of it. It has room for two.
type queue struct {
	mu                shared.Mutex
	notEmpty, notFull shared.Cond
	put, taken        int64
	died              int64
}

// repair is called with what Lock and Wait return.
func (q *queue) repair(err error) error {
	if errors.Is(err, shared.ErrOwnerDied) {
		q.died++
		q.mu.Consistent()
		err = nil
		// Whoever died may have changed a number, and not signaled yet.
		err = errors.Join(q.notEmpty.Broadcast(), q.notFull.Broadcast())
	}
	if n := q.put - q.taken; n < 0 || n > 2 {
		return fmt.Errorf("%d are in the queue; %w", n, err)
	}
	return err
}

func (q *queue) change(n *int64, is func() bool, wait, signal *shared.Cond) error {
	if err := q.repair(q.mu.Lock()); err != nil {
		return err
	}
	for is() {
		if err := q.repair(wait.Wait(&q.mu)); err != nil {
			return err
		}
	}
	*n++
	err := signal.Signal()
	q.mu.Unlock()
	return err
}

func (q *queue) add() error {
	return q.change(&q.put, func() bool { return q.put-q.taken == 2 }, &q.notFull, &q.notEmpty)
}

func (q *queue) take() error {
	return q.change(&q.taken, func() bool { return q.put == q.taken }, &q.notEmpty, &q.notFull)
}

func init() {
	roles["queue"] = func(args []string) error {
		q, _, err := opened[queue](args[0])
		if err != nil {
			return err
		}
		fmt.Println("ready")
		errs := make(chan error)
		for i := range 6 {
			go func() {
				for {
					if err := []func() error{q.add, q.take}[i%2](); err != nil {
						errs <- err
					}
				}
			}()
		}
		return <-errs
	}
}

// TestKillCond has processes fill and empty a queue. A Signal that is lost leaves all of them waiting.
func TestKillCond(t *testing.T) {
	q, name := placed[queue](t)
	killing(t, "queue", name, 3, func(alive int) error {
		if alive == 0 {
			return nil
		}
		for range 10 {
			if err := errors.Join(q.add(), q.take()); err != nil {
				return err
			}
		}
		return nil
	})
	t.Logf("%d were added, %d deaths with the mutex held", q.put, q.died)
}

// TestCondKilledBeforeWake changes the word as a Signal and a Broadcast do that are killed before they wake a waiter.
func TestCondKilledBeforeWake(t *testing.T) {
	q, _ := placed[queue](t)
	words := (*[2]atomic.Uint32)(unsafe.Pointer(&q.notEmpty))
	for _, all := range []uint32{0, 1} {
		woken := make(chan error)
		for range 2 {
			go func() {
				err := q.mu.Lock()
				if err == nil {
					err = q.notEmpty.Wait(&q.mu)
					q.mu.Unlock()
				}
				woken <- err
			}()
		}
		waitFor(func() bool { return shared.Waiting(&q.notEmpty) == 2 })
		words[1].Add(all)
		words[0].Add(1)
		if err := within(func() error { return <-woken }); err != nil {
			t.Fatal(err)
		}
		if all == 0 {
			if err := q.notEmpty.Signal(); err != nil {
				t.Fatal(err)
			}
		}
		if err := within(func() error { return <-woken }); err != nil {
			t.Fatal(err)
		}
	}
}

// waitFor waits until is reports true.
func waitFor(is func() bool) {
	for !is() {
		time.Sleep(10 * time.Microsecond)
	}
}

// TestCondOrder releases the goroutines of a process one by one, in the order in which they came.
func TestCondOrder(t *testing.T) {
	q, _ := placed[queue](t)
	const n = 20
	woken := make(chan int)
	for i := range n {
		go func() {
			if err := q.mu.Lock(); err != nil {
				t.Error(err)
			}
			if err := q.notEmpty.Wait(&q.mu); err != nil {
				t.Error(err)
			}
			q.mu.Unlock()
			woken <- i
		}()
		waitFor(func() bool { return shared.Waiting(&q.notEmpty) == i+1 })
	}
	for i := range n / 2 {
		if err := q.notEmpty.Signal(); err != nil {
			t.Fatal(err)
		}
		if err := within(func() error {
			if j := <-woken; i != j {
				return fmt.Errorf("waiter %d was released when it was the turn of %d", j, i)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if left := shared.Waiting(&q.notEmpty); left != n-i-1 {
			t.Fatalf("%d waiters are left after %d signals", left, i+1)
		}
	}
	if err := q.notEmpty.Broadcast(); err != nil {
		t.Fatal(err)
	}
	if err := within(func() error {
		for range n - n/2 {
			<-woken
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// TestCondBurst sends as many signals as there are waiters, at once.
func TestCondBurst(t *testing.T) {
	q, _ := placed[queue](t)
	var wg sync.WaitGroup
	for range 20 {
		for range 5 {
			wg.Go(func() {
				if err := q.mu.Lock(); err != nil {
					t.Error(err)
				}
				if err := q.notEmpty.Wait(&q.mu); err != nil {
					t.Error(err)
				}
				q.mu.Unlock()
			})
		}
		waitFor(func() bool { return shared.Waiting(&q.notEmpty) == 5 })
		for range 5 {
			if err := q.notEmpty.Signal(); err != nil {
				t.Fatal(err)
			}
		}
		if err := within(func() error { wg.Wait(); return nil }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCondLimits(t *testing.T) {
	q, _ := placed[queue](t)
	if err := q.mu.Lock(); err != nil {
		t.Fatal(err)
	}
	for _, d := range []time.Duration{-1, 0, time.Millisecond} {
		if released, err := q.notEmpty.WaitFor(&q.mu, d); released || err != nil {
			t.Error(d, released, err)
		}
	}
	if err := q.notEmpty.WaitContext(soon(t), &q.mu); err != context.DeadlineExceeded {
		t.Error(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(os.ErrProcessDone)
	if err := q.notEmpty.WaitContext(ctx, &q.mu); err != os.ErrProcessDone {
		t.Error(err)
	}
	if n := shared.Waiting(&q.notEmpty); n != 0 {
		t.Errorf("%d are still waiting", n)
	}
	go func() {
		if err := q.mu.Lock(); err != nil {
			t.Error(err)
		}
		q.mu.Unlock()
		if err := q.notEmpty.Signal(); err != nil {
			t.Error(err)
		}
	}()
	if released, err := q.notEmpty.WaitFor(&q.mu, time.Hour); !released || err != nil {
		t.Error(released, err)
	}
	q.mu.Unlock() // panics if it is not held
}

// TestCondGivesUp signals a waiter that has given up and one in another process that has not.
func TestCondGivesUp(t *testing.T) {
	q, name := placed[queue](t)
	worker(t, "queue", name)
	for range 10 {
		if err := q.repair(q.mu.Lock()); err != nil {
			t.Fatal(err)
		}
		if err := q.notEmpty.WaitContext(soon(t), &q.mu); err != nil && err != context.DeadlineExceeded {
			t.Fatal(err)
		}
		put := q.put
		q.mu.Unlock()
		if err := within(func() error {
			for {
				if err := q.repair(q.mu.Lock()); err != nil {
					return err
				}
				over := q.put > put+100
				q.mu.Unlock()
				if over {
					return nil
				}
				time.Sleep(100 * time.Microsecond)
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func init() {
	roles["die"] = func(args []string) error {
		q, _, err := opened[queue](args[0])
		if err == nil {
			err = q.mu.Lock()
		}
		if err == nil {
			err = q.notEmpty.Signal()
		}
		fmt.Println("ready")
		time.Sleep(time.Hour)
		return err
	}
}

// TestCondOwnerDied kills the process that has signaled, and has the mutex.
func TestCondOwnerDied(t *testing.T) {
	needNative(t)
	q, name := placed[queue](t)
	for _, wait := range []func() error{
		func() error { return q.notEmpty.Wait(&q.mu) },
		func() error { _, err := q.notEmpty.WaitFor(&q.mu, time.Millisecond); return err },
		func() error { return q.notEmpty.WaitContext(soon(t), &q.mu) },
	} {
		if err := q.mu.Lock(); err != nil {
			t.Fatal(err)
		}
		killed := make(chan error)
		go func() { killed <- kill(worker(t, "die", name)) }()
		err := within(func() error {
			if err := wait(); err == nil || errors.Is(err, context.DeadlineExceeded) {
				// The time was up before the other process came.
				q.mu.Unlock()
				if err := <-killed; err != nil {
					return err
				}
				return q.mu.Lock()
			} else {
				return errors.Join(err, <-killed)
			}
		})
		if !errors.Is(err, shared.ErrOwnerDied) {
			t.Fatal(err)
		}
		q.mu.Consistent()
		q.mu.Unlock()
	}
}

func TestCondMisuse(t *testing.T) {
	q, _ := placed[queue](t)
	mustPanic(t, "Wait without the mutex", func() { q.notEmpty.Wait(&q.mu) })
	mustPanic(t, "WaitFor without the mutex", func() { q.notEmpty.WaitFor(&q.mu, time.Second) })
	if n := shared.Waiting(&q.notEmpty); n != 0 {
		t.Errorf("%d are still waiting", n)
	}
	if err := q.mu.Lock(); err != nil {
		t.Fatal(err)
	}
	var c shared.Cond
	mustPanic(t, "Signal of a Cond in no region", func() { c.Signal() })
	mustPanic(t, "Wait at a Cond in no region", func() { c.Wait(&q.mu) })
	q.mu.Unlock()
}

func TestCondCrowd(t *testing.T) {
	q, _ := placed[queue](t)
	crowded(t, 1000, func() error {
		if err := q.mu.Lock(); err != nil {
			return err
		}
		defer q.mu.Unlock()
		return q.notEmpty.Wait(&q.mu)
	}, q.notEmpty.Broadcast)
}

func TestCondHostile(t *testing.T) {
	q, _ := placed[queue](t)
	hostile(t, &q.notEmpty, func() {
		if err := q.mu.Lock(); err != nil {
			t.Error(err)
		}
		q.notEmpty.WaitFor(&q.mu, 100*time.Microsecond)
		q.notEmpty.Signal()
		q.mu.Unlock()
		q.notEmpty.Broadcast()
	})
}
