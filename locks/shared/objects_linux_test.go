// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package shared_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

// placed makes a region that holds a T, and returns that and the region's name.
func placed[T any](t testing.TB) (p *T, name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "region")
	p, r, err := opened[T](name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return p, name
}

func opened[T any](name string) (*T, *shared.Region, error) {
	r, err := shared.OpenOrCreate(name, shared.SizeFor[T]())
	if err != nil {
		return nil, nil, err
	}
	p, err := shared.Map[T](r)
	return p, r, err
}

// worker starts a process that is killed when the test ends, and waits until it says that it is ready.
func worker(t testing.TB, role string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := process(t, role, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(cmd) })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("a worker said %q, %v", line, err)
	}
	go io.Copy(io.Discard, out)
	return cmd
}

// kill kills a worker, and returns an error if it has ended before.
func kill(cmd *exec.Cmd) error {
	cmd.Process.Kill()
	if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() != -1 {
		return fmt.Errorf("a worker has ended: %w", err)
	}
	return nil
}

// killing kills workers at random times and starts others. check is called after each kill, with the number of those
// that live.
func killing(t *testing.T, role, name string, n int, check func(alive int) error) {
	t.Helper()
	workers := make([]*exec.Cmd, n)
	for i := range workers {
		workers[i] = worker(t, role, name)
	}
	for range max(*kills/10, 1) {
		i := rand.IntN(len(workers))
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
		if err := kill(workers[i]); err != nil {
			t.Fatal(err)
		}
		if err := within(func() error { return check(n - 1) }); err != nil {
			t.Fatal(err)
		}
		workers[i] = worker(t, role, name)
	}
	for _, w := range workers {
		if err := kill(w); err != nil {
			t.Fatal(err)
		}
	}
	if err := within(func() error { return check(0) }); err != nil {
		t.Fatal(err)
	}
}

// within returns what f does, or an error if that takes very long.
func within(f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(20 * time.Second):
		return fmt.Errorf("the wait does not end")
	}
}

// crowded runs n goroutines that wait, and then ends their waits. It fails if they cost threads.
func crowded(t *testing.T, n int, wait func() error, end func() error) {
	t.Helper()
	before := threads(t)
	var wg sync.WaitGroup
	var begun sync.WaitGroup
	begun.Add(n)
	for range n {
		wg.Go(func() {
			begun.Done()
			if err := wait(); err != nil {
				t.Error(err)
			}
		})
	}
	begun.Wait()
	time.Sleep(20 * time.Millisecond) // most of them sleep by now
	if more := threads(t) - before; more > 12 {
		t.Errorf("%d waiting goroutines have %d threads", n, more)
	}
	if err := within(func() error { return endAll(&wg, end) }); err != nil {
		t.Fatal(err)
	}
}

// endAll calls end until all have done.
func endAll(wg *sync.WaitGroup, end func() error) error {
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for {
		if err := end(); err != nil {
			return err
		}
		select {
		case <-done:
			return nil
		case <-time.After(time.Millisecond):
		}
	}
}

// soon returns a context that is done soon.
func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

func mustPanic(t *testing.T, what string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s does not panic", what)
		}
	}()
	f()
}
