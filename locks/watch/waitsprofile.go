// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"fmt"
	"io"
	"time"

	"github.com/osync-go/osync/locks/watch/internal/profile"
)

func init() {
	profile.Register("osync.waits", writeWaits, func() int { return len(Waits()) })
}

// writeWaits writes the current waits as a profile: for each stack, their number and the sum of their ages.
func writeWaits(w io.Writer, debug int) error {
	p := profile.Profile{Types: []profile.Type{{Name: "age", Unit: "nanoseconds"}, {Name: "waits", Unit: "count"}}, Time: time.Now()}
	place := map[string]int{}
	for _, wait := range WaitsWithStacks() {
		key := fmt.Sprint(wait.Lock, wait.For, wait.Stack)
		i, known := place[key]
		if !known {
			i = len(p.Samples)
			place[key] = i
			stack := wait.Stack
			if stack == nil {
				stack = Stack{{Function: "stack is not known"}}
			}
			p.Samples = append(p.Samples, profile.Sample{
				Values: make([]int64, 2),
				Stack:  stack,
				Labels: []profile.Label{
					{Key: "lock", Value: wait.Lock.Name},
					{Key: "type", Value: wait.Lock.Type},
					{Key: "address", Value: fmt.Sprintf("%#x", wait.Lock.Addr)},
					{Key: "for", Value: wait.For},
				},
			})
		}
		p.Samples[i].Values[0] += int64(wait.age(p.Time))
		p.Samples[i].Values[1]++
	}
	return p.Write(w, debug)
}

// age returns how long the wait has lasted, or 0 if that is unknown.
func (w *Wait) age(now time.Time) time.Duration {
	if w.Since.IsZero() {
		return 0
	}
	return max(now.Sub(w.Since), 0)
}
