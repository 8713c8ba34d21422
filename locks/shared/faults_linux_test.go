// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/shared"
)

// all has one of each.
type all struct {
	mu      shared.Mutex
	rw      shared.RWMutex
	pthread shared.PthreadMutex
	pi      shared.PIMutex
	event   shared.Event
	cond    shared.Cond
	once    shared.Once
	n       atomic.Int64
}

// lock locks the mutexes that are not for all systems.
func (a *all) lock(t *testing.T) {
	t.Helper()
	if err := errors.Join(a.pthread.Init(), a.pthread.Lock(), a.pi.Lock()); err != nil {
		t.Fatal(err)
	}
}

// calls returns the methods of a's locks that return an error, some of which wait while others hold mu and rw.
func (a *all) calls(ctx context.Context) map[string]func() error {
	const d = time.Hour // longer than within waits
	mu, rw, event, cond, once := &a.mu, &a.rw, &a.event, &a.cond, &a.once
	pthread, pi := &a.pthread, &a.pi
	second := func(f func() (bool, error)) func() error {
		return func() error { _, err := f(); return err }
	}
	return map[string]func() error{
		"Mutex.Lock":           mu.Lock,
		"Mutex.TryLock":        second(mu.TryLock),
		"Mutex.TryLockFor":     second(func() (bool, error) { return mu.TryLockFor(d) }),
		"Mutex.LockContext":    func() error { return mu.LockContext(ctx) },
		"RWMutex.Lock":         rw.Lock,
		"RWMutex.TryLock":      second(rw.TryLock),
		"RWMutex.TryLockFor":   second(func() (bool, error) { return rw.TryLockFor(d) }),
		"RWMutex.LockContext":  func() error { return rw.LockContext(ctx) },
		"RWMutex.RLock":        rw.RLock,
		"RWMutex.TryRLock":     second(rw.TryRLock),
		"RWMutex.TryRLockFor":  second(func() (bool, error) { return rw.TryRLockFor(d) }),
		"RWMutex.RLockContext": func() error { return rw.RLockContext(ctx) },
		"Event.IsSet":          second(event.IsSet),
		"Event.Wait":           event.Wait,
		"Event.WaitFor":        second(func() (bool, error) { return event.WaitFor(d) }),
		"Event.WaitContext":    func() error { return event.WaitContext(ctx) },
		"Event.Set":            event.Set,
		"Event.Reset":          event.Reset,
		"Cond.Signal":          cond.Signal,
		"Cond.Broadcast":       cond.Broadcast,
		"Once.Do":              func() error { return once.Do(func() {}) },
		"Once.DoContext":       func() error { return once.DoContext(ctx, func() {}) },
		"Mutex.Owner":          func() error { _, _, err := mu.Owner(); return err },

		"PthreadMutex.Init":        pthread.Init,
		"PthreadMutex.Lock":        pthread.Lock,
		"PthreadMutex.TryLock":     second(pthread.TryLock),
		"PthreadMutex.TryLockFor":  second(func() (bool, error) { return pthread.TryLockFor(d) }),
		"PthreadMutex.LockContext": func() error { return pthread.LockContext(ctx) },
		"PthreadMutex.Owner":       func() error { _, _, err := pthread.Owner(); return err },
		"PIMutex.Lock":             pi.Lock,
		"PIMutex.TryLock":          second(pi.TryLock),
		"PIMutex.TryLockFor":       second(func() (bool, error) { return pi.TryLockFor(d) }),
		"PIMutex.LockContext":      func() error { return pi.LockContext(ctx) },
		"PIMutex.Owner":            func() error { _, _, err := pi.Owner(); return err },
	}
}

// TestTruncatedCalls calls all methods of locks in a region whose file has become shorter.
func TestTruncatedCalls(t *testing.T) {
	needNative(t)
	for _, size := range []int64{0, 4096, 1 << 16} {
		a, name := placed[all](t)
		calls := a.calls(t.Context())
		mu, rw := &a.mu, &a.rw
		if err := mu.Lock(); err != nil {
			t.Fatal(err)
		}
		if err := rw.RLock(); err != nil {
			t.Fatal(err)
		}
		a.lock(t)
		pthread, pi := &a.pthread, &a.pi
		if err := os.Truncate(name, size); err != nil {
			t.Fatal(err)
		}
		mu.Consistent() // without a fault
		mu.Unlock()
		rw.RUnlock()
		pthread.Consistent()
		pthread.Unlock()
		pi.Consistent()
		pi.Unlock()
		for what, call := range calls {
			wants(t, what, within(call), shared.ErrTruncated)
		}
		wants(t, "a look at the data", shared.Checked(func() error { a.n.Load(); return nil }), shared.ErrTruncated)
	}
}

