// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestMain(m *testing.M) { Main(m) }

// A sleepless is a lock that was broken on purpose: it spins forever if it is held. It does so in
// one line, since it is in a test file itself.
type sleepless struct{ held atomic.Bool }

func (l *sleepless) Lock() {
	for !l.held.CompareAndSwap(false, true) {
	}
}

// hangs are ways to hang. Each must last longer than the patience of TestWatchdog's children, except
// "lives", which makes progress again and again.
var hangs = map[string]func(){
	"sleeps": func() {
		l := &toy{bug: "loses a wake-up"}
		l.Lock()
		waiting := make(chan struct{})
		go func() { close(waiting); l.Lock() }()
		<-waiting
		l.Lock()
	},
	"spins": func() {
		var l sleepless
		l.Lock()
		l.Lock()
	},
	"lives": func() {
		for range 20 {
			time.Sleep(childPatience / 10)
			done := make(chan struct{})
			go close(done)
			<-done
			signs.Add(1)
		}
	},
}

const (
	hangVariable  = "OSYNC_TEST_HANG"
	childPatience = 600 * time.Millisecond
)

// TestHang hangs in the way that its parent selects.
func TestHang(t *testing.T) {
	how := os.Getenv(hangVariable)
	if how == "" {
		t.Skip("this is for the children of TestWatchdog")
	}
	hangs[how]()
}

// TestWatchdog runs tests that hang in locks that are broken on purpose: the program must end soon, and
// show where it hangs.
func TestWatchdog(t *testing.T) {
	for how := range hangs {
		t.Run(strings.ReplaceAll(how, " ", "_"), func(t *testing.T) {
			out, err := Child(t, hangVariable+"="+how,
				"-test.run=^TestHang$", "-test.timeout=2m", "-locktest.patience="+childPatience.String())
			told := strings.Contains(string(out), "locktest: nothing has moved for ") && strings.Contains(string(out), "TestHang")
			if want := how != "lives"; told != want || (err != nil) != want {
				t.Errorf("told of a hang: %t, want %t; %v:\n%s", told, want, err, out)
			}
		})
	}
}
