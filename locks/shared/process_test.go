// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

// The test binary runs itself as the processes that the tests need: with OSYNC_SHARED_ROLE it is one. It prints "ready" on a
// line, and ends when its standard input does, which is when the test's process ends.
var roles = map[string]func(args []string) error{}

func TestMain(m *testing.M) {
	role := os.Getenv("OSYNC_SHARED_ROLE")
	if role == "" {
		flag.Parse()
		*kills = less(*kills)
		os.Exit(m.Run())
	}
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(2)
	}()
	if err := roles[role](strings.Split(os.Getenv("OSYNC_SHARED_ARGS"), "\n")); err != nil {
		fmt.Fprintln(os.Stderr, role+":", err)
		os.Exit(3)
	}
	os.Exit(0)
}

// less returns n, or a fifth of it with -short.
func less[N int | time.Duration](n N) N {
	if testing.Short() {
		n = max(n/5, 1)
	}
	return n
}

// startable is the error of starting this binary, if it cannot be.
var startable = sync.OnceValue(func() error { return exec.Command(os.Args[0], "-test.list=^$").Run() })

// needNative skips the test if this binary runs in an emulator of its processor: there it cannot start itself, and a fault
// does not tell its address.
func needNative(t testing.TB) {
	t.Helper()
	if err := startable(); err != nil {
		t.Skipf("this binary cannot start itself: %v", err)
	}
}

// process makes a command that runs this binary in a role.
func process(t testing.TB, role string, args ...string) *exec.Cmd {
	t.Helper()
	needNative(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "OSYNC_SHARED_ROLE="+role, "OSYNC_SHARED_ARGS="+strings.Join(args, "\n"))
	cmd.Stderr = os.Stderr
	if _, err := cmd.StdinPipe(); err != nil { // whose other end closes with this process, or by Wait
		t.Fatal(err)
	}
	return cmd
}

// worker starts a process that is killed when the test ends, and waits until it says that it is ready.
func worker(t testing.TB, role string, args ...string) *exec.Cmd {
	t.Helper()
	cmd, err := work(t, role, args...)
	if err != nil {
		t.Fatal(err)
	}
	return cmd
}

func work(t testing.TB, role string, args ...string) (*exec.Cmd, error) {
	cmd := process(t, role, args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	killed.Delete(cmd.Process.Pid)
	t.Cleanup(func() { kill(cmd) })
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		return nil, fmt.Errorf("a worker said %q, %v", line, err)
	}
	go io.Copy(io.Discard, out)
	return cmd, nil
}

// together runs a subtest at the same time as others, for those that wait most of the time.
func together(t *testing.T, all *sync.WaitGroup, name string, test func(t *testing.T)) {
	all.Go(func() { t.Run(name, test) })
}

// killed has the numbers of processes that kill has ended.
var killed sync.Map

// kill kills a worker, and returns an error if it has ended before.
func kill(cmd *exec.Cmd) error {
	defer func() { killed.Store(cmd.Process.Pid, true) }()
	cmd.Process.Kill()
	if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() > 1 { // it is 1 on Windows, and -1 elsewhere
		return fmt.Errorf("a worker has ended: %w", err)
	}
	return nil
}

// patience is how long a test waits for what must come. A busy machine may stop any process for seconds.
const patience = time.Minute

// within returns what f does, or an error if that takes very long.
func within(f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		return fmt.Errorf("the wait does not end")
	}
}

// placed makes a region that holds a T, and returns that and the region's name.
func placed[T any](t testing.TB) (p *T, name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "region")
	p, r, err := opened[T](name)
	needShared(t, err)
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, r)
	return p, name
}

// closeAtEnd closes r when the test has ended. Windows does not remove a file that is mapped, so there it waits for
// goroutines that are about to leave a call.
func closeAtEnd(t testing.TB, r *shared.Region) {
	t.Cleanup(func() {
		closed := func() bool { return !errors.Is(r.Close(), shared.ErrInUse) }
		for end := time.Now().Add(20 * time.Second); !closed() && runtime.GOOS == "windows" && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
	})
}

// needShared skips a test if err says that the system has no locks between processes.
func needShared(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, shared.ErrUnsupported) {
		t.Skip(err)
	}
}

func opened[T any](name string) (*T, *shared.Region, error) {
	r, err := shared.OpenOrCreate(name, shared.SizeFor[T]())
	if err != nil {
		return nil, nil, err
	}
	p, err := shared.Map[T](r)
	return p, r, err
}

// A progress tells on standard error how far a long test is.
type progress struct {
	what string
	all  int
	last time.Time
}

func (p *progress) at(n int) {
	if now := time.Now(); now.Sub(p.last) > 2*time.Second {
		if !p.last.IsZero() {
			fmt.Fprintf(os.Stderr, "%s: %d of %d\n", p.what, n, p.all)
		}
		p.last = now
	}
}

// until waits until a condition holds.
func until(t testing.TB, holds func() bool) {
	t.Helper()
	for began := time.Now(); !holds(); time.Sleep(100 * time.Microsecond) {
		if time.Since(began) > patience {
			t.Fatal("the wait does not end")
		}
	}
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

// threadsNow returns how many threads the process has, or 0 on other systems than Linux.
func threadsNow() (int, error) {
	if runtime.GOOS != "linux" {
		return 0, nil
	}
	entries, err := os.ReadDir("/proc/self/task")
	return len(entries), err
}

func threads(t *testing.T) int {
	n, err := threadsNow()
	if err != nil {
		t.Fatal(err)
	}
	return n
}
