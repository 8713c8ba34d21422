// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/thread"
)

// TestRunPending runs what was queued before, in order, and no more.
func TestRunPending(t *testing.T) {
	var wakes atomic.Int32
	l := thread.NewLoop(func() { wakes.Add(1) })
	if !thread.Pinned() {
		t.Error("NewLoop does not pin the owner")
	}
	if n := l.RunPending(); n != 0 || wakes.Load() != 0 {
		t.Errorf("RunPending of nothing = %d, after %d wakes", n, wakes.Load())
	}
	var got []int
	tasks := make([]*thread.Task, 3)
	for i := range tasks {
		tasks[i] = l.Go(func() error {
			got = append(got, i)
			l.Go(func() error { got = append(got, 10+i); return nil })
			return io.EOF
		})
	}
	if wakes.Load() != 3 {
		t.Errorf("%d wakes after 3 calls", wakes.Load())
	}
	if n := l.RunPending(); n != 3 || !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("RunPending = %d, and has run %v", n, got)
	}
	for _, task := range tasks {
		if err := task.Wait(); err != io.EOF {
			t.Errorf("Wait = %v", err)
		}
	}
	if err := l.Do(func() error { got = append(got, 5); return io.EOF }); err != io.EOF { // on its own thread: at once
		t.Errorf("Do = %v", err)
	}
	if err := l.Close(); err != nil || !slices.Equal(got, []int{0, 1, 2, 5, 10, 11, 12}) {
		t.Errorf("Close = %v, has run %v", err, got)
	}
	if thread.Pinned() {
		t.Error("Close does not unpin the owner")
	}
	if err := l.Do(func() error { return nil }); err != thread.ErrClosed {
		t.Errorf("Do = %v", err)
	}
	if err := l.Close(); err != nil {
		t.Errorf("a second Close = %v", err)
	}
	locktest.Panics(t, "RunPending by another", "thread: RunPending of a Loop by a goroutine that is not its owner", func() { l.RunPending() })
	locktest.Panics(t, "Run by another", "thread: Run of a Loop by a goroutine that is not its owner", l.Run)
}

// TestLoopCallers lets goroutines call, and the loop sleep until it is woken.
func TestLoopCallers(t *testing.T) {
	woken := make(chan struct{}, 1)
	l := thread.NewLoop(func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	})
	const callers, rounds = 4, 100
	ran := 0 // the race detector sees if two threads run functions
	var left atomic.Int32
	left.Store(callers)
	for range callers {
		go func() {
			for range rounds {
				if err := l.Do(func() error { ran++; return io.EOF }); err != io.EOF {
					t.Errorf("Do = %v", err)
				}
			}
			if left.Add(-1) == 0 {
				_ = l.Executor.Close() // wakes the loop, too, and waits for it
				left.Store(-1)
			}
		}()
	}
	for {
		l.RunPending()
		if left.Load() < 0 {
			break
		}
		if left.Load() > 0 {
			<-woken
		} else {
			runtime.Gosched()
		}
	}
	if err := l.Close(); err != nil || ran != callers*rounds {
		t.Errorf("Close() = %v, %d functions ran, want %d", err, ran, callers*rounds)
	}
}

// TestLoopRun closes a Loop that runs: by a function of its, by a goroutine, and by a Goexit.
func TestLoopRun(t *testing.T) {
	for _, closes := range []string{"function", "goroutine", "Goexit"} {
		t.Run(closes, func(t *testing.T) {
			loops := make(chan *thread.Loop, 1)
			wakes := 0
			var ended atomic.Bool
			h := thread.Spawn(func() error {
				defer ended.Store(true)
				l := thread.NewLoop(func() { wakes++ })
				defer l.Close()
				loops <- l
				l.Run()
				return nil
			})
			l := <-loops
			ran := false
			if err := l.Do(func() error { ran = thread.Current() == h.Thread(); return io.EOF }); err != io.EOF || !ran {
				t.Errorf("Do = %v, on the thread of the loop: %v", err, ran)
			}
			var want error
			begun, end := make(chan bool), make(chan bool)
			first := l.Go(func() error { close(begun); <-end; return nil })
			<-begun
			switch closes {
			case "function":
				first = l.Go(func() error { return l.Close() })
			case "goroutine":
				defer func(done chan error) {
					if err := <-done; err != nil || !ended.Load() && thread.Live(l.Executor) != 0 {
						t.Errorf("Close() = %v, before the end", err)
					}
				}(closeLater(t, l))
			case "Goexit":
				first, want = l.Go(func() error { runtime.Goexit(); return nil }), thread.ErrExited
			}
			last := l.Go(func() error { return io.EOF })
			close(end)
			if err := first.Wait(); err != want {
				t.Errorf("%v, want %v", err, want)
			}
			switch err := last.Wait(); {
			case closes == "function" && err != io.EOF, closes != "function" && err != thread.ErrClosed:
				t.Errorf("the last function: %v", err)
			}
			if err := h.Join(); err != want {
				t.Errorf("the owner: %v, want %v", err, want)
			}
			if err := l.Do(func() error { return nil }); err != thread.ErrClosed {
				t.Errorf("Do = %v", err)
			}
		})
	}
}

