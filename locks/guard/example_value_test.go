// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package guard_test

import (
	"context"
	"fmt"
	"time"

	"github.com/osync-go/osync/locks/guard"
	"github.com/osync-go/osync/locks/park"
)

type jobs []string

func (j *jobs) filled() bool { return len(*j) > 0 }
func (j *jobs) length() int  { return len(*j) }

func (j *jobs) pop() string {
	job := (*j)[0]
	*j = (*j)[1:]
	return job
}

// Method expressions turn the methods of a value into functions.
func ExampleWith() {
	g := guard.NewMutex(jobs{"wash", "dry"})
	fmt.Println(guard.With(g, (*jobs).pop), guard.With(g, (*jobs).length))
	// Output: wash 1
}

func ExampleWhen() {
	g := guard.NewMutex(jobs{})
	go g.With(func(j *jobs) { *j = append(*j, "wash") })
	fmt.Println(guard.When(g, (*jobs).filled, (*jobs).pop))
	// Output: wash
}

func ExampleWhenContext() {
	g := guard.NewMutex(jobs{"wash"})
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for {
		job, err := guard.WhenContext(ctx, g, (*jobs).filled, (*jobs).pop)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(job)
		cancel()
	}
	// Output:
	// wash
	// context canceled
}

func ExampleRead() {
	prices := guard.NewRWMutex(map[string]int{"tea": 3, "milk": 2})
	fmt.Println(guard.Read(prices, func(p map[string]int) int { return p["tea"] }))
	// Output: 3
}

// A value that is replaced as a whole, such as a configuration.
func ExampleMutex_Load() {
	type config struct{ level int }
	g := guard.NewMutex(config{1})
	g.Store(config{2})
	fmt.Println(g.Swap(config{3}), g.Load())
	// Output: {2} {3}
}

// One deadline for a condition and for another lock.
func ExampleMutex_WhenLimit() {
	g, log := guard.NewMutex(jobs{"wash"}), guard.NewMutex([]string{})
	limit := park.Until(time.Now().Add(time.Second))
	err := g.WhenLimit(limit, (*jobs).filled, func(j *jobs) {
		job := j.pop()
		log.WithLimit(limit, func(l *[]string) { *l = append(*l, job) })
	})
	fmt.Println(err, log.Load())
	// Output: <nil> [wash]
}
