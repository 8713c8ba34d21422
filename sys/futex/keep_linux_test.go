// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex

import (
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/handon"
	"github.com/osync-go/osync/internal/keep"
	"github.com/osync-go/osync/internal/procs"
	"github.com/osync-go/osync/sys/linux"
	"golang.org/x/sys/unix"
)

// TestKeepsBriefly shows that a sleeper releases its processor after a while, and sleeps on.
func TestKeepsBriefly(t *testing.T) {
	if !handon.Works {
		t.Skip("built without a way to hand the processor on")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	procs.Refresh()
	defer procs.Refresh()
	for name, deadline := range map[string]time.Time{"Wait": {}, "WaitUntil": time.Now().Add(time.Hour)} {
		t.Run(name, func(t *testing.T) {
			for tries := 1; !keepsBriefly(t, deadline); tries++ {
				if tries == 10 {
					t.Fatal("a sleeper was not seen to keep its processor")
				}
			}
		})
	}
}

// keepsBriefly is one attempt of TestKeepsBriefly. It returns false if it has not seen the sleeper keep
// its processor: on a busy machine the 10 ms may pass unseen.
func keepsBriefly(t *testing.T, deadline time.Time) bool {
	word := new(atomic.Uint32)
	done := make(chan error)
	go func() { done <- WaitUntil(word, 0, deadline, Private) }()
	kept := false
	for begin := time.Now(); !kept && time.Since(begin) < time.Second; runtime.Gosched() {
		kept = keep.Taken() != 0
	}
	for begin := time.Now(); keep.Taken() != 0; runtime.Gosched() {
		if time.Since(begin) > 20*time.Second {
			t.Fatalf("a sleeper still keeps its processor after %v", time.Since(begin))
		}
	}
	select {
	case err := <-done:
		t.Errorf("WaitUntil = %v before a wake", err) // Wait allows a spurious wake-up, but none is expected here
		return true
	default:
	}
	word.Store(1)
	Wake(word, Private)
	if err := <-done; err != nil {
		t.Errorf("WaitUntil = %v", err)
	}
	return kept
}

// TestSignals interrupts a thread continuously while it waits. The signal must neither be reported nor
// move the deadline, whether the deadline is so near that the thread keeps its processor or not. The
// signal is the runtime's own for preemption, whose only effect on a sleeping thread is to wake it up.
func TestSignals(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	tid := linux.Gettid()
	var stop atomic.Bool
	stopped := make(chan int)
	go func() {
		n := 0
		for ; !stop.Load(); n++ {
			syscall.Tgkill(syscall.Getpid(), tid, unix.SIGURG)
			time.Sleep(100 * time.Microsecond)
		}
		stopped <- n
	}()
	word := new(atomic.Uint32)
	for _, d := range []time.Duration{keep.ForNs / 2, 200 * time.Millisecond} {
		begin := time.Now()
		deadline := begin.Add(d)
		var err error
		for err == nil && time.Since(begin) < 30*time.Second {
			err = WaitUntil(word, 0, deadline, Private)
		}
		if took := time.Since(begin); err != os.ErrDeadlineExceeded || took < d || took > 20*time.Second {
			t.Errorf("a wait of %v took %v: %v", d, took, err)
		}
	}
	stop.Store(true)
	if n := <-stopped; n == 0 {
		t.Error("no signal was sent")
	} else {
		t.Logf("%d signals", n)
	}
}

// TestScopesAreApart shows that the scope reaches the kernel: a wake of one scope does not wake a waiter
// of the other.
func TestScopesAreApart(t *testing.T) {
	word := new(atomic.Uint32)
	asleep := make(chan error)
	go func() { asleep <- WaitUntil(word, 0, time.Now().Add(30*time.Second), Shared) }()
	for n := 0; n == 0; runtime.Gosched() {
		select {
		case err := <-asleep:
			t.Fatalf("WaitUntil = %v before a wake of its scope", err)
		default:
		}
		if err := Wake(word, Private); err != nil {
			t.Fatal(err)
		}
		var err error
		if n, err = linux.FutexWake(word, 1, 0); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-asleep; err != nil {
		t.Errorf("WaitUntil = %v", err)
	}
}

func BenchmarkHandOver(b *testing.B) {
	for _, way := range []struct {
		name  string
		sleep func(*atomic.Uint32)
	}{
		{"keep", func(word *atomic.Uint32) { linux.FutexWait(word, 0, nil, linux.FUTEX_PRIVATE_FLAG) }},
		{"handon", func(word *atomic.Uint32) {
			linux.FutexWaitBitsetHandingOn(word, 0, nil, linux.FUTEX_BITSET_MATCH_ANY, linux.FUTEX_PRIVATE_FLAG)
		}},
		{"rule", func(word *atomic.Uint32) { Wait(word, 0, Private) }},
	} {
		b.Run("impl="+way.name, func(b *testing.B) {
			// The peer is a goroutine that needs a processor before it can wake us.
			word := new(atomic.Uint32)
			work := make(chan struct{})
			go func() {
				for range work {
					word.Store(1)
					Wake(word, Private)
				}
			}()
			for b.Loop() {
				word.Store(0)
				work <- struct{}{}
				for word.Load() == 0 {
					way.sleep(word)
				}
			}
			close(work)
		})
	}
}
