// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// A builds is a build cache of the go command for mutants. In the user's own cache they would stay for days, though
// nothing uses them again, and thousands of them fill a disk.
type builds struct {
	dir  string
	most int64        // bytes; if the next check finds more, the folder is removed
	n    atomic.Int32 // builds so far
	mu   sync.RWMutex // held for reading by each build
	lock *os.File     // locked while this command has the folder
}

const lookAfter = 100 // builds; each adds some 10 MB

// openBuilds returns a cache in the folder dir, which is kept for the next command, or in temp while another command has dir.
func openBuilds(dir, temp string) (*builds, error) {
	b := &builds{dir: dir, most: 4 << 30}
	err := os.MkdirAll(dir, 0o777)
	if err != nil {
		return nil, err
	}
	if b.lock, err = lockFile(dir + ".lock"); b.lock == nil {
		b.dir = temp
	}
	return b, err
}

// run runs a command that builds.
func (b *builds) run(ctx context.Context, dir string, env, args []string) ([]byte, error) {
	if b.n.Add(1)%lookAfter == 1 {
		b.bound()
	}
	b.mu.RLock()
	defer b.mu.RUnlock()
	return command(ctx, 10*time.Minute, dir, append(env, "GOCACHE="+b.dir), args)
}

// bound removes the folder if it has become too large, while no build runs.
func (b *builds) bound() {
	b.mu.Lock()
	defer b.mu.Unlock()
	var size int64
	filepath.WalkDir(b.dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				size += info.Size()
			}
		}
		return nil
	})
	if size > b.most {
		os.RemoveAll(b.dir) // the next check finds what remains
	}
}
