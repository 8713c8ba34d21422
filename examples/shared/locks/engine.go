// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/osync-go/osync/examples/internal/terminal"
	"github.com/osync-go/osync/locks/shared"
)

// A container is what stands in the file of one. The lock with that number protects it.
type container struct {
	Lock   int
	Status string // created, starting or running
	Starts int
}

// An engine is this process's view of a folder: a file with locks, and a file for each container. Lock 0 is for the set of
// containers: a process that makes or removes one holds it.
type engine struct {
	dir   string
	locks *shared.Array
	out   io.Writer
	paint terminal.Paint
}

func openEngine(dir string, out io.Writer) (*engine, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	locks, err := shared.OpenOrCreateArray(filepath.Join(dir, "locks"), 8)
	if err != nil {
		return nil, err
	}
	e := &engine{dir, locks, out, paint(out)}
	if err := e.claimFirst(); err != nil {
		return nil, errors.Join(err, locks.Close())
	}
	return e, nil
}

func (e *engine) close() error { return e.locks.Close() }

// claimFirst sees to it that lock 0 is allocated. Several processes may do so at a time, and be killed.
func (e *engine) claimFirst() error {
	for {
		if _, err := e.locks.Mutex(0); !errors.Is(err, shared.ErrNotAllocated) {
			return err
		}
		switch n, err := e.locks.Allocate(); {
		case err != nil:
			return err
		case n == 0:
			return e.locks.Keep(0)
		default:
			if err := e.locks.Free(n); err != nil {
				return err
			}
		}
	}
}

func (e *engine) file(name string) string { return filepath.Join(e.dir, name+".json") }

