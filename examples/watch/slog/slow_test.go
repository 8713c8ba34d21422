// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/examples/internal/programtest"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

func Test(t *testing.T) {
	programtest.Run(t, func(out io.Writer) error { return run(out, 20*time.Millisecond, false) })
}

// An entry is what a test looks at of a line of the log.
type entry struct {
	Level, Msg string
	Lasted     time.Duration
	Lock       struct{ Name, Type string }
	Waiter     struct {
		Goroutine uint64
		For, At   string
	}
	Unlocker struct {
		Goroutine uint64
		At        string
	}
}

// A lockedBuffer may be read while others write to it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func entries(t *testing.T, log string) (all []entry) {
	t.Helper()
	t.Log("\n" + log)
	for d := json.NewDecoder(strings.NewReader(log)); d.More(); {
		var e entry
		if err := d.Decode(&e); err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

// TestLog has a slow holder of a lock, until the wait for it is logged while it lasts, at two levels.
func TestLog(t *testing.T) {
	var log lockedBuffer
	const threshold = 10 * time.Millisecond
	stop := Log(slog.New(slog.NewJSONHandler(&log, nil)), threshold)
	var m locks.Mutex
	watch.Name(&m, "logged")
	m.Lock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		waitHere(&m)
	}()
	locktest.Eventually(t, "a warning while the wait lasts", func() bool { return strings.Contains(log.String(), `"WARN"`) })
	unlockHere(&m)
	<-done
	m.Unlock()
	stop()

	ended := 0
	for _, e := range entries(t, log.String()) {
		if e.Lasted < threshold || e.Lock.Name != "logged" || e.Lock.Type != "locks.Mutex" || e.Waiter.Goroutine == 0 || e.Waiter.For != "lock" {
			t.Errorf("%+v", e)
		}
		if want := levelFor(e.Lasted, threshold); e.Level != want {
			t.Errorf("a wait of %v is logged as %s, want %s", e.Lasted, e.Level, want)
		}
		switch {
		case e.Msg == "waits for a lock" && ended == 0:
			if e.Unlocker.Goroutine != 0 {
				t.Errorf("a wait that lasts was ended by %+v", e.Unlocker)
			}
		case e.Msg == "waited for a lock":
			ended++
			if !strings.Contains(e.Waiter.At, "slog.waitHere slow_test.go:") {
				t.Errorf("%q waited, want waitHere", e.Waiter.At)
			}
			if e.Unlocker.Goroutine == 0 || !strings.Contains(e.Unlocker.At, "slog.unlockHere slow_test.go:") {
				t.Errorf("the wait was ended by %+v, want unlockHere", e.Unlocker)
			}
		default:
			t.Errorf("%+v", e)
		}
	}
	if ended != 1 {
		t.Errorf("%d waits ended, want 1", ended)
	}
}

//go:noinline
func waitHere(m *locks.Mutex) { m.Lock() }

//go:noinline
func unlockHere(m *locks.Mutex) { m.Unlock() }

func levelFor(d, threshold time.Duration) string {
	switch {
	case d < 10*threshold:
		return "INFO"
	case d < 100*threshold:
		return "WARN"
	}
	return "ERROR"
}

// TestLogWait has waits that are not those of Reload.
func TestLogWait(t *testing.T) {
	var log bytes.Buffer
	l := slog.New(slog.NewJSONHandler(&log, nil))
	var m locks.Mutex
	watch.Name(&m, "m")
	w := watch.SlowWait{Wait: watch.Wait{Lock: watch.Lock{Name: "m"}}, Ended: true, Lasted: time.Second}
	logWait(l, w, time.Millisecond)
	if log.Len() > 0 {
		t.Errorf("a wait for something to happen is logged: %s", &log)
	}
	w.Exclusion, w.LimitReached, w.Dropped = true, true, 3
	logWait(l, w, time.Millisecond)
	var got map[string]any
	if err := json.Unmarshal(log.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got["level"] != "ERROR" || got["limit_reached"] != true || got["dropped"] != 3.0 || got["unlocker"] != nil {
		t.Errorf("logged: %v", got)
	}
}
