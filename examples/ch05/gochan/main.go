// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command gochan shows our channels beside Go's own, in one run: a new channel with one
// message from another goroutine, and a stream of messages from four senders to one receiver.
//
// Watch for the two cases: one message costs about the same either way, since most of the cost is
// the new goroutine. Go's channel has what ours lack: select, close, a bound, and the scheduler's help
// when one side waits. Use it, unless a measurement of your own program says no.
package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/examples/internal/chart"
	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/park"
)

const about = "Shows what our channels cost beside Go's own."

var svg = flag.String("svg", "", "write a chart to this `file`")

func main() { program.Main(about, run) }

// A OneShot is the channel of oneshot6, without its checks.
type OneShot struct {
	message int
	ready   atomic.Uint32
}

// Send sends the message.
func (c *OneShot) Send(message int) {
	c.message = message
	c.ready.Store(1)
	park.Wake(&c.ready)
}

// Receive takes the message. It waits until there is one.
func (c *OneShot) Receive() int {
	for c.ready.Load() == 0 {
		park.Wait(&c.ready, 0)
	}
	return c.message
}

// A Queue is the channel of channel.
type Queue struct {
	mu       sync.Mutex
	arrived  *sync.Cond
	messages []int
}

// Send adds a message.
func (c *Queue) Send(message int) {
	c.mu.Lock()
	c.messages = append(c.messages, message)
	c.mu.Unlock()
	c.arrived.Signal()
}

// Receive takes the oldest message. It waits until there is one.
func (c *Queue) Receive() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.messages) == 0 {
		c.arrived.Wait()
	}
	message := c.messages[0]
	c.messages = c.messages[1:]
	return message
}

const messages = 20_000

// contenders carry so many messages, 1 to messages, and return their sum.
var contenders = []struct {
	name string
	run  func() int
}{
	{"one message, ours", func() (sum int) {
		for i := range messages {
			c := new(OneShot)
			go c.Send(i + 1)
			sum += c.Receive()
		}
		return sum
	}},
	{"one message, chan", func() (sum int) {
		for i := range messages {
			c := make(chan int, 1)
			go func() { c <- i + 1 }()
			sum += <-c
		}
		return sum
	}},
	{"stream, ours", func() int {
		c := new(Queue)
		c.arrived = sync.NewCond(&c.mu)
		return stream(c.Send, c.Receive)
	}},
	{"stream, chan of 128", func() int {
		c := make(chan int, 128)
		return stream(func(m int) { c <- m }, func() int { return <-c })
	}},
}

// stream sends the messages from four goroutines and receives them in the calling one.
func stream(send func(int), receive func() int) (sum int) {
	const senders = 4
	for s := range senders {
		go func() {
			for i := s; i < messages; i += senders {
				send(i + 1)
			}
		}()
	}
	for range messages {
		sum += receive()
	}
	return sum
}

func run(out io.Writer) error {
	const rounds = 5
	took := make([][]float64, len(contenders))
	for range rounds { // in turn, so that a busy moment of the machine meets all
		for i, c := range contenders {
			start := time.Now()
			if sum := c.run(); sum != messages*(messages+1)/2 {
				return fmt.Errorf("%s: the sum of the messages is %d, want %d", c.name, sum, messages*(messages+1)/2)
			}
			took[i] = append(took[i], float64(time.Since(start).Nanoseconds())/messages)
		}
	}
	fmt.Fprintf(out, "%d messages each, all of them arrived; median of %d rounds\n", messages, rounds)
	var names []string
	var medians chart.Series
	for i, c := range contenders {
		slices.Sort(took[i])
		fmt.Fprintf(out, "%-20s %6.0f ns for each message\n", c.name, took[i][rounds/2])
		names, medians.Y = append(names, c.name), append(medians.Y, took[i][rounds/2])
	}
	if *svg == "" {
		return nil
	}
	medians.Name = "median"
	return chart.Bars(*svg, chart.Labels{Title: "Our channels beside Go's own", Y: "ns for each message"}, names, medians)
}
