// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
	"github.com/osync-go/osync/sys/linux"
)

// A life is what a process is about to die with.
type life struct {
	mu    shared.Mutex
	rw    shared.RWMutex
	child atomic.Int32
	noise [8]atomic.Int64 // changes all the time, by the threads of the owner
}

// lockLife locks all, and then ends in some way.
func lockLife(name string, end func(l *life) error) error {
	l, _, err := opened[life](name)
	if err != nil {
		return err
	}
	if err := errors.Join(l.mu.Lock(), l.rw.Lock()); err != nil {
		return err
	}
	return end(l)
}

func init() {
	for how, end := range ends {
		roles["life, "+how] = func(args []string) error { return lockLife(args[0], end) }
	}
	// A child inherits the region's file.
	roles["life, parent"] = func(args []string) error {
		r, err := shared.Open(args[0])
		if err != nil {
			return err
		}
		l, err := shared.Map[life](r)
		if err != nil {
			return err
		}
		if err := errors.Join(l.mu.Lock(), l.rw.Lock()); err != nil {
			return err
		}
		child := exec.Command("cat") // ends with the test
		child.Stdin = os.Stdin
		child.ExtraFiles = []*os.File{r.File()}
		if err := child.Start(); err != nil {
			return err
		}
		l.child.Store(int32(child.Process.Pid))
		fmt.Println("ready")
		select {}
	}
	roles["life, noisy"] = func(args []string) error {
		return lockLife(args[0], func(l *life) error {
			for i := range l.noise {
				go func() {
					runtime.LockOSThread()
					for {
						l.noise[i].Add(1)
					}
				}()
			}
			fmt.Println("ready")
			select {}
		})
	}
	// A thread ends that has locked. The process does not.
	roles["life, thread"] = func(args []string) error {
		return lockLife(args[0], func(l *life) error {
			l.mu.Unlock()
			locked, thread := make(chan error), 0
			go func() {
				runtime.LockOSThread() // until it ends, with its thread
				thread = linux.Gettid()
				locked <- l.mu.Lock()
			}()
			if err := <-locked; err != nil {
				return err
			}
			for err := error(nil); err == nil && thread != os.Getpid(); { // the main thread does not end
				_, err = os.Stat(fmt.Sprintf("/proc/self/task/%d", thread))
			}
			fmt.Println("ready")
			for l.child.Load() == 0 {
				time.Sleep(time.Millisecond)
			}
			l.mu.Unlock()
			select {}
		})
	}
}

// ends are ways in which a process ends.
var ends = map[string]func(*life) error{
	"exit":   func(*life) error { os.Exit(0); return nil },
	"return": func(*life) error { return nil },
	"panic": func(*life) error {
		os.Stderr.Close()
		go panic("on purpose")
		select {}
	},
	"fault":   func(*life) error { return syscall.Kill(syscall.Getpid(), syscall.SIGSEGV) },
	"term":    func(*life) error { syscall.Kill(syscall.Getpid(), syscall.SIGTERM); select {} },
	"another": func(*life) error { return syscall.Exec("/proc/self/exe", []string{"t", "-test.run=NONE"}, nil) },
	"cat": func(*life) error { // which ends with the test
		path, err := exec.LookPath("cat")
		if err != nil {
			return err
		}
		return syscall.Exec(path, []string{"cat"}, nil)
	},
}

// inherit wants both locks, with the death of their owner.
func (l *life) inherit() error {
	if err := within(l.mu.Lock); err != shared.ErrOwnerDied {
		return fmt.Errorf("Mutex: %w", err)
	}
	l.mu.Consistent()
	l.mu.Unlock()
	if err := within(l.rw.RLock); err != shared.ErrOwnerDied {
		return fmt.Errorf("RLock: %w", err)
	}
	if err := within(l.rw.Lock); err != shared.ErrOwnerDied {
		return fmt.Errorf("RWMutex: %w", err)
	}
	l.rw.Consistent()
	l.rw.Unlock()
	return nil
}

