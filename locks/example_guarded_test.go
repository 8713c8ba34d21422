// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/osync-go/osync/locks"
)

func ExampleGuarded() {
	type account struct{ balance int }
	var g locks.Guarded[account]
	g.With(func(a *account) { a.balance += 100 })
	g.With(func(a *account) { fmt.Println(a.balance) })
	// Output: 100
}

// One side waits for the value to be as it needs it. Nobody signals.
func ExampleGuarded_When() {
	queue := locks.NewGuarded([]string{})
	go queue.With(func(q *[]string) { *q = append(*q, "a message") })
	queue.When(
		func(q *[]string) bool { return len(*q) > 0 },
		func(q *[]string) { fmt.Println((*q)[0]); *q = (*q)[1:] },
	)
	// Output: a message
}

func ExampleGuarded_WhenFor() {
	g := locks.NewGuarded(0)
	done := g.WhenFor(time.Millisecond, func(n *int) bool { return *n == 10 }, func(*int) {})
	fmt.Println(done)
	// Output: false
}

func ExampleGuarded_WithContext() {
	g := locks.NewGuarded(0)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("the client has gone"))
	fmt.Println(g.WithContext(ctx, func(n *int) { *n++ }))
	// Output: the client has gone
}

func ExampleGuardedRW() {
	prices := locks.NewGuardedRW(map[string]int{"tea": 3})
	prices.With(func(p *map[string]int) { (*p)["milk"] = 2 })
	prices.Read(func(p map[string]int) { fmt.Println(p["tea"], p["milk"]) })
	// Output: 3 2
}

func ExampleGuarded_TryWith() {
	g := locks.NewGuarded(1)
	g.With(func(*int) {
		fmt.Println("beside it:", g.TryWith(func(*int) {}), g.WithFor(time.Millisecond, func(*int) {}))
	})
	fmt.Println("after it:", g.TryWith(func(n *int) { *n++ }))
	// Output:
	// beside it: false false
	// after it: true
}

func ExampleGuarded_WhenContext() {
	g := locks.NewGuarded([]string{})
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	fmt.Println(g.WhenContext(ctx,
		func(queue *[]string) bool { return len(*queue) > 0 },
		func(queue *[]string) { *queue = (*queue)[1:] }))
	// Output: context deadline exceeded
}

// While one reads, others read beside it, and who wants to write can stop waiting.
func ExampleGuardedRW_Read() {
	g := locks.NewGuardedRW(7)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	write := func(n *int) { *n++ }
	g.Read(func(n int) {
		fmt.Println("read:", g.TryRead(func(int) {}), g.ReadFor(time.Second, func(int) {}))
		fmt.Println("write:", g.TryWith(write), g.WithFor(time.Microsecond, write))
		fmt.Println("write:", g.WithContext(ctx, write))
	})
	fmt.Println("read:", g.ReadContext(context.Background(), func(int) {}))
	// Output:
	// read: true true
	// write: false false
	// write: context deadline exceeded
	// read: <nil>
}

func ExampleGuardedRW_When() {
	stage := locks.NewGuardedRW(0)
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
