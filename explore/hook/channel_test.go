// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook_test

import (
	"fmt"
	"testing"

	"github.com/osync-go/osync/explore/hook"
	. "github.com/osync-go/osync/explore/internal/enginetest"
	"github.com/osync-go/osync/explore/sync/atomic"
)

// A send on an unbuffered channel returns when the value is received, and each value is received once.
func TestRendezvous(t *testing.T) {
	Outcomes(t, func() string {
		ch := make(chan int)
		var received atomic.Bool
		early, got := false, 0
		All(
			func() { hook.To(ch).Send(1); early = !received.Load() },
			func() { received.Store(true); got = hook.Recv(ch) },
		)
		return fmt.Sprint(early, got)
	}, "false 1")
	Outcomes(t, func() string {
		ch := make(chan int)
		var a, b int
		All(
			func() { hook.To(ch).Send(1) },
			func() { hook.To(ch).Send(2) },
			func() { a = hook.Recv(ch) },
			func() { b = hook.Recv(ch) },
		)
		return fmt.Sprint(a, b)
	}, "1 2", "2 1")
}

func TestBuffer(t *testing.T) {
	Outcomes(t, func() string {
		ch := make(chan int, 1)
		got, most := "", 0
		All(
			func() {
				for i := range 3 {
					hook.To(ch).Send(i)
				}
				hook.Close(ch)
			},
			func() {
				for v := range hook.Range(ch) {
					most = max(most, hook.Len(ch))
					got += fmt.Sprint(v)
				}
			},
		)
		return fmt.Sprint(got, most)
	}, "0120", "0121")
}

// Values in a channel when an exploration begins are there in each execution, and afterwards.
func TestFromOutside(t *testing.T) {
	ch := make(chan int, 3)
	ch <- 1
	ch <- 2
	closed := make(chan int)
	close(closed)
	Outcomes(t, func() string {
		a, b := 0, 0
		All(func() { a = hook.Recv(ch) }, func() { b = hook.Recv(ch); hook.To(ch).Send(3) })
		_, ok := hook.Recv2(closed)
		return fmt.Sprint(a, b, hook.Len(ch), ok)
	}, "1 2 1 false", "2 1 1 false")
	if len(ch) != 2 || <-ch != 1 || <-ch != 2 {
		t.Error("the exploration has changed a channel")
	}
}

// If code that is not rewritten closes a real channel, the explorer finds it closed.
func TestClosedMeanwhile(t *testing.T) {
	Outcomes(t, func() string {
		ch := make(chan int)
		before := hook.Select(true, hook.OnRecv(ch))
		close(ch)
		_, ok := hook.Recv2(ch)
		return fmt.Sprint(before, ok)
	}, "-1 false")
}

// A select chooses each case that is ready.
func TestSelectChooses(t *testing.T) {
	Outcomes(t, func() string {
		a, b, c := make(chan int, 1), make(chan int, 1), make(chan int)
		hook.To(a).Send(1)
		ra := hook.OnRecv(a)
		switch hook.Select(false, ra, hook.OnSend(b).With(2), hook.OnRecv(c)) {
		case 0:
			return fmt.Sprint("received ", ra.Value())
		case 1:
			return fmt.Sprint("sent ", hook.Recv(b))
		}
		return "wrong"
	}, "received 1", "sent 2")
}

// A sleeping select is woken once, and leaves its other channels.
func TestSelectSleeps(t *testing.T) {
	Outcomes(t, func() string {
		a, b := make(chan int), make(chan int)
		got := ""
		sent := [2]bool{}
		try := func(i int, ch chan int) func() {
			return func() { sent[i] = hook.Select(true, hook.OnSend(ch).With(i)) == 0 }
		}
		last := make(chan int, 1)
		All(
			func() {
				ra, rb, rl := hook.OnRecv(a), hook.OnRecv(b), hook.OnRecv(last)
				got = fmt.Sprint(hook.Select(false, ra, rb, rl), ra.Value()+rb.Value())
			},
			func() { try(0, a)(); try(1, b)(); hook.To(last).Send(1) },
		)
		return fmt.Sprint(got, sent)
	}, "0 0[true false]", "1 1[false true]", "2 0[false false]")
}

func TestCloseWakes(t *testing.T) {
	Outcomes(t, func() string {
		ch, never := make(chan int), make(chan int)
		got := ""
		receive := func() {
			v, ok := hook.Recv2(ch)
			got += fmt.Sprint(v, ok, " ")
		}
		choose := func() {
			r := hook.OnRecv(ch)
			n := hook.Select(false, hook.OnRecv(never), r)
			_, ok := r.Value2()
			got += fmt.Sprint(n, ok, " ")
		}
		All(receive, choose, func() { hook.Close(ch) })
		return fmt.Sprint(len(got))
	}, "16")
	Fails(t, "panic", "send on closed channel", func() {
		ch := make(chan int)
		All(func() { hook.To(ch).Send(1) }, func() { hook.Close(ch) })
	})
}

// Operations that change nothing are explored in one order.
func TestOneOrder(t *testing.T) {
	if n := Outcomes(t, func() string {
		closed, empty := make(chan int), make(chan int, 1)
		hook.Close(closed)
		poll := func() {
			hook.Recv(closed)
			hook.Select(true, hook.OnRecv(empty))
			hook.Len(empty)
		}
		All(poll, poll)
		return fmt.Sprint(hook.Select(true), hook.Select(true, hook.OnRecv((chan int)(nil))))
	}, "-1 -1"); n != 1 {
		t.Errorf("%d executions, want 1", n)
	}
}

func TestBlockedForEver(t *testing.T) {
	for want, f := range map[string]func(){
		"chan receive": func() { hook.Recv((chan int)(nil)) },
		"chan send":    func() { hook.To((chan int)(nil)).Send(1) },
		"select":       func() { hook.Select(false) },
	} {
		Fails(t, "deadlock", "main waits in "+want, f)
	}
	Fails(t, "left over", "waits in chan receive", func() {
		ch := make(chan int)
		hook.Go(func() { hook.Recv(ch) })
	})
}

// To the explorer, a goroutine that polls a channel waits until the channel changes.
func TestPolling(t *testing.T) {
	Outcomes(t, func() string {
		stop, other := make(chan int), make(chan int, 1)
		polls := 0
		All(
			func() {
				for hook.Select(true, hook.OnRecv(stop), hook.OnRecv(other)) < 0 {
					polls++
				}
			},
			func() { hook.Close(stop) },
		)
		return fmt.Sprint(polls < 10)
	}, "true")
}

func TestRaces(t *testing.T) {
	Fails(t, "data race", "", func() {
		x := 0
		f := func() { *hook.W(&x) = 1 }
		All(f, f)
	})
	Fails(t, "data race", "", func() {
		x := 0
		All(func() { *hook.W(&x) = 1 }, func() { _ = *hook.R(&x) })
	})
	Outcomes(t, func() string {
		x, ch := 0, make(chan int, 1)
		All(
			func() { *hook.W(&x) = 1; hook.To(ch).Send(1) },
			func() { hook.Recv(ch); *hook.W(&x) += *hook.R(&x) },
		)
		return fmt.Sprint(x)
	}, "2")
}
