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
