// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package shared_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/allocs"
	"github.com/osync-go/osync/locks/shared"
	"github.com/osync-go/osync/sys/futex"
)

// counted is struct counters of testdata/pthreadmutex.c.
type counted struct {
	mu    shared.PthreadMutex
	a, b  int64
	died  int64
	added [2]int64 // by C and by Go
}

func init() {
	roles["pthread add"] = func(args []string) error {
		c, _, err := opened[counted](args[0])
		if err != nil {
			return err
		}
		fmt.Println("ready")
		failed := make(chan error)
		for range 4 {
			go func() {
				for {
					if err := c.add(); err != nil {
						failed <- err
					}
				}
			}()
		}
		return <-failed
	}
	roles["pthread hold"] = func(args []string) error {
		c, _, err := opened[counted](args[0])
		if err != nil {
			return err
		}
		if err := c.mu.Lock(); err != nil {
			return err
		}
		c.a++
		fmt.Println("ready")
		time.Sleep(time.Hour)
		return nil
	}
	roles["pend"] = func(args []string) error {
		word, _, err := opened[atomic.Uint32](args[0])
		if err != nil {
			return err
		}
		shared.Pend(word)
		fmt.Println("ready")
		time.Sleep(time.Hour)
		return nil
	}
}

// add adds to the counters, as add in C does.
func (c *counted) add() error {
	switch err := c.mu.Lock(); {
	case errors.Is(err, shared.ErrOwnerDied):
		if d := c.a - c.b; d != 0 && d != 1 {
			return fmt.Errorf("after a death the counters are %d and %d", c.a, c.b)
		}
		c.b = c.a
		c.died++
		c.mu.Consistent()
	case err != nil:
		return err
	}
	defer c.mu.Unlock()
	if c.a != c.b {
		return fmt.Errorf("the counters are %d and %d", c.a, c.b)
	}
	c.a++
	c.b++
	c.added[1]++
	return nil
}

// counting makes a region that holds counters, with a mutex.
func counting(t *testing.T) (c *counted, name string) {
	t.Helper()
	c, name = placed[counted](t)
	if err := c.mu.Init(); err != nil {
		t.Fatal(err)
	}
	return c, name
}

func wantErr(t *testing.T, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

// wantTry checks what a method returns that tries.
func wantTry(t *testing.T, what string, got bool, err error, want bool) {
	t.Helper()
	if got != want || err != nil {
		t.Fatalf("%s: %v, %v; want %v", what, got, err, want)
	}
}

func TestPthreadMutex(t *testing.T) {
	c, _ := placed[counted](t)
	wantErr(t, "lock of zeros", c.mu.Lock(), shared.ErrKind)
	_, err := c.mu.TryLock()
	wantErr(t, "try of zeros", err, shared.ErrKind)
	for range 2 {
		wantErr(t, "init", c.mu.Init(), nil)
	}
	mustPanic(t, "unlock of an unlocked mutex", c.mu.Unlock)

	wantErr(t, "lock", c.mu.Lock(), nil)
	wantErr(t, "init of a locked mutex", c.mu.Init(), nil)
	locked, err := c.mu.TryLock()
	wantTry(t, "try", locked, err, false)
	locked, err = c.mu.TryLockFor(time.Millisecond)
	wantTry(t, "try for a time", locked, err, false)
	wantErr(t, "lock with a context", c.mu.LockContext(soon(t)), context.DeadlineExceeded)

	// The others wait in the process, and the first of them in the kernel.
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			var err error
			switch i % 3 {
			case 0:
				err = c.mu.Lock()
			case 1:
				_, err = c.mu.TryLockFor(time.Hour)
			case 2:
				err = c.mu.LockContext(t.Context())
			}
			if err != nil {
				t.Error(err)
				return
			}
			c.a++
			c.mu.Unlock()
		})
	}
	c.mu.Unlock()
	wg.Wait()
	locked, err = c.mu.TryLock()
	wantTry(t, "try", locked, err, true)
	if c.a != 8 {
		t.Errorf("%d have locked, want 8", c.a)
	}
	c.mu.Unlock()
	if n := shared.PthreadUsers(&c.mu); n != 0 {
		t.Errorf("an unlocked mutex has %d users", n)
	}
}

