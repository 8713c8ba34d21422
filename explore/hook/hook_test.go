// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package hook_test

import (
	"runtime"
	"slices"
	"testing"

	"github.com/osync-go/osync/explore/hook"
	. "github.com/osync-go/osync/explore/internal/enginetest"
)

type (
	both chan int
	out  <-chan int
	in   chan<- int
)

// testChannels calls each function with channels of named types and of each direction.
func testChannels(t *testing.T) {
	b := make(both, 3)
	var (
		p chan int   = b
		o out        = p
		i in         = p
		r <-chan int = p
		s chan<- int = p
	)
	hook.To(b).Send(1)
	hook.To(i).Send(2)
	hook.To(p).Send(3)
	for _, ch := range []any{b, o, i, p, r, s} {
		if hook.Len(ch) != 3 || hook.Cap(ch) != 3 {
			t.Errorf("a %T has length %d and capacity %d, want 3 and 3", ch, hook.Len(ch), hook.Cap(ch))
		}
	}
	if hook.Len(both(nil)) != 0 || hook.Cap((chan int)(nil)) != 0 {
		t.Error("a nil channel has a length")
	}
	if a, b, c := hook.Recv(b), hook.Recv(o), hook.Recv(r); a != 1 || b != 2 || c != 3 {
		t.Errorf("received %d, %d and %d, want 1, 2 and 3", a, b, c)
	}
	if got := hook.Select(true, hook.OnRecv(b), hook.OnRecv(r), hook.OnRecv((chan string)(nil))); got != -1 {
		t.Errorf("a receive from an empty channel was case %d", got)
	}
	hook.To(s).Send(4)
	c0, c1, c2 := hook.OnRecv(o), hook.OnSend((chan string)(nil)).With("x"), hook.OnRecv((chan error)(nil))
	if got := hook.Select(false, c0, c1, c2); got != 0 || c0.Value() != 4 {
		t.Errorf("chose %d with %d, want 0 with 4", got, c0.Value())
	}
	if got := hook.Select(true, hook.OnRecv(b), hook.OnSend(i).With(5)); got != 1 {
		t.Errorf("chose %d, want 1", got)
	}
	hook.To(b).Send(6)
	hook.Close(b)
	var got []int
	for v := range hook.Range(r) {
		got = append(got, v)
	}
	if !slices.Equal(got, []int{5, 6}) {
		t.Errorf("range found %v, want 5 and 6", got)
	}
	if v, ok := hook.Recv2(o); v != 0 || ok {
		t.Errorf("received %v, %v from a closed channel", v, ok)
	}
	if hook.Select(false, c0); c0.Value() != 0 {
		t.Errorf("selected %v from a closed channel", c0.Value())
	}
	if _, ok := c0.Value2(); ok {
		t.Error("selected something from a closed channel")
	}
	errors := make(chan error, 1) // of an interface type
	hook.Select(false, hook.OnSend(errors).With(nil))
	if c2 = hook.OnRecv(errors); hook.Select(false, c2) != 0 || c2.Value() != nil {
		t.Error("a nil error was not received")
	}
	for want, f := range map[string]func(){
		"send on closed channel":  func() { hook.To(b).Send(1) },
		"close of closed channel": func() { hook.Close(b) },
		"close of nil channel":    func() { hook.Close(in(nil)) },
	} {
		func() {
			defer func() {
				if err, ok := recover().(runtime.Error); !ok || err.Error() != want {
					t.Errorf("got %v, want a panic with %q", err, want)
				}
			}()
			f()
		}()
	}
}

func TestOutside(t *testing.T) { testChannels(t) }

func TestExplored(t *testing.T) {
	Outcomes(t, func() string { testChannels(t); return "" }, "")
}

func TestGo(t *testing.T) {
	done := make(chan bool)
	hook.Go(func() { hook.Close(done) })
	hook.Recv(done)
}

func TestPlain(t *testing.T) {
	x := 1
	*hook.W(&x) += *hook.R(&x)
	if x != 2 {
		t.Errorf("x is %d, want 2", x)
	}
}

func TestRegister(t *testing.T) {
	n := 0
	hook.Register("one", func() { n++ })
	hook.Register("two", func() { n += 2 })
	hook.Reset()
	if got := hook.Registered(); n != 3 || !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("%d after the resets of %v", n, got)
	}
}
