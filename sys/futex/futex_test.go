// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex_test

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/sys/futex"
)

func skipUnlessSupported(t *testing.T, scope futex.Scope) {
	t.Helper()
	if !futex.Supported(scope) {
		t.Skipf("no kernel wait for scope %d on %s/%s (backend %s)", scope, runtime.GOOS, runtime.GOARCH, futex.Backend())
	}
}

var scopes = map[string]futex.Scope{"private": futex.Private, "shared": futex.Shared}

// TestUnsupported checks that each call returns ErrUnsupported for words that cannot be waited on here.
func TestUnsupported(t *testing.T) {
	var word atomic.Uint32
	for name, scope := range scopes {
		if futex.Supported(scope) {
			continue
		}
		for call, err := range map[string]error{
			"Wait":      futex.Wait(&word, 0, scope),
			"WaitUntil": futex.WaitUntil(&word, 0, time.Now(), scope),
			"Wake":      futex.Wake(&word, scope),
			"WakeAll":   futex.WakeAll(&word, scope),
		} {
			if !errors.Is(err, errors.ErrUnsupported) {
				t.Errorf("%s of a %s word = %v, want ErrUnsupported", call, name, err)
			}
		}
	}
}

// TestWaitReturnsWhenTheWordDiffers shows that the word is checked before the deadline.
func TestWaitReturnsWhenTheWordDiffers(t *testing.T) {
	for name, scope := range scopes {
		t.Run(name, func(t *testing.T) {
			skipUnlessSupported(t, scope)
			word := new(atomic.Uint32)
			if err := futex.Wait(word, 1, scope); err != nil {
				t.Errorf("Wait = %v", err)
			}
			past := time.Now().Add(-time.Hour)
			if err := futex.WaitUntil(word, 1, past, scope); err != nil {
				t.Errorf("WaitUntil, long past = %v, want nil since the word differs", err)
			}
		})
	}
}

// TestWakeEndsAWait wakes one thread while the word is unchanged, and then all.
func TestWakeEndsAWait(t *testing.T) {
	for name, scope := range scopes {
		t.Run(name, func(t *testing.T) {
			skipUnlessSupported(t, scope)
			word := new(atomic.Uint32)
			var waiters sync.WaitGroup
			var woken atomic.Int32
			const n = 8
			for i := range n {
				waiters.Add(1)
				go func() {
					defer waiters.Done()
					for word.Load() == 0 {
						var deadline time.Time
						if i%2 == 0 {
							deadline = time.Now().Add(math.MaxInt64)
						}
						if err := futex.WaitUntil(word, 0, deadline, scope); err != nil {
							t.Errorf("WaitUntil = %v", err)
							return
						}
						woken.Add(1)
					}
				}()
			}
			locktest.Eventually(t, "a thread is woken, though the word has not changed", func() bool {
				if err := futex.Wake(word, scope); err != nil {
					t.Fatalf("Wake = %v", err)
				}
				return woken.Load() != 0
			})
			word.Store(1)
			if err := futex.WakeAll(word, scope); err != nil {
				t.Errorf("WakeAll = %v", err)
			}
			waiters.Wait()
		})
	}
}

// TestDeadlineEndsAWait shows that a wait ends after its deadline, and not before.
func TestDeadlineEndsAWait(t *testing.T) {
	for name, scope := range scopes {
		t.Run(name, func(t *testing.T) {
			skipUnlessSupported(t, scope)
			word := new(atomic.Uint32)
			for _, d := range []time.Duration{math.MinInt64, -1, 0, 1, time.Microsecond, 999 * time.Microsecond, 20 * time.Millisecond} {
				begin := time.Now()
				deadline := begin.Add(d)
				var err error
				for err == nil {
					err = futex.WaitUntil(word, 0, deadline, scope)
				}
				if !errors.Is(err, os.ErrDeadlineExceeded) {
					t.Errorf("WaitUntil(%v) = %v, want ErrDeadlineExceeded", d, err)
				}
				if took := time.Since(begin); took < d || took > max(d, 0)+20*time.Second {
					t.Errorf("WaitUntil(%v) took %v", d, took)
				}
			}
		})
	}
}

