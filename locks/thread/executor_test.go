// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"context"
	"errors"
	"io"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

// executor makes an Executor that the test closes, and that must leave nothing behind.
func executor(t testing.TB, o thread.ExecutorOptions) *thread.Executor {
	t.Helper()
	e, err := thread.NewExecutor(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Errorf("Close() = %v", err)
		}
	})
	return e
}

// busy keeps a thread of e busy until the function that it returns is called, which waits for that.
func busy(t testing.TB, e *thread.Executor) (release func()) {
	begun, end := make(chan bool), make(chan bool)
	task := e.Go(func() error { close(begun); <-end; return nil })
	<-begun
	return func() {
		close(end)
		if err := task.Wait(); err != nil {
			t.Error(err)
		}
	}
}

// TestDo runs each end of a function through each form of call.
func TestDo(t *testing.T) {
	forms := map[string]func(e *thread.Executor, f func() error) error{
		"Do":        (*thread.Executor).Do,
		"DoContext": func(e *thread.Executor, f func() error) error { return e.DoContext(t.Context(), f) },
		"DoLimit":   func(e *thread.Executor, f func() error) error { return e.DoLimit(park.For(time.Hour), f) },
		"Go":        func(e *thread.Executor, f func() error) error { return e.Go(f).Wait() },
		"WaitFor": func(e *thread.Executor, f func() error) error {
			_, err := e.Go(f).WaitFor(time.Hour)
			return err
		},
		"WaitContext": func(e *thread.Executor, f func() error) error { return e.Go(f).WaitContext(t.Context()) },
		"own thread": func(e *thread.Executor, f func() error) error {
			var err error
			if outer := e.Do(func() error { err = thread.ErrExited; err = e.Do(f); return nil }); outer != nil && outer != err {
				t.Errorf("the outer function: %v, the inner one: %v", outer, err)
			}
			return err
		},
	}
	ends := map[string]struct {
		f    func() error
		want error
	}{
		"nil":                 {func() error { return nil }, nil},
		"error":               {func() error { return io.EOF }, io.EOF},
		"panic with an error": {func() error { panic(io.EOF) }, io.EOF},
		"Goexit":              {func() error { runtime.Goexit(); return nil }, thread.ErrExited},
		"Discard":             {func() error { thread.Discard(); return io.EOF }, io.EOF},
	}
	for _, o := range []thread.ExecutorOptions{{}, {Threads: 3}, {Spin: time.Millisecond}, {Threads: 2, Spin: time.Microsecond}} {
		e := executor(t, o)
		for form, do := range forms {
			for end, tt := range ends {
				for range 3 {
					err := do(e, tt.f)
					if !errors.Is(err, tt.want) {
						t.Errorf("%+v: %s of %s: %v, want %v", o, form, end, err, tt.want)
					}
					if _, ok := errors.AsType[*thread.PanicError](err); ok != (end == "panic with an error") {
						t.Errorf("%+v: %s of %s: %v, a PanicError: %v", o, form, end, err, ok)
					}
				}
			}
		}
	}
}

// TestExecutorOrder queues functions while the thread is busy, in all forms, and looks at the order.
func TestExecutorOrder(t *testing.T) {
	e := executor(t, thread.ExecutorOptions{})
	release := busy(t, e)
	var got, want []int
	var wg sync.WaitGroup
	for i := range 30 {
		want = append(want, i)
		f := func() error { got = append(got, i); return nil }
		before := thread.Queued(e)
		switch i % 3 {
		case 0:
			e.Go(f)
		case 1:
			wg.Go(func() { e.Do(f) })
		case 2:
			wg.Go(func() { e.DoContext(t.Context(), f) })
		}
		locktest.Eventually(t, "a call in the queue", func() bool { return thread.Queued(e) == before+1 })
	}
	release()
	wg.Wait()
	if err := e.Do(func() error { return nil }); err != nil || !slices.Equal(got, want) {
		t.Errorf("the functions ran in the order %v, %v", got, err)
	}
}

// TestDoContextGivesUp ends a call in the queue, in each place: it leaves, and never runs.
func TestDoContextGivesUp(t *testing.T) {
	for _, threads := range []int{1, 2} {
		for place := range 3 {
			e := executor(t, thread.ExecutorOptions{Threads: threads})
			var releases []func()
			for range threads {
				releases = append(releases, busy(t, e))
			}
			ctx, cancel := context.WithCancelCause(t.Context())
			var ran atomic.Int32
			result := make(chan error)
			for i := range 3 {
				if i != place {
					e.Go(func() error { ran.Add(1); return nil })
					continue
				}
				go func() { result <- e.DoContext(ctx, func() error { ran.Add(100); return nil }) }()
				locktest.Eventually(t, "the call in the queue", func() bool { return thread.Queued(e) == place+1 })
			}
			cancel(io.EOF)
			if err := <-result; !errors.Is(err, io.EOF) {
				t.Errorf("DoContext = %v, want the cause", err)
			}
			if n := thread.Queued(e); n != 2 {
				t.Errorf("%d calls are in the queue, want 2", n)
			}
			for _, release := range releases {
				release()
			}
			if err := e.Close(); err != nil || ran.Load() != 2 {
				t.Errorf("place %d: %v, ran = %d, want 2", place, err, ran.Load())
			}
		}
	}
}

