// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

// pair is what most tests of regions place.
type pair struct {
	mu   shared.Mutex
	a, b int64
}

// openPair returns the region of a name, closed when the test ends, and its pair.
func openPair(t testing.TB, open func(name string) (*shared.Region, error), name string) (*shared.Region, *pair) {
	t.Helper()
	r, err := open(name)
	needShared(t, err)
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, r)
	p, err := shared.Map[pair](r)
	if err != nil {
		t.Fatal(err)
	}
	return r, p
}

// orCreate opens the region of a name, or makes one for a pair.
func orCreate(name string) (*shared.Region, error) {
	return shared.OpenOrCreate(name, shared.SizeFor[pair]())
}

// wants reports an error that is not the one that is wanted.
func wants(t testing.TB, what string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: %v; want %v", what, got, want)
	}
}

func TestCreate(t *testing.T) {
	name := filepath.Join(t.TempDir(), "region")
	_, err := shared.Open(name)
	needShared(t, err)
	wants(t, "Open of no file", err, fs.ErrNotExist)
	_, p := openPair(t, func(name string) (*shared.Region, error) { return shared.Create(name, shared.SizeFor[pair]()) }, name)
	_, err = shared.Create(name, shared.SizeFor[pair]())
	wants(t, "Create again", err, fs.ErrExist)
	_, err = shared.OpenOrCreate(name, 1)
	wants(t, "OpenOrCreate of another size", err, shared.ErrSize)
	p.a = 7
	for _, open := range []func(string) (*shared.Region, error){shared.Open, orCreate} {
		if _, again := openPair(t, open, name); again.a != 7 {
			t.Errorf("opened again, the region holds %d", again.a)
		}
	}
	for _, size := range []int64{-1, 1<<63 - 1, 1 << 62} {
		_, err = shared.Create(name+"x", size)
		wants(t, fmt.Sprint("Create of ", size, " bytes"), err, shared.ErrSize)
	}
	if _, err := os.Stat(name + "x"); err == nil {
		t.Error("Create of a size that is not possible has made a file")
	}
}

// memory is a name of memory that no other test has. It is unlinked when the test ends.
func memory(t testing.TB) string {
	name := fmt.Sprintf("osync-test-%d", os.Getpid())
	t.Cleanup(func() { shared.Options{Memory: true}.Unlink(name) })
	return name
}

func TestMemory(t *testing.T) {
	o, name := shared.Options{Memory: true}, memory(t)
	create := func(name string) (*shared.Region, error) { return o.OpenOrCreate(name, shared.SizeFor[pair]()) }
	_, p := openPair(t, create, name)
	_, q := openPair(t, o.Open, name)
	p.a = 7
	if q.a != 7 {
		t.Error("two regions have one name")
	}
	_, err := o.Create(name, shared.SizeFor[pair]())
	wants(t, "Create again", err, fs.ErrExist)
	if runtime.GOOS == "windows" {
		return
	}
	if err := o.Unlink(name); err != nil {
		t.Fatal(err)
	}
	wants(t, "Unlink again", o.Unlink(name), fs.ErrNotExist)
	_, err = o.Open(name)
	wants(t, "Open after Unlink", err, fs.ErrNotExist)
	if _, other := openPair(t, create, name); other.a != 0 {
		t.Error("the new region of the name is the old one")
	}
	if err := q.mu.Lock(); err != nil {
		t.Error(err)
	}
	wantLocked(t, &p.mu, false)
	q.mu.Unlock()
}

// wantLocked fails if TryLock says another thing.
func wantLocked(t testing.TB, m *shared.Mutex, want bool) {
	t.Helper()
	if locked, err := m.TryLock(); locked != want || err != nil {
		t.Errorf("TryLock: %v, %v; want %v", locked, err, want)
	} else if locked {
		m.Unlock()
	}
}

func TestNames(t *testing.T) {
	memory := shared.Options{Memory: true}
	for _, c := range []struct {
		o    shared.Options
		name string
	}{
		{shared.Options{}, ""},
		{shared.Options{}, "a\x00b"},
		{memory, ""},
		{memory, ".hidden"},
		{memory, "a/b"},
		{memory, `a\b`},
		{memory, "a b"},
		{memory, "ä"},
		{memory, "a\x00b"},
		{memory, strings.Repeat("a", 29)},
		{shared.Options{Perm: fs.ModeSetuid | 0o600}, filepath.Join(t.TempDir(), "a")},
	} {
		_, err := c.o.Create(c.name, 1)
		wants(t, fmt.Sprintf("Create of %q", c.name), err, fs.ErrInvalid)
		_, err = c.o.Open(c.name)
		wants(t, fmt.Sprintf("Open of %q", c.name), err, fs.ErrInvalid)
		wants(t, fmt.Sprintf("Unlink of %q", c.name), c.o.Unlink(c.name), fs.ErrInvalid)
	}
}

