// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/allocs"
)

// TestToys checks that the suites pass over locks that are correct and have every method.
func TestToys(t *testing.T) {
	options := []Option{Recoverable(), TakesTurns()}
	t.Run("RWMutex", func(t *testing.T) {
		RWMutex(t, func() RWLocker { return new(toy) }, options...)
	})
	t.Run("Cond", func(t *testing.T) { Cond(t, makeToyCond(""), append(options, Scrambles())...) })
	t.Run("WaitGroup", func(t *testing.T) {
		WaitGroup(t, func() Group { return new(toyGroup) }, options...)
	})
	t.Run("Once", func(t *testing.T) { Once(t, func() Doer { return new(toyOnce) }, options...) })
}

func makeToyCond(bug string) func() (sync.Locker, Waiter) {
	return func() (sync.Locker, Waiter) {
		l := new(toy)
		return l, &toyCond{L: l, toy: toy{bug: bug}}
	}
}

// A recorder replaces the *testing.T of a check that must fail.
type recorder struct {
	mu         sync.Mutex
	errors     []string
	complained chan struct{} // closed at the first error
}

func newRecorder() *recorder { return &recorder{complained: make(chan struct{})} }

func (r *recorder) Helper()             {}
func (r *recorder) Logf(string, ...any) {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.errors == nil {
		close(r.complained)
	}
	r.errors = append(r.errors, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

// catches checks that the named check fails over what make returns. The name may also be
// a prefix: then at least one of several must fail, if timing determines which.
func catches[L any](t *testing.T, bug, name string, checks []check[L], make func() L) {
	t.Run(strings.ReplaceAll(bug, " ", "_"), func(t *testing.T) {
		if runtime.GOARCH == "wasm" && (name == "NoStarvation" || name == "Shares" || name == "LeftOut") {
			t.Skip("on WebAssembly the workers of these checks take turns by themselves: see Preempt")
		}
		checks := slices.DeleteFunc(slices.Clone(checks), func(c check[L]) bool { return !strings.HasPrefix(c.name, name) })
		if len(checks) == 0 {
			t.Fatalf("no check %q", name)
		}
		// A bug that only a race shows may stay hidden for a while on a busy machine.
		for begin := time.Now(); time.Since(begin) < 20*time.Second; {
			for _, c := range checks {
				if complaint := complaintOf(c, make); complaint != "" {
					t.Logf("%s: %s", c.name, complaint)
					return
				}
			}
		}
		t.Errorf("%s did not notice", name)
	})
}

// complaintOf runs a check over what make returns, and returns the first line of its complaint,
// if there is one.
func complaintOf[L any](c check[L], make func() L) string {
	r := newRecorder()
	e := newEnv(r, Goroutines, newConfig([]Option{Recoverable(), TakesTurns()}))
	e.patience = 50 * time.Millisecond
	select {
	case <-ended(r, func() { c.run(e, make) }):
	case <-r.complained: // the check may hang in the lock after that
	case <-time.After(10 * time.Second):
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.errors) == 0 {
		return ""
	}
	first, _, _ := strings.Cut(r.errors[0], "\n")
	return first
}

// ended runs f, and closes the channel when f has ended. A panic is a failure as well.
func ended(r *recorder, f func()) <-chan struct{} {
	end := make(chan struct{})
	go func() {
		defer close(end)
		defer func() {
			if p := recover(); p != nil {
				r.Errorf("panic: %v", p)
			}
		}()
		f()
	}()
	return end
}

func TestBrokenLocks(t *testing.T) {
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("broken locks have data races; the race detector is right to say so")
	}
	for bug, check := range map[string]string{
		"lets two writers in":             "Exclusion",
		"loses a wake-up":                 "Exclusion",
		"starves":                         "NoStarvation",
		"wakes the last":                  "Shares",
		"leaves one out":                  "LeftOut",
		"TryLock takes all":               "TryLock",
		"allocates":                       "Allocations",
		"allows misuse":                   "Misuse",
		"misuse damages it":               "Misuse",
		"gives up early":                  "TryLockFor/Held",
		"overflows":                       "TryLockFor/LongestTime",
		"gives up with the lock":          "TryLockFor/",
		"gives up and stays in the queue": "LockContext/",
		"nil is a context":                "LockContext/Free",
		"looks at the context too late":   "LockContext/Free",
		"hides the cause":                 "LockContext/Held",
		"leaves a goroutine":              "LockContext/NothingLeft",
	} {
		if check == "Allocations" && !allocs.Counted(t) {
			continue
		}
		make := func() sync.Locker { return &toy{bug: bug} }
		catches(t, "Mutex/"+bug, check, mutexChecks(make()), make)
	}
	for bug, check := range map[string]string{
		"lets two writers in":                "ReadersAndWriters",
		"a reader beside a writer":           "ReadersAndWriters",
		"readers one by one":                 "ReadersMeet",
		"wakes the last":                     "Shares",
		"leaves one out":                     "LeftOut",
		"readers overtake writers":           "WaitingWriterStopsReaders",
		"writers before readers":             "UnlockAdmitsReaders",
		"a writer gives up and readers stay": "WriterGivesUp",
		"loses a wake-up":                    "ManyReaders",
		"TryLock takes all":                  "TryRLock",
		"allows misuse":                      "Misuse",
		"misuse damages it":                  "Misuse",
		"gives up early":                     "TryRLockFor/Held",
		"gives up with the lock":             "RLockContext/",
		"gives up and stays in the queue":    "TryRLockFor/",
		"leaves a goroutine":                 "RLockContext/NothingLeft",
	} {
		make := func() RWLocker { return &toy{bug: bug} }
		catches(t, "RWMutex/"+bug, check, rwChecks(make()), make)
	}
	for bug, check := range map[string]string{
		"loses a wake-up":  "SignalWakesOne",
		"Signal wakes two": "SignalWakesOne",
		"wakes the last":   "SignalWakesTheFirst",
		"Broadcast puts the first behind the others": "BroadcastShares",
		"Broadcast wakes ten":                        "BroadcastWakesAll",
		"gives up without the lock":                  "WaitFor",
		"a time-out is a wake-up":                    "WaitFor",
		"gives up with the signal":                   "Wait",
		"gives up and stays in the queue":            "WaitContext/EatsNoSignal",
	} {
		make := makeToyCond(bug)
		catches(t, "Cond/"+bug, check, condChecks(make), func() *condition {
			l, w := make()
			return &condition{Locker: l, Waiter: w}
		})
	}
	for bug, check := range map[string]string{
		"returns early":     "Wait",
		"wakes one":         "ManyWaiters",
		"allows misuse":     "Misuse",
		"misuse damages it": "Misuse",
	} {
		make := func() Group { return &toyGroup{toy: toy{bug: bug}} }
		catches(t, "WaitGroup/"+bug, check, groupChecks(make()), make)
	}
	for bug, check := range map[string]string{
		"returns early":       "Do",
		"calls twice":         "Do",
		"a panic is not done": "Panic",
	} {
		make := func() Doer { return &toyOnce{bug: bug} }
		catches(t, "Once/"+bug, check, onceChecks, make)
	}
}

func TestLeftOutFault(t *testing.T) {
	for _, c := range []struct {
		lock, sync crush
		wrong      bool
	}{
		{crush{longest: time.Second}, crush{}, false},
		{crush{longest: time.Second + 1}, crush{}, true},
		{crush{longest: 2 * time.Second}, crush{longest: 100 * time.Millisecond}, false},
		{crush{longest: 2*time.Second + 1}, crush{longest: 100 * time.Millisecond}, true},
		{crush{leftOut: true}, crush{longest: time.Minute, leftOut: true}, true},
	} {
		if fault := c.lock.fault(c.sync); (fault != "") != c.wrong {
			t.Errorf("%+v beside package sync's %+v: %q", c.lock, c.sync, fault)
		}
	}
}

// TestSilence shows that a check hangs when no worker advances any more, and not while one
// does.
func TestSilence(t *testing.T) {
	e := newEnv(newRecorder(), Goroutines, newConfig(nil))
	e.patience = 500 * time.Millisecond
	silent := e.silence()
	for !silent() {
		runtime.Gosched()
	}
	for range e.rounds(1) {
	}
	if silent() {
		t.Error("a round is no sign of life")
	}
	e.worker("nothing", func() {})
	if silent(); e.steps.Load() != 2 {
		t.Errorf("%d steps after a round and a worker, want 2", e.steps.Load())
	}
}