// TestDoContextEndsLate ends the context of a function that has begun: the call waits for it.
func TestDoContextEndsLate(t *testing.T) {
	e := executor(t, thread.ExecutorOptions{})
	ctx, cancel := context.WithCancel(t.Context())
	ended := false
	err := e.DoContext(ctx, func() error {
		cancel()
		for range 100 {
			runtime.Gosched()
		}
		ended = true // the race detector sees it if the caller has gone
		return io.EOF
	})
	if !errors.Is(err, io.EOF) || !ended {
		t.Errorf("DoContext = %v, ended = %v", err, ended)
	}
}

func TestDoLimitOver(t *testing.T) {
	e := executor(t, thread.ExecutorOptions{})
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(io.EOF)
	never := func() error { t.Error("runs"); return nil }
	if err := e.DoContext(ctx, never); !errors.Is(err, io.EOF) {
		t.Errorf("DoContext = %v, want the cause", err)
	}
	if err := e.DoLimit(park.For(0), never); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("DoLimit = %v", err)
	}
	release := busy(t, e)
	if err := e.DoLimit(park.For(time.Millisecond), never); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("DoLimit = %v", err)
	}
	task := e.Go(func() error { return io.EOF })
	if ended, err := task.WaitFor(0); ended || err != nil || task.Ended() {
		t.Errorf("WaitFor = %v, %v", ended, err)
	}
	if ended, err := task.WaitFor(time.Millisecond); ended || err != nil {
		t.Errorf("WaitFor = %v, %v", ended, err)
	}
	if err := task.WaitContext(ctx); !errors.Is(err, io.EOF) || task.Ended() {
		t.Errorf("WaitContext = %v", err)
	}
	if err := task.WaitLimit(park.For(time.Millisecond)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("WaitLimit = %v", err)
	}
	release()
	if err := task.Wait(); !errors.Is(err, io.EOF) || !task.Ended() {
		t.Errorf("Wait = %v", err)
	}
	if ended, err := task.WaitFor(0); !ended || !errors.Is(err, io.EOF) {
		t.Errorf("WaitFor = %v, %v", ended, err)
	}
}

// TestTaskWaiters lets many wait for one Task, goroutines and threads.
func TestTaskWaiters(t *testing.T) {
	e := executor(t, thread.ExecutorOptions{})
	release := busy(t, e)
	task := e.Go(func() error { return io.EOF })
	const n = 4
	results := make(chan error)
	for range n {
		go func() { results <- task.Wait() }()
		thread.Spawn(func() error { results <- task.WaitContext(t.Context()); return nil })
	}
	locktest.Eventually(t, "that all wait", func() bool { return thread.Waiting(task) == 2*n })
	release()
	for range 2 * n {
		if err := <-results; err != io.EOF {
			t.Errorf("Wait = %v", err)
		}
	}
}

func TestExecutorThread(t *testing.T) {
	var starts atomic.Int32
	e := executor(t, thread.ExecutorOptions{Start: func() error {
		if !thread.Pinned() {
			t.Error("Start is not pinned")
		}
		thread.Discard() // asks for what is so
		starts.Add(1)
		return nil
	}})
	current := func() (c *thread.Thread) {
		if err := e.Do(func() error { c = thread.Current(); return nil }); err != nil {
			t.Error(err)
		}
		return c
	}
	first := current()
	if first == nil || current() != first || starts.Load() != 1 {
		t.Errorf("two calls run on %p and %p, after %d starts", first, current(), starts.Load())
	}
	_ = e.Do(func() error { _ = thread.SetName("snow"); panic("snow") })
	if current() != first {
		t.Error("a panic has replaced the thread")
	}
	for i, f := range []func() error{
		func() error { thread.Discard(); return nil },
		func() error { thread.Discard(); panic("snow") },
		func() error { runtime.Goexit(); return nil },
		func() error { thread.Discard(); runtime.Goexit(); return nil },
	} {
		before := current()
		_ = e.Do(f)
		if now := current(); now == before || now == nil || starts.Load() != int32(i+2) {
			t.Errorf("function %d ran on %p, the next one on %p, after %d starts", i, before, now, starts.Load())
		}
	}
}