// TestDeadlineBesideOthers shows that a wait returns in time, and does not queue for a processor behind
// all runnable goroutines. The scheduler's monitor may take the processor from some sleeps, but not from
// all of them.
func TestDeadlineBesideOthers(t *testing.T) {
	skipUnlessSupported(t, futex.Private)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	procs.Refresh()
	defer procs.Refresh()
	var over atomic.Bool
	var busy sync.WaitGroup
	defer busy.Wait()
	defer over.Store(true)
	for range 20 {
		busy.Go(func() {
			for !over.Load() {
			}
		})
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	word := new(atomic.Uint32)
	const d, prompt = time.Millisecond, 10 * time.Millisecond // a busy goroutine runs for 10 ms at a time
	least := time.Hour
	for range 20 {
		begin := time.Now()
		var err error
		for err == nil {
			err = futex.WaitUntil(word, 0, begin.Add(d), futex.Private)
		}
		if err != os.ErrDeadlineExceeded {
			t.Fatalf("WaitUntil = %v", err)
		}
		if least = min(least, time.Since(begin)-d); least < prompt {
			return
		}
	}
	t.Errorf("each of 20 waits of %v returned late, by %v at least", d, least)
}

// TestDeadlineInBubble shows that a wait ends in a bubble, where Go's clock stops while a thread
// sleeps.
func TestDeadlineInBubble(t *testing.T) {
	skipUnlessSupported(t, futex.Private)
	synctest.Test(t, func(t *testing.T) {
		word, deadline := new(atomic.Uint32), time.Now().Add(5*time.Millisecond)
		err := error(nil)
		for err == nil {
			err = futex.WaitUntil(word, 0, deadline, futex.Private)
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("WaitUntil = %v, want ErrDeadlineExceeded", err)
		}
	})
}

// TestHandOverLosesNoWake hands a turn back and forth between two goroutines that block their threads.
func TestHandOverLosesNoWake(t *testing.T) {
	skipUnlessSupported(t, futex.Private)
	for _, procs := range []int{1, 2, 4} {
		t.Run(fmt.Sprintf("GOMAXPROCS=%d", procs), func(t *testing.T) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			word := new(atomic.Uint32)
			rounds := locktest.Rounds(2000)
			var done sync.WaitGroup
			for me := range uint32(2) {
				done.Add(1)
				go func() {
					defer done.Done()
					for range rounds {
						for word.Load() != me {
							futex.Wait(word, 1-me, futex.Private)
						}
						word.Store(1 - me)
						futex.Wake(word, futex.Private)
					}
				}()
			}
			done.Wait()
		})
	}
}

// TestStopTheWorld collects garbage continuously while threads sleep, wake and time out.
func TestStopTheWorld(t *testing.T) {
	skipUnlessSupported(t, futex.Private)
	// Go 1.26 and 1.27 now and then miss a thread that enters a system call while it stops the
	// world, and then run no goroutine until the next timer. So there is a timer.
	var over atomic.Bool
	defer over.Store(true)
	go func() {
		for !over.Load() {
			time.Sleep(10 * time.Millisecond)
		}
	}()
	for _, procs := range []int{1, 2} {
		func() {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			word := new(atomic.Uint32)
			var stop atomic.Bool
			var done sync.WaitGroup
			for i := range 8 {
				done.Add(1)
				go func() {
					defer done.Done()
					for !stop.Load() {
						deadline := time.Now().Add(time.Duration(i*50) * time.Microsecond)
						if err := futex.WaitUntil(word, 0, deadline, futex.Private); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
							t.Errorf("WaitUntil = %v", err)
						}
						if time.Now().Before(deadline) {
							continue // a wake
						}
						futex.Wake(word, futex.Private)
					}
				}()
			}
			for end := time.Now().Add(200 * time.Millisecond); time.Now().Before(end); {
				runtime.GC()
			}
			stop.Store(true)
			done.Wait()
		}()
	}
}

// TestNothingIsAllocated counts the allocations of each call.
func TestNothingIsAllocated(t *testing.T) {
	skipUnlessSupported(t, futex.Private)
	word := new(atomic.Uint32)
	past, soon := time.Now(), func() time.Time { return time.Now().Add(10 * time.Microsecond) }
	for name, f := range map[string]func(){
		"Wait, other value":   func() { futex.Wait(word, 1, futex.Private) },
		"WaitUntil, past":     func() { futex.WaitUntil(word, 0, past, futex.Private) },
		"WaitUntil, time-out": func() { futex.WaitUntil(word, 0, soon(), futex.Private) },
		"Wake":                func() { futex.Wake(word, futex.Private) },
		"WakeAll":             func() { futex.WakeAll(word, futex.Private) },
	} {
		if n := allocs.PerRun(t, 100, f); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func Example() {
	if !futex.Supported(futex.Private) {
		fmt.Println("the light is green")
		return
	}
	var light atomic.Uint32
	go func() {
		light.Store(1)
		futex.WakeAll(&light, futex.Private)
	}()
	for light.Load() == 0 {
		futex.Wait(&light, 0, futex.Private)
	}
	fmt.Println("the light is green")
	// Output: the light is green
}