func TestPthreadMutexAllocatesNothing(t *testing.T) {
	c, _ := counting(t)
	if n := allocs.PerRun(t, 100, func() { c.mu.Lock(); c.mu.Unlock() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestPthreadMutexStale finds a word with the number of a thread that has ended, which the kernel has not marked.
func TestPthreadMutexStale(t *testing.T) {
	c, _ := counting(t)
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Skip(err)
	}
	(*atomic.Uint32)(unsafe.Pointer(&c.mu)).Store(uint32(ended.ProcessState.Pid()))
	wantErr(t, "lock", within(c.mu.Lock), shared.ErrOwnerDied)
	c.mu.Consistent()
	c.mu.Unlock()
	wantErr(t, "lock", c.mu.Lock(), nil)
	c.mu.Unlock()
}

// TestPending has processes die that may have had a wake. Others that sleep on the word, and do not look at it from time to
// time, are woken.
func TestPending(t *testing.T) {
	word, name := placed[atomic.Uint32](t)
	woken := make(chan error, 1)
	began := time.Now()
	go func() { woken <- futex.WaitUntil(word, 0, began.Add(2*patience), futex.Shared) }()
	for time.Since(began) < patience { // it may not sleep yet when the first is killed
		if err := kill(worker(t, "pend", name)); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-woken:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
	t.Fatal("nobody is woken")
}

// A cProgram is testdata/pthreadmutex.c.
type cProgram string

// compiled compiles it. It skips the test if there is no C compiler for the GNU C library.
func compiled(t *testing.T) cProgram {
	t.Helper()
	needNative(t)
	cc, err := exec.LookPath("cc")
	if err != nil {
		if cc, err = exec.LookPath("gcc"); err != nil {
			t.Skip("no C compiler: ", err)
		}
	}
	program := filepath.Join(t.TempDir(), "pthreadmutex")
	args := []string{"-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-I.", "-o", program, "testdata/pthreadmutex.c"}
	if unsafe.Sizeof(uintptr(0)) == 4 {
		args = append(args, "-m32")
	}
	if out, err := exec.Command(cc, args...).CombinedOutput(); err != nil {
		for _, missing := range []string{"needs Linux and the GNU C library", "No such file", "not found", "cannot find", "unrecognized"} {
			if strings.Contains(string(out), missing) {
				t.Skipf("%s cannot compile for this machine and the GNU C library: %v\n%s", cc, err, out)
			}
		}
		t.Fatalf("%s: %v\n%s", cc, err, out)
	}
	return cProgram(program)
}

func (p cProgram) worker(t *testing.T, role, name string) *exec.Cmd {
	t.Helper()
	cmd, _, out := p.start(t, role, name)
	go io.Copy(io.Discard, out)
	return cmd
}

func (p cProgram) start(t *testing.T, role, name string) (*exec.Cmd, io.Writer, *bufio.Reader) {
	t.Helper()
	cmd := exec.Command(string(p), role, name)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var errs strings.Builder
	cmd.Stderr = &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		kill(cmd)
		if errs.Len() > 0 {
			t.Error("C: ", errs.String())
		}
	})
	out := bufio.NewReader(stdout)
	if line, err := out.ReadString('\n'); line != "ready\n" {
		t.Fatalf("C said %q, %v", line, err)
	}
	return cmd, in, out
}

// A cThread is a C program with one thread, which obeys commands.
type cThread struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.Writer
	out *bufio.Reader
}

func (p cProgram) thread(t *testing.T, name string) *cThread {
	t.Helper()
	c := &cThread{t: t}
	c.cmd, c.in, c.out = p.start(t, "obey", name)
	return c
}