func TestExecutorThreads(t *testing.T) {
	const n = 3
	e := executor(t, thread.ExecutorOptions{Threads: n})
	var meet sync.WaitGroup
	meet.Add(n)
	for range n {
		e.Go(func() error { meet.Done(); meet.Wait(); return nil })
	}
	meet.Wait() // only if all run at once
}

// TestStartFails lets Start fail in each way, on the first threads and on later ones.
func TestStartFails(t *testing.T) {
	ways := map[string]struct {
		f    func() error
		want error
	}{
		"error":  {func() error { return io.EOF }, io.EOF},
		"panic":  {func() error { panic(io.EOF) }, io.EOF},
		"Goexit": {func() error { runtime.Goexit(); return nil }, thread.ErrExited},
	}
	is := func(t *testing.T, what string, err, want error) {
		t.Helper()
		if _, ok := errors.AsType[*thread.StartError](err); !ok || !errors.Is(err, want) {
			t.Errorf("%s = %v, want a StartError with %v", what, err, want)
		}
	}
	for name, tt := range ways {
		t.Run(name, func(t *testing.T) {
			for good := range 3 { // so many threads start before one that does not
				n := 0
				e, err := thread.NewExecutor(thread.ExecutorOptions{Threads: 3, Start: func() error {
					if n++; n > good {
						return tt.f()
					}
					return nil
				}})
				if is(t, "NewExecutor", err, tt.want); e != nil || n != good+1 {
					t.Errorf("an Executor %v after %d starts", e, n)
				}
			}
			var fails atomic.Bool
			e, err := thread.NewExecutor(thread.ExecutorOptions{Start: func() error {
				if fails.Load() {
					return tt.f()
				}
				return nil
			}})
			if err != nil {
				t.Fatal(err)
			}
			fails.Store(true)
			release := busy(t, e)
			last := e.Go(func() error { thread.Discard(); return nil })
			never := func() error { t.Error("runs"); return nil }
			one, two := e.Go(never), e.Go(never)
			release()
			if err := last.Wait(); err != nil {
				t.Error(err)
			}
			is(t, "the first call in the queue", one.Wait(), tt.want)
			is(t, "the second call in the queue", two.Wait(), tt.want)
			is(t, "a call later", e.Do(never), tt.want)
			fails.Store(false)
			if err := e.Do(func() error { return nil }); err != nil {
				t.Errorf("a call when Start works again: %v", err)
			}
			fails.Store(true)
			_ = e.Do(func() error { thread.Discard(); return nil })
			locktest.Eventually(t, "the end of the thread", func() bool { return thread.Live(e) == 0 })
			is(t, "Close", e.Close(), tt.want)
		})
	}
}

