// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// Locks that are broken in one way each. The self-tests must notice.

// An openMutex always can be tried.
type openMutex struct{ sync.Mutex }

func (m *openMutex) TryLock() bool                 { return true }
func (m *openMutex) TryLockFor(time.Duration) bool { return true }

// A timedMutex is a good mutex.
type timedMutex struct{ sync.Mutex }

func (m *timedMutex) TryLockFor(d time.Duration) bool {
	time.Sleep(d)
	return m.TryLock()
}

// An impatientMutex does not wait.
type impatientMutex struct{ timedMutex }

func (m *impatientMutex) Lock() {
	if !m.TryLock() {
		panic("locked")
	}
}

// A loneMutex lets readers in one at a time.
type loneMutex struct{ timedMutex }

func (m *loneMutex) RLock()   { m.Lock() }
func (m *loneMutex) RUnlock() { m.Unlock() }

// A selfishCond wakes one where it should wake all.
type selfishCond struct{ *sync.Cond }

func (c selfishCond) Broadcast()                 { c.Signal() }
func (c selfishCond) WaitFor(time.Duration) bool { return false }

func TestSelfTestsBite(t *testing.T) {
	const hangs = "has not ended"
	for _, tt := range []struct {
		name string
		test func(c crew) error
		want string
	}{
		{"a good Mutex", func(c crew) error { return testMutex(c, new(timedMutex)) }, ""},
		{"open", func(c crew) error { return testMutex(c, new(openMutex)) }, "TryLock locked"},
		{"impatient", func(c crew) error { return testMutex(c, new(impatientMutex)) }, "panic: locked"},
		{"lone", func(c crew) error { return testRWMutex(c, new(loneMutex)) }, hangs},
		{"selfish", func(c crew) error {
			mu := new(sync.Mutex)
			return testCond(c, mu, selfishCond{sync.NewCond(mu)})
		}, hangs},
	} {
		for _, c := range []crew{goroutines, threads, mixed} {
			t.Run(tt.name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				limit := time.Minute
				if tt.want == hangs {
					limit = 200 * time.Millisecond
				}
				err := guard(limit, func() error { return tt.test(c) })
				if err == nil && tt.want != "" || err != nil && (tt.want == "" || !strings.Contains(err.Error(), tt.want)) {
					t.Errorf("%v, want %q", err, tt.want)
				}
			})
		}
	}
}