func TestUnlink(t *testing.T) {
	name := filepath.Join(t.TempDir(), "region")
	r, p := openPair(t, orCreate, name)
	if runtime.GOOS == "windows" {
		if err := shared.Unlink(name); err == nil {
			t.Error("a file that is open was removed")
		}
		r.Close()
	}
	if err := shared.Unlink(name); err != nil {
		t.Fatal(err)
	}
	wants(t, "Unlink again", shared.Unlink(name), fs.ErrNotExist)
	wants(t, "Unlink of a folder", shared.Unlink(t.TempDir()), shared.ErrForeign)
	if runtime.GOOS != "windows" {
		wantLocked(t, &p.mu, true)
	}
	openPair(t, orCreate, name)
}

func TestCloseInUse(t *testing.T) {
	r, p := openPair(t, orCreate, filepath.Join(t.TempDir(), "region"))
	if err := p.mu.Lock(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		wants(t, "Close with a lock held", r.Close(), shared.ErrInUse)
		wantLocked(t, &p.mu, false)
	}
	p.mu.Unlock()
	wantLocked(t, &p.mu, true)
	mu := &p.mu
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	wants(t, "Close again", r.Close(), shared.ErrClosed)
	wants(t, "Lock after Close", mu.Lock(), shared.ErrClosed)
	_, err := shared.Map[pair](r)
	wants(t, "Map after Close", err, shared.ErrClosed)
}

// TestCloseEndsWaits closes a region while goroutines wait for a lock of it, which another has. Other regions get no
// memory in which they sleep.
func TestCloseEndsWaits(t *testing.T) {
	name := filepath.Join(t.TempDir(), "region")
	_, owner := openPair(t, orCreate, name)
	if err := owner.mu.Lock(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		r, p := openPair(t, shared.Open, name)
		const n = 20
		var begun, ended sync.WaitGroup
		for i := range n {
			begun.Add(1)
			mu := &p.mu
			ended.Go(func() {
				begun.Done()
				err := error(nil)
				if i%2 == 0 {
					err = mu.Lock()
				} else {
					err = mu.LockContext(t.Context())
				}
				wants(t, "Lock of a region that is closed", err, shared.ErrClosed)
			})
		}
		begun.Wait()
		runtime.Gosched()
		time.Sleep(5 * time.Millisecond) // some sleep by now; with any number the rest holds
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		openPair(t, shared.Open, name)
		ended.Wait()
	}
	owner.mu.Unlock()
	wantLocked(t, &owner.mu, true)
}

// TestCloseRaces has goroutines use a region that others close and open.
func TestCloseRaces(t *testing.T) {
	name := filepath.Join(t.TempDir(), "region")
	_, other := openPair(t, orCreate, name)
	for range 50 {
		r, p := openPair(t, shared.Open, name)
		mu := &p.mu
		var users sync.WaitGroup
		for range 4 {
			users.Go(func() {
				for {
					switch err := mu.Lock(); {
					case errors.Is(err, shared.ErrClosed):
						return
					case err != nil:
						t.Error(err)
						return
					}
					p.a++
					mu.Unlock()
				}
			})
		}
		for range 10 {
			lockSoon(t, &other.mu)
			other.b++
			other.mu.Unlock()
		}
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			for errors.Is(r.Close(), shared.ErrInUse) {
				runtime.Gosched()
			}
			users.Wait()
		}()
		select {
		case <-closed:
		case <-time.After(patience):
			o, held, err := other.mu.Owner()
			t.Fatalf("Close or a Lock does not end; held by %v: %v, %v", o, held, err)
		}
	}
	lockSoon(t, &other.mu)
	other.mu.Unlock()
}

// lockSoon locks m, and does not wait forever.
func lockSoon(t *testing.T, m *shared.Mutex) {
	t.Helper()
	if locked, err := m.TryLockFor(patience); err != nil {
		t.Fatal(err)
	} else if !locked {
		o, held, err := m.Owner()
		t.Fatalf("a lock was left behind; held by %v: %v, %v", o, held, err)
	}
}