// TestStartFailsBesideOthers lets Start fail while another thread is left: no call fails.
func TestStartFailsBesideOthers(t *testing.T) {
	var starts atomic.Int32
	e, err := thread.NewExecutor(thread.ExecutorOptions{Threads: 2, Start: func() error {
		if starts.Add(1) == 3 {
			return io.EOF
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	_ = e.Do(func() error { thread.Discard(); return nil })
	locktest.Eventually(t, "the end of the thread", func() bool { return thread.Live(e) == 1 })
	release := busy(t, e)
	if err := e.Do(func() error { return nil }); err != nil || starts.Load() != 4 { // on a new thread
		t.Errorf("Do = %v, after %d starts", err, starts.Load())
	}
	release()
	if err := e.Close(); !errors.Is(err, io.EOF) {
		t.Errorf("Close() = %v", err)
	}
}

func TestExecutorClose(t *testing.T) {
	for _, threads := range []int{1, 3} {
		e := executor(t, thread.ExecutorOptions{Threads: threads})
		release := busy(t, e)
		ran := 0
		var mu sync.Mutex
		for range 20 {
			e.Go(func() error { mu.Lock(); defer mu.Unlock(); ran++; return nil })
		}
		discards := e.Go(func() error { thread.Discard(); return nil })
		inside := e.Go(func() error { return e.Do(func() error { return e.Close() }) })
		closed := make(chan error)
		for range 2 {
			go func() { closed <- e.Close() }()
		}
		locktest.Eventually(t, "that it is closed", func() bool {
			return e.Go(func() error { return nil }).Ended() && errors.Is(e.Do(func() error { return nil }), thread.ErrClosed)
		})
		release()
		for range 2 {
			if err := <-closed; err != nil {
				t.Error(err)
			}
		}
		if ran != 20 || discards.Wait() != nil || inside.Wait() != nil {
			t.Errorf("%d functions ran, %v, %v", ran, discards.Wait(), inside.Wait())
		}
		if err := e.DoContext(t.Context(), func() error { return nil }); err != thread.ErrClosed {
			t.Errorf("DoContext = %v", err)
		}
		if err := e.Go(func() error { return nil }).Wait(); err != thread.ErrClosed {
			t.Errorf("the Task of Go: %v", err)
		}
		if n := thread.Live(e); n != 0 {
			t.Errorf("%d threads are left", n)
		}
	}
}

// TestExecutorCallers lets goroutines and threads call at once, with limits that end, and counts.
func TestExecutorCallers(t *testing.T) {
	for _, o := range []thread.ExecutorOptions{{}, {Threads: 2}, {Spin: 20 * time.Microsecond}, {Threads: 2, Spin: 20 * time.Microsecond}} {
		e := executor(t, o)
		var ran, want atomic.Int64
		var wg sync.WaitGroup
		caller := func(i int) {
			for n := range 200 {
				switch err := error(nil); (i + n) % 5 {
				case 0, 1:
					err = e.Do(func() error { ran.Add(1); return nil })
					want.Add(1)
					if err != nil {
						t.Error(err)
					}
				case 2:
					err = e.DoLimit(park.For(time.Duration(n)*time.Microsecond), func() error { ran.Add(1); return nil })
					if err == nil {
						want.Add(1)
					}
				case 3:
					e.Go(func() error { ran.Add(1); return nil })
					want.Add(1)
				case 4:
					if n%20 == 0 {
						_ = e.Do(func() error { thread.Discard(); return nil })
					}
				}
			}
		}
		for i := range 4 {
			wg.Go(func() { caller(i) })
		}
		h := thread.Spawn(func() error { caller(4); return nil })
		wg.Wait()
		if err := h.Join(); err != nil {
			t.Error(err)
		}
		if err := e.Close(); err != nil || ran.Load() != want.Load() {
			t.Errorf("%+v: %v, %d functions ran, want %d", o, err, ran.Load(), want.Load())
		}
	}
}

// TestExecutorLeavesNothing opens and closes many, which also discard threads.
func TestExecutorLeavesNothing(t *testing.T) {
	goroutines, threads := runtime.NumGoroutine(), systemThreads()
	const n = 30
	for i := range n {
		e, err := thread.NewExecutor(thread.ExecutorOptions{Threads: 1 + i%3})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		task := e.Go(func() error { thread.Discard(); return nil })
		if err := errors.Join(e.DoContext(ctx, func() error { return nil }), task.Wait(), e.Close()); err != nil {
			t.Error(err)
		}
		cancel()
		starts := 0
		if _, err := thread.NewExecutor(thread.ExecutorOptions{Threads: 3, Start: func() error {
			if starts++; starts == 3 {
				return io.EOF
			}
			return nil
		}}); !errors.Is(err, io.EOF) {
			t.Error(err)
		}
	}
	locktest.Eventually(t, "the end of the goroutines", func() bool { return runtime.NumGoroutine() <= goroutines })
	locktest.Eventually(t, "the end of the threads", func() bool { return systemThreads() <= threads+n/2 })
}

// systemThreads returns how many threads the process has, or 0 where that is not known.
func systemThreads() int {
	tasks, _ := os.ReadDir("/proc/self/task")
	return len(tasks)
}

// TestExecutorInBubble makes an Executor in a bubble: its waits are durable, and limits are in the bubble's
// time.
func TestExecutorInBubble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := thread.NewExecutor(thread.ExecutorOptions{})
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		sleep := func() error { time.Sleep(time.Hour); return io.EOF }
		if err := e.Do(sleep); err != io.EOF || time.Since(begin) != time.Hour {
			t.Errorf("Do = %v, after %v", err, time.Since(begin))
		}
		task := e.Go(sleep)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := e.DoContext(ctx, sleep); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != time.Hour+time.Minute {
			t.Errorf("DoContext = %v, after %v", err, time.Since(begin))
		}
		if err := task.Wait(); err != io.EOF || time.Since(begin) != 2*time.Hour {
			t.Errorf("Wait = %v, after %v", err, time.Since(begin))
		}
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestZeroExecutor calls methods of the zero Executor, which panic instead of waiting for a thread.
func TestZeroExecutor(t *testing.T) {
	const want = "thread: use of an Executor that NewExecutor has not made"
	var e thread.Executor
	f := func() error { return nil }
	locktest.Panics(t, "Do", want, func() { _ = e.Do(f) })
	locktest.Panics(t, "DoContext", want, func() { _ = e.DoContext(t.Context(), f) })
	locktest.Panics(t, "Go", want, func() { e.Go(f) })
	locktest.Panics(t, "Close", want, func() { _ = e.Close() })
}

func TestDoAllocations(t *testing.T) {
	for _, o := range []thread.ExecutorOptions{{}, {Spin: 100 * time.Microsecond}} {
		e := executor(t, o)
		f := func() error { return nil }
		if n := allocs.PerRun(t, 1000, func() { _ = e.Do(f) }); n != 0 && !race.Enabled {
			t.Errorf("%+v: Do allocates %v times", o, n)
		}
	}
}
