// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/osync-go/osync/locks/guard"
)

func ExampleMutex() {
	type account struct{ balance int }
	var g guard.Mutex[account]
	g.With(func(a *account) { a.balance += 100 })
	g.With(func(a *account) { fmt.Println(a.balance) })
	// Output: 100
}

// A consumer waits until the queue is not empty. The producer need not signal.
func ExampleMutex_When() {
	queue := guard.NewMutex([]string{})
	go queue.With(func(q *[]string) { *q = append(*q, "a message") })
	queue.When(
		func(q *[]string) bool { return len(*q) > 0 },
		func(q *[]string) { fmt.Println((*q)[0]); *q = (*q)[1:] },
	)
	// Output: a message
}

func ExampleMutex_WhenFor() {
	g := guard.NewMutex(0)
	done := g.WhenFor(time.Millisecond, func(n *int) bool { return *n == 10 }, func(*int) {})
	fmt.Println(done)
	// Output: false
}

func ExampleMutex_WithContext() {
	g := guard.NewMutex(0)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("the client has gone"))
	fmt.Println(g.WithContext(ctx, func(n *int) { *n++ }))
	// Output: the client has gone
}

func ExampleRWMutex() {
	prices := guard.NewRWMutex(map[string]int{"tea": 3})
	prices.With(func(p *map[string]int) { (*p)["milk"] = 2 })
	prices.Read(func(p map[string]int) { fmt.Println(p["tea"], p["milk"]) })
	// Output: 3 2
}

func ExampleMutex_TryWith() {
	g := guard.NewMutex(1)
	g.With(func(*int) {
		fmt.Println("beside it:", g.TryWith(func(*int) {}), g.TryWithFor(time.Millisecond, func(*int) {}))
	})
	fmt.Println("after it:", g.TryWith(func(n *int) { *n++ }))
	// Output:
	// beside it: false false
	// after it: true
}

func ExampleMutex_WhenContext() {
	g := guard.NewMutex([]string{})
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	err := g.WhenContext(ctx,
		func(queue *[]string) bool { return len(*queue) > 0 },
		func(queue *[]string) { *queue = (*queue)[1:] })
	fmt.Println(errors.Is(err, context.DeadlineExceeded))
	// Output: true
}

// While one goroutine reads, others can read, too, and a writer can give up waiting.
func ExampleRWMutex_Read() {
	g := guard.NewRWMutex(7)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	write := func(n *int) { *n++ }
	g.Read(func(n int) {
		fmt.Println("read:", g.TryRead(func(int) {}), g.TryReadFor(time.Second, func(int) {}))
		fmt.Println("write:", g.TryWith(write), g.TryWithFor(time.Microsecond, write))
		fmt.Println("too late:", errors.Is(g.WithContext(ctx, write), context.DeadlineExceeded))
	})
	fmt.Println("read:", g.ReadContext(context.Background(), func(int) {}))
	// Output:
	// read: true true
	// write: false false
	// too late: true
	// read: <nil>
}

func ExampleRWMutex_When() {
	stage := guard.NewRWMutex(0)
	reached := func(s *int) bool { return *s == 1 }
	use := func(s *int) { fmt.Println("stage", *s) }
	go stage.With(func(s *int) { *s = 1 })
	stage.When(reached, use)
	fmt.Println(stage.WhenFor(time.Millisecond, reached, use))
	fmt.Println(stage.WhenContext(context.Background(), reached, use))
	// Output:
	// stage 1
	// stage 1
	// true
	// stage 1
	// <nil>
}

func ExampleSeqLock() {
	type position struct{ x, y, z float64 }
	var l guard.SeqLock[position]
	l.Store(position{1, 2, 3})            // the sensor's goroutine
	l.Update(func(p *position) { p.z++ }) // another writer
	fmt.Println(l.Load())                 // any number of readers
	if p, ok := l.TryLoad(); ok {         // a reader that must not wait
		fmt.Println(p.x)
	}
	// Output:
	// {1 2 4}
	// 1
}
