// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/examples/watch/internal/shop"
	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

func Test(t *testing.T) {
	if err := run(t.Output(), t.TempDir(), 20*time.Millisecond); err != nil {
		t.Error(err)
	}
}

const threshold = 10 * time.Millisecond

// A snapshot is a call of wrote.
type snapshot struct {
	file string
	wait watch.SlowWait
	err  error
}

func record(t *testing.T, dir string, every time.Duration) (snapshots chan snapshot, stop func()) {
	t.Helper()
	snapshots = make(chan snapshot, 100)
	stop, err := Record(dir, threshold, every, func(file string, w watch.SlowWait, err error) {
		snapshots <- snapshot{file, w, err}
	})
	if err != nil {
		t.Fatal(err)
	}
	return snapshots, stop
}

func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestRecord has slow waits, for the first of which there is a file.
func TestRecord(t *testing.T) {
	dir := t.TempDir()
	snapshots, stop := record(t, dir, time.Hour)
	shop.New("recorded").Open(2, 5*threshold, 5*threshold, 5*threshold)
	stop()
	close(snapshots)
	first := <-snapshots
	if first.err != nil || first.wait.Lock.Name != "recorded" || first.wait.Lasted < threshold {
		t.Fatalf("%+v", first)
	}
	if more, ok := <-snapshots; ok {
		t.Errorf("a second snapshot in the same hour: %+v", more)
	}
	if names := files(t, dir); len(names) != 1 || filepath.Join(dir, names[0]) != first.file || !strings.HasSuffix(names[0], ".trace") {
		t.Errorf("there are %q, want %s", names, first.file)
	}
	text, err := os.ReadFile(first.file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(text, []byte("go 1.")) || !bytes.Contains(text, []byte("osync: recorded")) {
		t.Errorf("%d bytes are no trace, or have no region of the wait", len(text))
	}
}

// TestRecordStuck has a lock that is unlocked only when there is a file.
func TestRecordStuck(t *testing.T) {
	snapshots, stop := record(t, t.TempDir(), time.Hour)
	defer stop()
	var m locks.Mutex
	m.Lock()
	done := make(chan struct{})
	go func() {
		defer close(done)
		m.Lock()
	}()
	locktest.Eventually(t, "a snapshot while the wait lasts", func() bool { return len(snapshots) > 0 })
	s := <-snapshots
	if s.err != nil || s.wait.Ended || s.wait.Lasted < 10*threshold {
		t.Errorf("%+v", s)
	}
	m.Unlock()
	<-done
	m.Unlock()
}

// TestRecordEvery has waits until there is a second file.
func TestRecordEvery(t *testing.T) {
	dir := t.TempDir()
	snapshots, stop := record(t, dir, threshold)
	defer stop()
	s := shop.New("every")
	locktest.Eventually(t, "a second snapshot", func() bool {
		s.Open(1, 2*threshold)
		return len(snapshots) > 1
	})
}

func TestRecordErrors(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	snapshots, stop := record(t, dir, time.Hour)
	if _, err := Record(dir, threshold, time.Hour, nil); err == nil {
		t.Error("no error from a second flight recorder")
	}
	shop.New("errors").Open(1, 5*threshold)
	stop()
	if s := <-snapshots; s.err == nil || s.file != "" {
		t.Errorf("a file was written to a folder that is not there: %+v", s)
	}
}