// TestTruncatedWaits makes the file shorter while goroutines wait for locks, each in its way.
func TestTruncatedWaits(t *testing.T) {
	needNative(t)
	owner, name := placed[all](t)
	if err := owner.mu.Lock(); err != nil {
		t.Fatal(err)
	}
	if err := owner.rw.Lock(); err != nil {
		t.Fatal(err)
	}
	owner.lock(t)
	a, r, err := opened[all](name)
	if err != nil {
		t.Fatal(err)
	}
	var waits sync.WaitGroup
	for what, call := range a.calls(t.Context()) {
		if strings.Contains(what, "Try") || strings.Contains(what, "Lock") && !strings.Contains(what, "For") || strings.Contains(what, "Event.Wait") {
			for range 3 {
				waits.Go(func() {
					if err := within(call); !errors.Is(err, shared.ErrTruncated) && (err != nil || !strings.Contains(what, "Try")) {
						t.Errorf("%s: %v", what, err)
					}
				})
			}
		}
	}
	time.Sleep(20 * time.Millisecond) // most sleep by now; with any number the rest holds
	if err := os.Truncate(name, 0); err != nil {
		t.Fatal(err)
	}
	waits.Wait()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestOpenErrors opens what is no region, and what cannot be opened.
func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	opened := func(name string, flags int) *os.File {
		f, err := os.OpenFile(name, flags, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	r, err := shared.Create(path("region"), 8)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, err := range []error{
		os.Symlink(path("region"), path("link")),
		os.Symlink(path("nothing"), path("dangling")),
		unix.Mkfifo(path("fifo"), 0o600),
		os.Mkdir(path("folder"), 0o700),
		os.WriteFile(path("text"), []byte("text"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	closed := opened(path("text"), os.O_RDWR)
	closed.Close()
	for _, c := range []struct {
		name string
		want []error
	}{
		{path("link"), []error{shared.ErrForeign, unix.ELOOP}},
		{path("dangling"), []error{shared.ErrForeign, unix.ELOOP}},
		{path("fifo"), []error{shared.ErrForeign}},
		{path("folder"), []error{shared.ErrForeign, unix.EISDIR}},
		{path("text"), []error{shared.ErrForeign}},
		{"/dev/null", []error{shared.ErrForeign}},
		{path("text") + "/a", []error{unix.ENOTDIR}},
		{path(strings.Repeat("a", 300)), []error{unix.ENAMETOOLONG}},
	} {
		for how, open := range map[string]func(string) (*shared.Region, error){"Open": shared.Open, "OpenOrCreate": orCreate} {
			_, err := open(c.name)
			for _, want := range c.want {
				wants(t, how+" of "+c.name, err, want)
			}
			if region := new(shared.RegionError); !errors.As(err, &region) || region.Name != c.name {
				t.Errorf("%s of %s: %v does not name it", how, c.name, err)
			}
		}
	}
	for what, c := range map[string]struct {
		f    *os.File
		want error
	}{
		"nil":              {nil, fs.ErrInvalid},
		"no region":        {opened(path("text"), os.O_RDWR), shared.ErrForeign},
		"a device":         {opened("/dev/null", os.O_RDWR), shared.ErrForeign},
		"a folder":         {opened(dir, os.O_RDONLY), fs.ErrPermission},
		"a read-only file": {opened(path("region"), os.O_RDONLY), fs.ErrPermission},
		"a closed file":    {closed, unix.EBADF},
	} {
		_, err := shared.OpenFile(c.f)
		wants(t, "OpenFile of "+what, err, c.want)
	}
}

func init() {
	// Opens files until the process may have no more.
	roles["files"] = func([]string) error {
		r, err := shared.Anonymous(8)
		if err != nil {
			return err
		}
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 20, Max: 20}); err != nil {
			return err
		}
		for {
			if _, err := os.Open("/"); err != nil {
				break
			}
		}
		_, err1 := shared.Open("/tmp/none")
		_, err2 := shared.OpenFile(r.File())
		_, err3 := shared.Anonymous(8)
		_, err4 := shared.Options{Memory: true}.OpenOrCreate("osync-none", 8)
		for _, err := range []error{err1, err2, err3, err4} {
			if !errors.Is(err, unix.EMFILE) {
				return fmt.Errorf("without a file descriptor: %w", err)
			}
		}
		return nil
	}
	// Opens a region in little address space.
	roles["space"] = func(args []string) error {
		text, err := os.ReadFile("/proc/self/statm")
		if err != nil {
			return err
		}
		var pages int64
		fmt.Sscan(string(text), &pages)
		limit := uint64(pages)*uint64(os.Getpagesize()) + 600<<20
		if err := unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			return err
		}
		r, err := shared.OpenOrCreate(args[0], 1<<20)
		if err != nil {
			return err
		}
		defer r.Close()
		if m, err := shared.Map[shared.Mutex](r); err != nil {
			return err
		} else if err := m.Lock(); err != nil {
			return err
		} else {
			m.Unlock()
		}
		if b := make([]byte, 100<<20); b[5] != 0 {
			return errors.New("no memory is left for the rest")
		}
		if _, err := shared.OpenOrCreate(args[0]+"2", 1<<31); !errors.Is(err, shared.ErrSize) {
			return fmt.Errorf("a region that does not fit: %w", err)
		}
		return nil
	}
	// Opens regions of another user's.
	roles["stranger"] = func(args []string) error {
		for _, name := range args[:2] {
			if _, err := shared.Open(name); !errors.Is(err, fs.ErrPermission) {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		r, err := shared.OpenOrCreate(args[2], 8) // which root made for all
		if err != nil {
			return err
		}
		return r.Close()
	}
}

func TestNoDescriptors(t *testing.T) {
	if err := process(t, "files").Run(); err != nil {
		t.Error(err)
	}
}

func TestAddressSpace(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector needs more")
	}
	if err := process(t, "space", filepath.Join(t.TempDir(), "region")).Run(); err != nil {
		t.Error(err)
	}
}

func TestStranger(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can start a process of another user")
	}
	dir, err := os.MkdirTemp("/tmp", "osync") // the folders of t.TempDir are for their owner only
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o777|fs.ModeSticky); err != nil {
		t.Fatal(err)
	}
	args := make([]string, 3)
	for i, perm := range []fs.FileMode{0, 0o644, 0o666} {
		args[i] = filepath.Join(dir, perm.String())
		r, err := shared.Options{Perm: perm}.Create(args[i], 8)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
	}
	self, err := os.ReadFile(os.Args[0]) // the binary may be where strangers cannot see it
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(dir, "test")
	if err := os.WriteFile(binary, self, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := process(t, "stranger", args...)
	cmd.Path, cmd.Dir = binary, dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
}

// mounted mounts a file system, or skips the test.
func mounted(t *testing.T, kind, options string, flags uintptr) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := unix.Mount("none", dir, kind, flags, options); err != nil {
		t.Skipf("mount -t %s: %v", kind, err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// TestNoSpace makes a region on a file system that has too little room.
func TestNoSpace(t *testing.T) {
	dir := mounted(t, "tmpfs", "size=256k", 0)
	name := filepath.Join(dir, "region")
	_, err := shared.OpenOrCreate(name, 1<<20)
	wants(t, "OpenOrCreate of 1 MiB in 256 KiB", err, unix.ENOSPC)
	_, err = shared.Open(name)
	wants(t, "Open of what is left", err, shared.ErrIncomplete)
	takenOver(t, name)
	if err := unix.Mount("none", dir, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Skip("a remount:", err)
	}
	_, err = shared.Open(name)
	wants(t, "Open on a file system that is read-only", err, unix.EROFS)
}

// TestNoAllocate makes regions on a file system that cannot allocate blocks.
func TestNoAllocate(t *testing.T) {
	dir := mounted(t, "ramfs", "", 0)
	f, err := os.Create(filepath.Join(dir, "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := unix.Fallocate(int(f.Fd()), 0, 0, 10); err != unix.EOPNOTSUPP {
		t.Skip("it can:", err)
	}
	takenOver(t, filepath.Join(dir, "region"))
	r, err := shared.Create(filepath.Join(dir, "large"), 3<<20)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if info, err := r.File().Stat(); err != nil || info.Size() != 3<<20+1<<16 {
		t.Errorf("the file has %d bytes, %v", info.Size(), err)
	}
}
