// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"os"
	"path/filepath"
	"runtime/trace"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

// Record keeps the last seconds of the execution trace in memory, and writes them to a file in dir when a wait for a
// lock has lasted for threshold or longer. "go tool trace" shows the file: what every goroutine did meanwhile, and each wait
// for a lock of osync's as a region with the name of the lock.
//
// The file is written when the wait ends, so that it shows the end, too; or after 10 times threshold, as the wait may never
// end. One file is written at a time, and none before the time every has passed since the last one; some megabytes
// each, and nothing deletes them. Record calls wrote for each file, or with the error.
//
// A program has one flight recorder. If it has another one, Record returns the error of [trace.FlightRecorder.Start].
// The recorder costs a few percent of the time of a busy program.
func Record(dir string, threshold, every time.Duration, wrote func(file string, w watch.SlowWait, err error)) (stop func(), err error) {
	r := trace.NewFlightRecorder(trace.FlightRecorderConfig{
		MinAge:   20 * threshold, // twice the longest wait that is seen from its beginning
		MaxBytes: 16 << 20,       // which takes precedence
	})
	if err := r.Start(); err != nil {
		return nil, err
	}
	var mu locks.Mutex
	var last time.Time // when a file was written
	write := func(w watch.SlowWait) {
		if !w.Exclusion || !mu.TryLock() {
			return
		}
		defer mu.Unlock()
		if !last.IsZero() && time.Since(last) < every {
			return
		}
		last = time.Now()
		file, err := writeSnapshot(r, dir)
		wrote(file, w, err)
	}
	stopEnded := watch.OnSlow(threshold, func(w watch.SlowWait) {
		if w.Ended {
			write(w)
		}
	})
	stopStuck := watch.OnSlow(10*threshold, func(w watch.SlowWait) {
		if !w.Ended {
			write(w)
		}
	})
	return func() {
		stopEnded()
		stopStuck()
		r.Stop()
	}, nil
}

// writeSnapshot writes what r holds to a new file in dir, which has its name from the moment when it is complete.
func writeSnapshot(r *trace.FlightRecorder, dir string) (name string, err error) {
	f, err := os.CreateTemp(dir, "slow-wait-*.tmp")
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if _, err := r.WriteTo(f); err != nil {
		f.Close()
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	name = filepath.Join(dir, time.Now().UTC().Format("slow-wait-20060102T150405.000Z.trace"))
	return name, os.Rename(f.Name(), name)
}
