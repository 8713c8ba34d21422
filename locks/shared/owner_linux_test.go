// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

type owned struct {
	mu shared.Mutex
	rw shared.RWMutex
}

func init() {
	roles["hold"] = func(args []string) error {
		r, err := shared.Open(args[0])
		if err != nil {
			return err
		}
		o, err := shared.Map[owned](r)
		if err != nil {
			return err
		}
		if err := errors.Join(o.mu.Lock(), o.rw.RLock()); err != nil {
			return err
		}
		fmt.Println("held")
		select {}
	}
}

// holder starts a process that holds the locks of a region until it is killed, or the test ends.
func holder(t *testing.T, name string, attr *syscall.SysProcAttr) *exec.Cmd {
	t.Helper()
	cmd := process(t, "hold", name)
	cmd.SysProcAttr = attr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the holder said %q, %v", line, err)
	}
	return cmd
}

func mapOwned(t *testing.T) (*owned, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "region")
	r, err := shared.Create(name, shared.SizeFor[owned]())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	o, err := shared.Map[owned](r)
	if err != nil {
		t.Fatal(err)
	}
	return o, name
}

func TestOwner(t *testing.T) {
	o, name := mapOwned(t)
	owner := func(want bool) shared.Owner {
		t.Helper()
		w, held, err := o.mu.Owner()
		if err != nil || held != want {
			t.Fatalf("Owner: %v, %v, %v", w, held, err)
		}
		return w
	}
	owner(false)
	before := time.Now().Add(-time.Second)
	p := holder(t, name, nil)
	w := owner(true)
	if w.PID != p.Process.Pid || !w.Alive || w.Stopped || w.Foreign || w.Started.Before(before) || w.Started.After(time.Now().Add(time.Second)) {
		t.Errorf("the owner is %v, not %d", w, p.Process.Pid)
	}
	if w.Since.IsZero() || w.Since.Before(before) {
		t.Errorf("held since %v", w.Since)
	}
	if s, want := w.String(), fmt.Sprintf("process %d (alive, started ", p.Process.Pid); !strings.HasPrefix(s, want) || !strings.Contains(s, "), held for at least ") {
		t.Error(s)
	}
	if again := owner(true); again.Since != w.Since {
		t.Errorf("held since %v, then since %v", w.Since, again.Since)
	}
	if readers, err := o.rw.Readers(); err != nil || len(readers) != 1 || readers[0].PID != p.Process.Pid || !readers[0].Alive {
		t.Errorf("the readers are %v, %v", readers, err)
	}

	p.Process.Signal(syscall.SIGSTOP)
	for end := time.Now().Add(patience); !owner(true).Stopped; {
		if time.Now().After(end) {
			t.Fatal("a stopped process is not told as stopped")
		}
	}
	if w := owner(true); !w.Alive {
		t.Error("a stopped process is told as dead:", w)
	}

	p.Process.Kill()
	p.Wait()
	if w := owner(true); w.Alive || w.Stopped {
		t.Error("a dead owner is told as alive:", w)
	}
	if readers, err := o.rw.Readers(); err != nil || len(readers) != 0 {
		t.Errorf("the readers are %v, %v", readers, err)
	}

	died := time.Now()
	if err := o.mu.Lock(); err != shared.ErrOwnerDied {
		t.Fatal(err)
	}
	if w := owner(true); w.PID != os.Getpid() || !w.Alive || w.Since.Before(died) {
		t.Errorf("the owner is %v since %v, not this process", w, w.Since)
	}
	o.mu.Consistent()
	o.mu.Unlock()
	owner(false)
}

// TestOwnerSince has a process wait for a lock, which notes the time.
func TestOwnerSince(t *testing.T) {
	o, _ := mapOwned(t)
	for range 2 {
		if err := o.mu.Lock(); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if ok, err := o.mu.TryLockFor(20 * time.Millisecond); ok || err != nil {
			t.Fatal(ok, err)
		}
		waited := time.Now()
		if w, held, err := o.mu.Owner(); err != nil || !held || w.Since.Before(began.Round(0)) || !w.Since.Before(waited.Round(0)) {
			t.Errorf("held %v since %v, not %v; %v", held, w.Since, began, err)
		}
		o.mu.Unlock()
	}
}

func TestOwnerForeign(t *testing.T) {
	o, name := mapOwned(t)
	p := holder(t, name, &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID})
	if w, held, err := o.mu.Owner(); err != nil || !held || !w.Foreign || w.PID != 1 || !w.Alive {
		t.Errorf("the owner is %v, %v, %v", w, held, err)
	} else if s := w.String(); !strings.HasPrefix(s, "process 1 of another pid namespace (alive, started ") {
		t.Error(s)
	}
	p.Process.Kill()
	p.Wait()
	if err := o.mu.Lock(); err != shared.ErrOwnerDied {
		t.Error(err)
	}
}

func TestOwnerString(t *testing.T) {
	began := time.Now().Add(-time.Minute)
	for _, c := range []struct {
		o    shared.Owner
		want string
	}{
		{shared.Owner{}, "a process (dead)"},
		{shared.Owner{PID: 4711, Alive: true}, "process 4711 (alive)"},
		{shared.Owner{PID: 4711, Alive: true, Stopped: true, Since: began}, "process 4711 (stopped), held for at least 1m0s"},
		{shared.Owner{PID: 4711, Started: time.Date(2020, 1, 2, 12, 3, 4, 0, time.Local)}, "process 4711 (dead, started 2020-01-02 12:03:04)"},
		{shared.Owner{PID: 3, Foreign: true, Alive: true}, "process 3 of another pid namespace (alive)"},
	} {
		if got := c.o.String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
