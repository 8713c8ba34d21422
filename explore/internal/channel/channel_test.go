// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package channel_test

import (
	"fmt"
	"testing"

	. "github.com/osync-go/osync/explore/internal/channel"
	"github.com/osync-go/osync/explore/internal/engine"
	. "github.com/osync-go/osync/explore/internal/enginetest"
)

// inOrder starts the functions, each when the previous one waits in ch.
func inOrder(ch chan int, fs ...func()) {
	t := engine.Self()
	for i, f := range fs {
		t.Go(f)
		await(ch, i+1)
	}
}

// await returns when n sends and receives wait in ch.
func await(ch chan int, waiting int) {
	t := engine.Self()
	for Of(t, ch).Waiting() < waiting {
		t.Step(&engine.Op{Name: "look", Addr: Pointer(ch), Access: engine.Read})
	}
}

func receive(ch chan int) int {
	r := RecvCase[int]{Ch: ch}
	Select(engine.Self(), "receive", false, &r)
	return r.Value
}

func send(ch chan int, v int) {
	Select(engine.Self(), "send", false, &SendCase[int]{Ch: ch, Value: v})
}

// Sends and receives that wait are completed in FIFO order.
func TestOrder(t *testing.T) {
	Outcomes(t, func() string {
		ch := make(chan int)
		var a, b int
		ended := 0
		inOrder(ch, func() { a = receive(ch); ended++ }, func() { b = receive(ch); ended++ })
		send(ch, 1)
		send(ch, 2)
		engine.Self().Await(&engine.Op{Name: "ends", Ready: (*two)(&ended)})
		return fmt.Sprint(a, b)
	}, "1 2")
	Outcomes(t, func() string {
		ch := make(chan int)
		inOrder(ch, func() { send(ch, 1) }, func() { send(ch, 2) })
		return fmt.Sprint(receive(ch), receive(ch))
	}, "1 2")
}

// A two waits for a count of two.
type two int

func (n *two) Ready() bool { return *n == 2 }

// A waiting send panics when the channel is closed.
func TestCloseWakesSender(t *testing.T) {
	Fails(t, "panic", "send on closed channel", func() {
		ch := make(chan int)
		inOrder(ch, func() { send(ch, 1) })
		Close(engine.Self(), ch)
	})
}
