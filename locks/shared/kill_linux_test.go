// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package shared_test

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

// The test binary runs itself as the processes that the tests need: with OSYNC_SHARED_ROLE it is one.
var roles = map[string]func(args []string) error{}

func TestMain(m *testing.M) {
	if role := os.Getenv("OSYNC_SHARED_ROLE"); role != "" {
		if err := roles[role](strings.Split(os.Getenv("OSYNC_SHARED_ARGS"), "\n")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// process starts this binary in a role.
func process(t testing.TB, role string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "OSYNC_SHARED_ROLE="+role, "OSYNC_SHARED_ARGS="+strings.Join(args, "\n"))
	cmd.Stderr = os.Stderr
	return cmd
}

type counters struct {
	mu   shared.Mutex
	rw   shared.RWMutex
	a, b int64
	died atomic.Int64
}

var kills = flag.Int("kills", 100, "how many processes TestKill kills")

func init() {
	roles["count"] = func(args []string) error { return count(args, add) }
	roles["rwcount"] = func(args []string) error { return count(args, addOrRead) }
}

// count adds to the counters until it is killed.
func count(args []string, work func(*counters) error) error {
	r, err := shared.OpenOrCreate(args[0], shared.SizeFor[counters]())
	if err != nil {
		return err
	}
	c, err := shared.Map[counters](r)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for range 4 {
		go func() {
			for {
				if err := work(c); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
			}
		}()
	}
	select {}
}

func add(c *counters) error {
	switch err := c.mu.Lock(); {
	case errors.Is(err, shared.ErrOwnerDied):
		if d := c.a - c.b; d != 0 && d != 1 {
			return fmt.Errorf("after a death the counters are %d and %d", c.a, c.b)
		}
		c.b = c.a
		c.died.Add(1)
		c.mu.Consistent()
	case err != nil:
		return err
	}
	if c.a != c.b {
		return fmt.Errorf("the counters are %d and %d", c.a, c.b)
	}
	c.a++
	c.b++
	c.mu.Unlock()
	return nil
}

func addOrRead(c *counters) error {
	if rand.IntN(8) > 0 {
		switch err := c.rw.RLock(); {
		case err == nil:
			a, b := c.a, c.b
			c.rw.RUnlock()
			if a != b {
				return fmt.Errorf("a reader sees %d and %d", a, b)
			}
			return nil
		case !errors.Is(err, shared.ErrOwnerDied):
			return err
		}
	}
	switch err := c.rw.Lock(); {
	case errors.Is(err, shared.ErrOwnerDied):
		c.b = c.a
		c.died.Add(1)
		c.rw.Consistent()
	case err != nil:
		return err
	}
	if c.a != c.b {
		return fmt.Errorf("a writer sees %d and %d", c.a, c.b)
	}
	c.a++
	c.b++
	c.rw.Unlock()
	return nil
}

func TestKill(t *testing.T)   { testKill(t, "count", add) }
func TestKillRW(t *testing.T) { testKill(t, "rwcount", addOrRead) }

func testKill(t *testing.T, role string, add func(*counters) error) {
	name := filepath.Join(t.TempDir(), "region")
	r, err := shared.OpenOrCreate(name, shared.SizeFor[counters]())
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c, err := shared.Map[counters](r)
	if err != nil {
		t.Fatal(err)
	}
	start := func() *exec.Cmd {
		cmd := process(t, role, name)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
			t.Fatalf("a worker said %q, %v", line, err)
		}
		go io.Copy(io.Discard, out)
		return cmd
	}
	var workers [3]*exec.Cmd
	for i := range workers {
		workers[i] = start()
	}
	var longest time.Duration
	for range *kills {
		i := rand.IntN(len(workers))
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
		workers[i].Process.Kill()
		if err := workers[i].Wait(); err != nil && workers[i].ProcessState.ExitCode() != -1 {
			t.Fatal(err)
		}
		began := time.Now()
		if err := add(c); err != nil {
			t.Fatal(err)
		}
		longest = max(longest, time.Since(began))
		workers[i] = start()
	}
	for _, w := range workers {
		w.Process.Kill()
		w.Wait()
	}
	if err := add(c); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d kills, %d of an owner, %d additions, longest wait %v", *kills, c.died.Load(), c.a, longest)
}

func BenchmarkMutex(b *testing.B) {
	r, err := shared.Anonymous(shared.SizeFor[counters]())
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	c, err := shared.Map[counters](r)
	if err != nil {
		b.Fatal(err)
	}
	for range b.N {
		c.mu.Lock()
		c.mu.Unlock()
	}
}