func (e *engine) load(name string) (c container, err error) {
	var text []byte
	err = patiently(func() (err error) {
		text, err = os.ReadFile(e.file(name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err == nil && text == nil {
		err = fs.ErrNotExist
	}
	if errors.Is(err, fs.ErrNotExist) {
		return c, fmt.Errorf("there is no container %q", name)
	} else if err != nil {
		return c, err
	}
	return c, json.Unmarshal(text, &c)
}

// save replaces the container's file as a whole.
func (e *engine) save(name string, c container) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	next := e.file(name) + ".next"
	if err := os.WriteFile(next, text, 0o600); err != nil {
		return err
	}
	return patiently(func() error { return os.Rename(next, e.file(name)) })
}

// patiently tries again for a while what Windows refuses as long as another process reads the file.
func patiently(change func() error) error {
	err := change()
	for end := time.Now().Add(time.Minute); err != nil && runtime.GOOS == "windows" && time.Now().Before(end); err = change() {
		time.Sleep(time.Millisecond)
	}
	return err
}

// containers returns the names of all containers by their locks.
func (e *engine) containers() (map[int]string, error) {
	files, err := filepath.Glob(e.file("*"))
	if err != nil {
		return nil, err
	}
	names := map[int]string{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		c, err := e.load(name)
		if err != nil {
			return nil, err
		}
		names[c.Lock] = name
	}
	return names, nil
}

// patience is how long a process waits for a lock before it says for whom.
const patience = time.Second

// lock locks lock n, and says for whom it waits. died says that the owner before died with it.
func (e *engine) lock(n int, what string) (m *shared.Mutex, died bool, err error) {
	if m, err = e.locks.Mutex(n); err != nil {
		return nil, false, err
	}
	for {
		switch locked, err := m.TryLockFor(patience); {
		case errors.Is(err, shared.ErrOwnerDied):
			return m, true, nil
		case err != nil:
			return nil, false, err
		case locked:
			return m, false, nil
		}
		if owner, held, err := m.Owner(); err == nil && held {
			fmt.Fprintf(e.out, "%s lock %d (%s): %v%s\n", e.paint(terminal.Yellow, "stuck:"), n, what, owner, runs(owner))
		}
	}
}

// runs says what a process runs, if that is known.
func runs(o shared.Owner) string {
	if o.Foreign || !o.Alive {
		return ""
	}
	args := commandLine(o.PID)
	if len(args) == 0 {
		return ""
	}
	return fmt.Sprintf(", runs %q", strings.Join(append([]string{filepath.Base(args[0])}, args[1:]...), " "))
}

// lockSet locks the set of containers. One that died with it may have left a lock without a container, which prune frees.
func (e *engine) lockSet() (unlock func(), err error) {
	m, died, err := e.lock(0, "all containers")
	if err != nil {
		return nil, err
	}
	if died {
		m.Consistent() // files are replaced as a whole
	}
	return m.Unlock, nil
}

// create makes a container. The lock is kept before its number is written down. A kill between the two leaves a
// lock without a container, never two containers with one lock.
func (e *engine) create(name string) error {
	if name == "" || strings.ContainsAny(name, `/\*?[`) {
		return fmt.Errorf("no name for a container: %q", name)
	}
	unlock, err := e.lockSet()
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Lstat(e.file(name)); err == nil {
		return fmt.Errorf("there is a container %q", name)
	}
	n, err := e.locks.Allocate()
	if errors.Is(err, shared.ErrFull) {
		if err = e.locks.Grow(2 * e.locks.Len()); err == nil {
			n, err = e.locks.Allocate()
		}
	}
	if err != nil {
		return err
	}
	if err := e.locks.Keep(n); err != nil {
		return err
	}
	return e.save(name, container{Lock: n, Status: "created"})
}

// remove removes a container, and frees its lock after that. If a process waits for the lock meanwhile, it gets it, finds no
// container, and prune frees the lock.
func (e *engine) remove(name string) error {
	unlock, err := e.lockSet()
	if err != nil {
		return err
	}
	defer unlock()
	m, c, died, err := e.lockContainer(name)
	if err != nil {
		return err
	}
	err = patiently(func() error { return os.Remove(e.file(name)) })
	if died {
		m.Consistent() // there is nothing left to repair
	}
	m.Unlock()
	if err == nil {
		err = e.locks.Free(c.Lock)
	}
	return err
}

// lockContainer locks a container's lock, and returns the container.
func (e *engine) lockContainer(name string) (m *shared.Mutex, c container, died bool, err error) {
	for {
		before, err := e.load(name)
		if err != nil {
			return nil, c, false, err
		}
		if m, died, err = e.lock(before.Lock, name); err != nil {
			return nil, c, false, err
		}
		if c, err = e.load(name); err == nil && c.Lock == before.Lock {
			return m, c, died, nil
		}
		// The container was removed while this process waited: the lock belongs to another one, or to none.
		if died {
			m.Consistent()
		}
		m.Unlock()
	}
}

// start starts a container. The work is done with its lock held, while it is "starting": a process that is killed
// meanwhile leaves it so.
func (e *engine) start(name string, work func()) error {
	m, c, died, err := e.lockContainer(name)
	if err != nil {
		return err
	}
	defer m.Unlock()
	if died {
		fmt.Fprintf(e.out, "%s a process that died left %q %s; it is to be started anew\n", e.paint(terminal.Yellow, "repaired:"), name, c.Status)
		m.Consistent() // its file is replaced as a whole
	}
	c.Status = "starting"
	if err := e.save(name, c); err != nil {
		return err
	}
	work()
	c.Status, c.Starts = "running", c.Starts+1
	return e.save(name, c)
}

// list prints the locks.
func (e *engine) list() error {
	names, err := e.containers()
	if err != nil {
		return err
	}
	names[0] = "(all containers)"
	t := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "lock\tcontainer\tstate\n")
	n := 0
	for i, entry := range e.locks.All() {
		n++
		state := "free to take"
		switch {
		case errors.Is(entry.Err, shared.ErrNotRecoverable):
			state = "not recoverable"
		case entry.Held && !entry.Owner.Alive:
			state = "left by a process that died"
		case entry.Held:
			state = entry.Owner.String()
		}
		name, known := names[i]
		switch {
		case !entry.Kept:
			name = "(allocated by " + entry.Allocator.String() + ")"
		case !known:
			name = "(none: prune frees it)"
		}
		fmt.Fprintf(t, "%d\t%s\t%s\n", i, name, state)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%d of %d locks are allocated\n", n, e.locks.Len())
	return nil
}

// prune frees the locks that belong to no container.
func (e *engine) prune() error {
	unlock, err := e.lockSet()
	if err != nil {
		return err
	}
	defer unlock()
	names, err := e.containers()
	if err != nil {
		return err
	}
	for i, entry := range e.locks.All() {
		if _, known := names[i]; known || i == 0 || !entry.Kept {
			continue
		}
		if err := e.locks.Free(i); err != nil {
			fmt.Fprintln(e.out, err)
			continue
		}
		fmt.Fprintf(e.out, "lock %d is free: it belonged to no container\n", i)
	}
	return nil
}