// tell tells the thread to call a function, whose result ends.
func (c *cThread) tell(call string) {
	c.t.Helper()
	if _, err := io.WriteString(c.in, call+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

// result waits for what the function returns.
func (c *cThread) result(call, want string) {
	c.t.Helper()
	var line string
	if err := within(func() (err error) { line, err = c.out.ReadString('\n'); return err }); err != nil {
		c.t.Fatal(call, err)
	}
	if got := strings.TrimSpace(line); got != want {
		c.t.Fatalf("C: %s returns %s, want %s", call, got, want)
	}
}

func (c *cThread) call(call, want string) {
	c.t.Helper()
	c.tell(call)
	c.result(call, want)
}

func (c *cThread) kill() {
	c.t.Helper()
	if err := kill(c.cmd); err != nil {
		c.t.Fatal(err)
	}
}

func TestPthreadMutexC(t *testing.T) {
	program := compiled(t)
	goHolder := func(t *testing.T, name string) { // that dies
		t.Helper()
		if err := kill(worker(t, "pthread hold", name)); err != nil {
			t.Fatal(err)
		}
	}

	t.Run("layout", func(t *testing.T) {
		out, err := exec.Command(string(program), "layout").Output()
		if err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprintln(shared.PthreadLayout()...), string(out); got != want {
			t.Errorf("size, alignment, and places of lock, count, owner, nusers and kind are %s, want %s", got, want)
		}
	})

	t.Run("open", func(t *testing.T) {
		_, name := counting(t)
		region := func(change func(r *shared.Region) error) string {
			name := filepath.Join(t.TempDir(), "region")
			_, r, err := opened[counted](name)
			if err == nil {
				err = change(r)
			}
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { r.Close() })
			return name
		}
		write := func(at int64, b ...byte) func(r *shared.Region) error {
			return func(r *shared.Region) error { _, err := r.File().WriteAt(b, at); return err }
		}
		for _, c := range []struct {
			what, name string
			want       syscall.Errno
		}{
			{"a region", name, 0},
			{"no file", name + "no", syscall.ENOENT},
			{"a directory", filepath.Dir(name), syscall.EISDIR},
			{"a device", "/dev/null", syscall.EILSEQ},
			{"another magic", region(write(0, 'x')), syscall.EILSEQ},
			{"another version", region(write(8, 2, 0, 0, 2)), syscall.EPROTO},
			{"another order", region(write(12, 9)), syscall.EPROTO},
			{"one that is not complete", region(write(24, 0, 0, 0, 0)), syscall.EAGAIN},
			{"a truncated one", region(func(r *shared.Region) error { return r.File().Truncate(65536) }), syscall.EOVERFLOW},
		} {
			out, err := exec.Command(string(program), "open", c.name).Output()
			if got, want := string(out), fmt.Sprintln(int(c.want)); got != want || err != nil {
				t.Errorf("open of %s: %q, %v; want %q", c.what, got, err, want)
			}
		}
	})

	t.Run("kinds", func(t *testing.T) {
		m, name := counting(t)
		c := program.thread(t, name)
		c.call("init", "ok")
		c.call("plain", "ok")
		c.call("init", "Invalid argument")
		wantErr(t, "init of a mutex that is not robust", m.mu.Init(), shared.ErrKind)
		wantErr(t, "lock of a mutex that is not robust", m.mu.Lock(), shared.ErrKind)
		wantErr(t, "lock with a context of a mutex that is not robust", m.mu.LockContext(t.Context()), shared.ErrKind)
		c.call("pthread_mutex_init", "ok")
		wantErr(t, "lock of a mutex that C has made", m.mu.Lock(), nil)
		m.mu.Unlock()
	})

	t.Run("exclusion", func(t *testing.T) {
		m, name := counting(t)
		c := program.thread(t, name)
		c.call("lock", "ok")
		locked, err := m.mu.TryLock()
		wantTry(t, "try", locked, err, false)
		if o, held, err := m.mu.Owner(); !held || o.PID != c.cmd.Process.Pid || !o.Alive || err != nil {
			t.Errorf("the owner is %v, %v, %v", o, held, err)
		}
		// Longer than the time after which Go looks whether the owner lives.
		locked, err = m.mu.TryLockFor(250 * time.Millisecond)
		wantTry(t, "try for a time", locked, err, false)
		wantErr(t, "lock with a context", m.mu.LockContext(soon(t)), context.DeadlineExceeded)
		mustPanic(t, "unlock of what C holds", m.mu.Unlock)
		m.mu.Consistent() // does nothing
		got := make(chan error)
		go func() { got <- m.mu.Lock() }()
		c.call("unlock", "ok")
		wantErr(t, "lock", <-got, nil)
		if o, held, err := m.mu.Owner(); !held || o.PID != os.Getpid() || !o.Alive || err != nil {
			t.Errorf("the owner is %v, %v, %v", o, held, err)
		}
		c.call("trylock", "EBUSY")
		c.call("timedlock", "ETIMEDOUT")
		c.call("unlock", "EPERM")
		c.tell("lock")
		m.mu.Unlock()
		c.result("lock", "ok")
		c.call("unlock", "ok")
		if n := shared.PthreadUsers(&m.mu); n != 0 {
			t.Errorf("an unlocked mutex has %d users", n)
		}
		if o, held, err := m.mu.Owner(); held || err != nil {
			t.Errorf("the owner of an unlocked mutex is %v, %v", o, err)
		}
	})

	t.Run("a death of C", func(t *testing.T) {
		m, name := counting(t)
		c, waiter := program.thread(t, name), program.thread(t, name)
		c.call("lock", "ok")
		got := make(chan error, 1)
		go func() { got <- m.mu.LockContext(t.Context()) }()
		c.kill()
		wantErr(t, "lock", within(func() error { return <-got }), shared.ErrOwnerDied)
		waiter.tell("lock")
		m.mu.Consistent()
		m.mu.Unlock()
		waiter.result("lock", "ok")
		waiter.kill()
		wantErr(t, "lock", within(m.mu.Lock), shared.ErrOwnerDied)
		waiter = program.thread(t, name)
		waiter.tell("lock")
		m.mu.Unlock()
		waiter.result("lock", "ENOTRECOVERABLE")
		wantErr(t, "lock", within(m.mu.Lock), shared.ErrNotRecoverable)
		locked, err := m.mu.TryLock()
		if locked || !errors.Is(err, shared.ErrNotRecoverable) {
			t.Fatalf("try: %v, %v", locked, err)
		}
	})

	t.Run("a death of Go", func(t *testing.T) {
		m, name := counting(t)
		c := program.thread(t, name)
		goHolder(t, name)
		c.call("lock", "EOWNERDEAD")
		c.call("consistent", "ok")
		c.call("unlock", "ok")
		wantErr(t, "lock", m.mu.Lock(), nil)
		m.mu.Unlock()

		holder := worker(t, "pthread hold", name)
		c.tell("lock") // waits, or comes later
		if err := kill(holder); err != nil {
			t.Fatal(err)
		}
		c.result("lock", "EOWNERDEAD")
		got := make(chan error, 1)
		go func() { got <- m.mu.Lock() }()
		c.call("unlock", "ok")
		wantErr(t, "lock", within(func() error { return <-got }), shared.ErrNotRecoverable)
		c.call("timedlock", "ENOTRECOVERABLE")
		c.call("trylock", "ENOTRECOVERABLE") // and leaves the word locked
		wantErr(t, "lock", within(m.mu.Lock), shared.ErrNotRecoverable)
	})

	t.Run("kills", func(t *testing.T) {
		m, name := counting(t)
		var workers [4]*exec.Cmd
		start := func(i int) {
			if i%2 == 0 {
				workers[i] = program.worker(t, "add", name)
			} else {
				workers[i] = worker(t, "pthread add", name)
			}
		}
		for i := range workers {
			start(i)
		}
		n := max(*kills*6/10, 1)
		for k := range n {
			i := rand.IntN(2)*2 + k%2
			time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
			if err := kill(workers[i]); err != nil {
				t.Fatal(err)
			}
			if err := within(m.add); err != nil {
				t.Fatal(err)
			}
			start(i)
		}
		for _, w := range workers {
			if err := kill(w); err != nil {
				t.Fatal(err)
			}
		}
		if err := within(m.add); err != nil {
			t.Fatal(err)
		}
		if got := m.added[0] + m.added[1]; m.a < got || m.a > got+int64(n)+4 {
			t.Errorf("%d additions are noted, and the counter is %d", got, m.a)
		}
		t.Logf("%d kills, %d of an owner; additions: %d by C, %d by Go", n, m.died, m.added[0], m.added[1])
	})
}