// TestEnds ends processes that hold locks, in all ways.
func TestEnds(t *testing.T) {
	for how := range ends {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			l, name := placed[life](t)
			cmd := process(t, "life, "+how, name)
			cmd.Stderr = nil
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer kill(cmd)
			until(t, func() bool { return l.rw.Wanted() })
			if err := l.inherit(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// TestInheritedFile kills a process whose child has the region's file.
func TestInheritedFile(t *testing.T) {
	l, name := placed[life](t)
	p := worker(t, "life, parent", name)
	defer func() { syscall.Kill(int(l.child.Load()), syscall.SIGKILL) }()
	if err := kill(p); err != nil {
		t.Fatal(err)
	}
	if err := l.inherit(); err != nil {
		t.Fatal(err)
	}
}

// TestNoisy kills owners whose other threads write what the locks protect, until they are dead. No heir may see them do so.
func TestNoisy(t *testing.T) {
	l, name := placed[life](t)
	for range max(*kills/10, 1) {
		p := worker(t, "life, noisy", name)
		locked := make(chan error)
		var before [8]int64
		go func() {
			err := l.mu.Lock()
			for i := range before {
				before[i] = l.noise[i].Load()
			}
			locked <- err
		}()
		time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
		p.Process.Kill()
		if err := within(func() error { return <-locked }); err != shared.ErrOwnerDied {
			t.Fatal(err)
		}
		for range 10 {
			for i := range before {
				if l.noise[i].Load() != before[i] {
					t.Fatal("a thread of the dead owner has written")
				}
			}
			time.Sleep(50 * time.Microsecond)
		}
		l.mu.Consistent()
		l.mu.Unlock()
		if err := within(l.rw.Lock); err != shared.ErrOwnerDied {
			t.Fatal(err)
		}
		l.rw.Consistent()
		l.rw.Unlock()
		p.Wait()
	}
}

// TestDying wants a lock whose owner has died, as the kernel says, and has threads that run yet.
func TestDying(t *testing.T) {
	l, name := placed[life](t)
	p := worker(t, "life, noisy", name)
	l.mu.Dying()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
	defer cancel()
	if locked, err := l.mu.TryLock(); locked || err != nil {
		t.Error(locked, err)
	}
	if locked, err := l.mu.TryLockFor(5 * time.Millisecond); locked || err != nil {
		t.Error(locked, err)
	}
	if err := l.mu.LockContext(ctx); err != context.DeadlineExceeded {
		t.Error(err)
	}
	if err := kill(p); err != nil {
		t.Fatal(err)
	}
	if err := l.inherit(); err != nil {
		t.Fatal(err)
	}
}

// TestThreadEnds ends a thread that has locked: the process owns the lock.
func TestThreadEnds(t *testing.T) {
	l, name := placed[life](t)
	worker(t, "life, thread", name)
	if locked, err := l.mu.TryLockFor(5 * time.Millisecond); locked || err != nil {
		t.Fatal(locked, err)
	}
	l.child.Store(1)
	if err := within(l.mu.Lock); err != nil {
		t.Fatal(err)
	}
	l.mu.Unlock()
}

// TestTruncatedDeath kills a process that holds locks of two regions. The file of the first one has become shorter, so the kernel
// gives up before it comes to the other.
func TestTruncatedDeath(t *testing.T) {
	_, first := placed[life](t)
	l, name := placed[life](t)
	p := worker(t, "life, two", first, name)
	if err := os.Truncate(first, 0); err != nil {
		t.Fatal(err)
	}
	if err := kill(p); err != nil {
		t.Fatal(err)
	}
	if err := l.inherit(); err != nil {
		t.Fatal(err)
	}
}

func init() {
	roles["life, two"] = func(args []string) error {
		return lockLife(args[0], func(*life) error {
			return lockLife(args[1], func(*life) error {
				fmt.Println("ready")
				select {}
			})
		})
	}
}

// TestHeirDies kills the heir of a lock, before and after it has repaired the data.
func TestHeirDies(t *testing.T) {
	l, name := placed[life](t)
	for range 4 {
		p := worker(t, "life, heir", name)
		if err := kill(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := within(l.mu.Lock); err != shared.ErrOwnerDied {
		t.Fatal(err)
	}
}

func init() {
	roles["life, heir"] = func(args []string) error {
		l, _, err := opened[life](args[0])
		if err != nil {
			return err
		}
		if n := l.child.Add(1); n == 1 {
			err = l.mu.Lock()
		} else if err = l.mu.Lock(); err == shared.ErrOwnerDied {
			if err = nil; n == 3 {
				l.mu.Consistent()
			}
		} else {
			err = fmt.Errorf("heir %d: %w", n, err)
		}
		if err == nil {
			fmt.Println("ready")
			select {}
		}
		return err
	}
}

// TestStopped stops processes: the owner of a lock blocks the others until it is continued or killed, and a process
// that waits to read blocks a writer only for a moment.
func TestStopped(t *testing.T) {
	c, name := placed[counters](t)
	if err := c.rw.Lock(); err != nil {
		t.Fatal(err)
	}
	reader := worker(t, "rwhold", name, "read", "wait")
	until(t, func() bool { return c.rw.Claims() == 1 })
	if err := reader.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	stopped(t, reader)
	for range 3 {
		c.rw.Unlock()
		if err := within(c.rw.Lock); err != nil {
			t.Fatal(err)
		}
	}
	c.rw.Unlock()
	if err := reader.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	until(t, func() bool { return c.rw.Claims() == 0 && c.a == 1 }) // it reads
	if locked, err := c.rw.TryLock(); locked || err != nil {
		t.Error(locked, err)
	}
	if err := reader.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	stopped(t, reader)
	if locked, err := c.rw.TryLockFor(5 * time.Millisecond); locked || err != nil {
		t.Error(locked, err)
	}
	if err := kill(reader); err != nil {
		t.Fatal(err)
	}
	if err := within(c.rw.Lock); err != nil {
		t.Fatal(err)
	}
	c.rw.Unlock()
}

// stopped waits until a process has stopped.
func stopped(t *testing.T, cmd *exec.Cmd) {
	until(t, func() bool {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", cmd.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		for i := len(stat) - 1; i > 2; i-- {
			if stat[i-2] == ')' {
				return stat[i] == 'T'
			}
		}
		return false
	})
}

// TestNamespaces kills processes of two pid namespaces, whose threads have the same numbers.
func TestNamespaces(t *testing.T) {
	c, name := placed[counters](t)
	start := func() *exec.Cmd {
		cmd := process(t, "count", name)
		cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID}
		if err := cmd.Start(); errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL) {
			t.Skip(err)
		} else if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { kill(cmd) })
		return cmd
	}
	workers := []*exec.Cmd{start(), start(), start()}
	for n := range max(*kills/5, 1) {
		before := c.a
		until(t, func() bool { return atomic.LoadInt64(&c.a) > before })
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
		w := &workers[n%len(workers)]
		if err := kill(*w); err != nil {
			t.Fatal(err)
		}
		if err := within(func() error { return add(c) }); err != nil {
			t.Fatal(err)
		}
		*w = start()
	}
	t.Logf("%d deaths of an owner, %d additions", c.died.Load(), c.a)
}