// closeLater closes l while a function runs, and returns what Close does.
func closeLater(t *testing.T, l *thread.Loop) chan error {
	done := make(chan error, 1)
	go func() { done <- l.Close() }()
	locktest.Eventually(t, "that it is closed", func() bool {
		_, err := l.Go(func() error { return nil }).WaitFor(0)
		return errors.Is(err, thread.ErrClosed)
	})
	return done
}

// ofMain says which program the test binary is, in place of the tests.
const ofMain = "OSYNC_TEST_MAIN"

func init() {
	if program := os.Getenv(ofMain); program != "" && program != "unpinned" {
		thread.Pin()
	}
}

// mainPrograms are what TestMain runs on request.
var mainPrograms = map[string]func(){
	"runs": func() {
		id := thread.ID()
		err := thread.Main(func(first *thread.Executor) error {
			if thread.Pinned() {
				return errors.New("program is pinned")
			}
			for range 100 {
				var here uint64
				if err := first.Do(func() error { here = thread.ID(); return io.EOF }); err != io.EOF || here != id {
					return fmt.Errorf("Do = %v, on thread %d, want %d", err, here, id)
				}
			}
			first.Go(func() error { fmt.Println("the last one"); return nil })
			return io.ErrUnexpectedEOF
		})
		fmt.Println(err == io.ErrUnexpectedEOF, thread.Pinned())
	},
	"exits": func() {
		err := thread.Main(func(*thread.Executor) error { runtime.Goexit(); return nil })
		fmt.Println(err == thread.ErrExited)
	},
	"closes": func() {
		err := thread.Main(func(first *thread.Executor) error {
			fmt.Println(first.Close(), first.Do(func() error { return nil }) == thread.ErrClosed)
			return nil
		})
		fmt.Println(err)
	},
	"twice": func() {
		for range 2 {
			fmt.Println(thread.Main(func(first *thread.Executor) error { return first.Do(func() error { return nil }) }))
		}
	},
	"unpinned": func() {
		defer func() { fmt.Println(recover()) }()
		_ = thread.Main(func(*thread.Executor) error { return nil })
	},
	"elsewhere": func() {
		err := thread.Spawn(func() error {
			return thread.Main(func(*thread.Executor) error { return nil })
		}).Join()
		p, ok := errors.AsType[*thread.PanicError](err)
		fmt.Println(ok && p != nil || thread.ID() == 0)
	},
	"panics": func() {
		_ = thread.Main(func(*thread.Executor) error { panic("snow") })
	},
}

func TestMainPrograms(t *testing.T) {
	for name, want := range map[string]string{
		"runs":      "the last one\ntrue true\n",
		"exits":     "true\n",
		"closes":    "<nil> true\n<nil>\n",
		"twice":     "<nil>\n<nil>\n",
		"unpinned":  "thread: Main by a goroutine that is not pinned to the first thread; add: func init() { thread.Pin() }\n",
		"elsewhere": "true\n",
		"panics":    "",
	} {
		t.Run(name, func(t *testing.T) {
			out, err := locktest.Child(t, ofMain+"="+name)
			if name == "panics" {
				if err == nil || !bytes.Contains(out, []byte("snow")) || !bytes.Contains(out, []byte("loop_test.go")) {
					t.Errorf("%v, the program has not ended by the panic:\n%s", err, out)
				}
				return
			}
			if err != nil || string(out) != want {
				t.Errorf("%v, printed:\n%s\nwant:\n%s", err, out, want)
			}
		})
	}
}
