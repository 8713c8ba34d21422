// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/locks/shared"
)

// TestPerm makes regions under a umask that would take away most permissions.
func TestPerm(t *testing.T) {
	defer unix.Umask(unix.Umask(0o077))
	for _, c := range []struct{ perm, want fs.FileMode }{{0, 0o600}, {0o660, 0o660}, {0o606, 0o606}} {
		name := filepath.Join(t.TempDir(), "region")
		o := shared.Options{Perm: c.perm}
		r, err := o.OpenOrCreate(name, 8)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		again, err := shared.OpenOrCreate(name, 8)
		if err != nil {
			t.Fatal(err)
		}
		defer again.Close()
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != c.want {
			t.Errorf("a region with Perm %v: %v, %v", c.perm, info.Mode(), err)
		}
	}
}

// file makes a file that holds text.
func file(t testing.TB, text []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestStates opens files as they may be found: half made, cut, of others.
func TestStates(t *testing.T) {
	const size = 64
	whole := func() []byte {
		name := filepath.Join(t.TempDir(), "region")
		r, err := shared.Create(name, size)
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}()
	const dataAt = 1 << 16
	if len(whole) != dataAt+size {
		t.Fatalf("a region of %d bytes has %d", size, len(whole))
	}
	cut := func(n int) []byte { return whole[:n] }
	// with is whole with other bytes at a place.
	with := func(at int, b ...byte) []byte {
		text := bytes.Clone(whole)
		copy(text[at:], b)
		return text
	}
	number := func(n uint64) []byte { return binary.NativeEndian.AppendUint64(nil, n) }
	const versionAt, orderAt, sizeAt, readyAt, settledAt = 8, 12, 16, 24, 28
	header := func(n int) []byte { // the first n bytes of the header, and no more
		text := bytes.Clone(whole)
		clear(text[n:])
		return text
	}
	reversed := bytes.Clone(whole[:8])
	slices.Reverse(reversed)
	incomplete := shared.ErrIncomplete
	var all sync.WaitGroup // Open waits for a moment for another process to complete the region
	defer all.Wait()
	for what, c := range map[string]struct {
		text         []byte
		open, create error
	}{
		"complete":                  {whole, nil, nil},
		"empty":                     {nil, incomplete, nil},
		"a short file of zeros":     {make([]byte, 100), incomplete, nil},
		"zeros, less than a header": {make([]byte, dataAt-1), incomplete, nil},
		"a header of zeros":         {make([]byte, dataAt), incomplete, nil},
		"zeros":                     {make([]byte, dataAt+size), incomplete, nil},
		"zeros, longer":             {make([]byte, 3*dataAt), incomplete, shared.ErrForeign},
		"magic only":                {header(8), incomplete, nil},
		"magic and version":         {header(12), incomplete, nil},
		"magic, version and order":  {header(16), incomplete, nil},
		"not ready":                 {header(24), incomplete, nil},
		"not ready, cut":            {header(24)[:dataAt], incomplete, nil},
		"not ready, of version 2":   {append(append(header(8)[:8:8], 2, 0, 0, 0), make([]byte, dataAt+size-12)...), incomplete, shared.ErrVersion},
		"text":                      {[]byte("hello\n"), shared.ErrForeign, shared.ErrForeign},
		"much text":                 {bytes.Repeat([]byte("hello\n"), 1<<15), shared.ErrForeign, shared.ErrForeign},
		"text behind zeros":         {append(make([]byte, 5000), "hello"...), shared.ErrForeign, shared.ErrForeign},
		"another magic":             {with(7, 'R'), shared.ErrForeign, shared.ErrForeign},
		"version 2":                 {with(versionAt, number(2)[:4]...), shared.ErrVersion, shared.ErrVersion},
		"version 0":                 {with(versionAt, number(0)[:4]...), shared.ErrVersion, shared.ErrVersion},
		"another byte order":        {with(0, reversed...), shared.ErrVersion, shared.ErrVersion},
		"another order":             {with(orderAt, number(0x04030201)[:4]...), shared.ErrVersion, shared.ErrVersion},
		"ready is 2":                {with(readyAt, number(2)[:4]...), shared.ErrForeign, shared.ErrForeign},
		"a size of 0":               {with(sizeAt, number(0)...), shared.ErrForeign, shared.ErrForeign},
		"a size of 5":               {with(sizeAt, number(5)...), shared.ErrForeign, shared.ErrForeign},
		"a size past the end":       {with(sizeAt, number(dataAt+size+1)...), shared.ErrTruncated, shared.ErrTruncated},
		"a huge size":               {with(sizeAt, number(1<<64-1)...), shared.ErrForeign, shared.ErrForeign},
		"a smaller size":            {with(sizeAt, number(dataAt+size-1)...), nil, shared.ErrSize},
		"one byte too few":          {cut(dataAt + size - 1), shared.ErrTruncated, shared.ErrTruncated},
		"the header only":           {cut(dataAt), shared.ErrTruncated, shared.ErrTruncated},
		"half a header":             {cut(2000), shared.ErrTruncated, shared.ErrTruncated},
		"three bytes":               {cut(3), shared.ErrForeign, shared.ErrForeign},
		"settled is 2":              {with(settledAt, number(2)[:4]...), shared.ErrForeign, shared.ErrForeign},
		"random bytes in the slots": {with(4096, bytes.Repeat([]byte{0xa5}, 8192)...), nil, nil},
	} {
		test := func(t *testing.T) {
			try := func(how string, open func(name string) (*shared.Region, error), want error) {
				name := file(t, c.text)
				r, err := open(name)
				if text, e := os.ReadFile(name); err != nil && (e != nil || !bytes.Equal(text, c.text)) {
					t.Errorf("%s has changed the file: %v", how, e)
				}
				if err == nil {
					defer r.Close()
					var m *pair
					if m, err = shared.Map[pair](r); err == nil {
						err = m.mu.Lock()
						m.mu.Unlock()
					}
				}
				if !errors.Is(err, want) {
					t.Errorf("%s: %v; want %v", how, err, want)
				}
			}
			try("Open", shared.Open, c.open)
			try("OpenOrCreate", func(name string) (*shared.Region, error) { return shared.OpenOrCreate(name, size) }, c.create)
		}
		together(t, &all, what, test)
	}
}

func init() {
	roles["makeone"] = func(args []string) error {
		step, err := strconv.Atoi(args[1])
		if err != nil {
			return err
		}
		shared.Making(func(s int) {
			if s == step {
				unix.Kill(os.Getpid(), unix.SIGKILL)
			}
		})
		_, err = shared.OpenOrCreate(args[0], shared.SizeFor[pair]())
		return fmt.Errorf("step %d was not reached: %w", step, err)
	}
	roles["makemany"] = func(args []string) error {
		fmt.Println("ready")
		for i := 0; ; i++ {
			r, err := shared.OpenOrCreate(fmt.Sprint(args[0], i), shared.SizeFor[pair]())
			if err != nil {
				return err
			}
			if _, err := shared.Map[pair](r); err != nil {
				return err
			}
			r.Close()
		}
	}
}

// takenOver opens a region of whose makers some were killed.
func takenOver(t *testing.T, name string) {
	t.Helper()
	r, p := openPair(t, orCreate, name)
	defer r.Close()
	if err := p.mu.Lock(); err != nil || p.a != 0 || p.b != 0 {
		t.Errorf("%s: %v, %d, %d", name, err, p.a, p.b)
	}
	p.mu.Unlock()
}

// TestKillMaker kills processes that make a region, at each step.
func TestKillMaker(t *testing.T) {
	test := func(t *testing.T, step int) {
		name := filepath.Join(t.TempDir(), "region")
		for range 2 {
			cmd := process(t, "makeone", name, fmt.Sprint(step))
			if err := cmd.Run(); cmd.ProcessState.ExitCode() != -1 {
				t.Fatal(err)
			}
			if step == 8 {
				break
			}
		}
		if step < 8 {
			_, err := shared.Open(name)
			wants(t, fmt.Sprint("Open after a kill at step ", step), err, shared.ErrIncomplete)
		}
		takenOver(t, name)
	}
	var all sync.WaitGroup
	for step := 1; step <= 8; step++ {
		together(t, &all, fmt.Sprint(step), func(t *testing.T) { test(t, step) })
	}
	all.Wait()
}

// TestKillMakers kills processes that make regions at any time.
func TestKillMakers(t *testing.T) {
	made := 0
	for range less(20) {
		dir := t.TempDir()
		cmd := process(t, "makemany", dir+"/")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
			t.Fatal(line, err)
		}
		time.Sleep(rand.N(3 * time.Millisecond))
		cmd.Process.Kill()
		cmd.Wait()
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		made += len(entries)
		if len(entries) > 0 {
			takenOver(t, fmt.Sprint(dir, "/", len(entries)-1))
		}
	}
	t.Logf("%d regions", made)
}

// TestWaitForMaker opens a region while another makes it.
func TestWaitForMaker(t *testing.T) {
	name := filepath.Join(t.TempDir(), "region")
	stopped, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	shared.Making(func(step int) {
		if step == 5 {
			once.Do(func() { close(stopped); <-goOn })
		}
	})
	defer shared.Making(func(int) {})
	var all sync.WaitGroup
	all.Go(func() { openPair(t, orCreate, name) })
	<-stopped
	for i := range 4 {
		all.Go(func() {
			if i%2 == 0 {
				openPair(t, orCreate, name)
			} else {
				openPair(t, shared.Open, name)
			}
		})
	}
	time.AfterFunc(200*time.Millisecond, func() { close(goOn) }) // longer than Open waits if no process completes the region
	all.Wait()
}

// TestBoot finds a region with words of an earlier start of the system.
func TestBoot(t *testing.T) {
	name := filepath.Join(t.TempDir(), "region")
	r, p := openPair(t, orCreate, name)
	if err := p.mu.Lock(); err != nil {
		t.Fatal(err)
	}
	p.mu.Unlock()
	r.Close()
	const bootAt, slotsAt, dataAt, foreign, other = 32, 4096, 1 << 16, 0x2345678, 0x2345679
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	write := func(at int64, words ...uint32) {
		var b []byte
		for _, w := range words {
			b = binary.NativeEndian.AppendUint32(b, w)
		}
		if _, err := f.WriteAt(b, at); err != nil {
			t.Fatal(err)
		}
	}
	write(bootAt, 1, 2, 3, 4)
	write(slotsAt, foreign, foreign, 1, 0, 5, 0, 6, 0)
	write(slotsAt+32, other, other, 1, 0, 5, 0, 6, 0)
	for _, word := range []uint32{foreign, foreign | 1<<31, 0x1111} {
		write(dataAt, word)
		r, p = openPair(t, shared.Open, name)
		locked, err := p.mu.TryLockFor(patience)
		if !locked || err != shared.ErrOwnerDied {
			t.Errorf("a lock of an earlier start: %v, %v", locked, err)
		}
		p.mu.Consistent()
		p.mu.Unlock()
		if ok, err := r.Claim(foreign); ok || err != nil {
			t.Errorf("a keeper got an id of an earlier start: %v, %v", ok, err)
		}
		r.Close()
	}
	// With all slots in use by the dead of this start and earlier ones, those of earlier ones go last.
	for i := range int64(256) {
		write(slotsAt+32*i, 0, uint32(0x3000000+i), 1, uint32(i)%2, 5, 0, 6, 0)
	}
	r, _ = openPair(t, shared.Open, name)
	if r.OldSlots() != 128 {
		t.Errorf("%d slots of earlier starts are left; want 128", r.OldSlots())
	}
	for i := range uint32(129) {
		if ok, err := r.Claim(i + 1); !ok || err != nil {
			t.Fatal(ok, err)
		}
		if want := min(128, 254-int(i)); r.OldSlots() != want {
			t.Errorf("%d slots of earlier starts are left; want %d", r.OldSlots(), want)
		}
	}
}

// held counts what a process may hold too much of.
type held struct{ files, maps, threads, goroutines int }

func holds(t *testing.T) (h held) {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	return held{len(files), bytes.Count(maps, []byte("\n")), threads(t), runtime.NumGoroutine()}
}

// TestOpenClose opens and closes regions many times, and nothing is left.
func TestOpenClose(t *testing.T) {
	dir := t.TempDir()
	once := func(i int) {
		r, err := shared.Anonymous(shared.SizeFor[pair]())
		if err != nil {
			t.Fatal(err)
		}
		passed, err := shared.OpenFile(r.File())
		if err != nil {
			t.Fatal(err)
		}
		file, err := orCreate(filepath.Join(dir, fmt.Sprint(i%2)))
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []*shared.Region{r, passed, file} {
			p, err := shared.Map[pair](r)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.mu.Lock(); err != nil {
				t.Fatal(err)
			}
			p.mu.Unlock()
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
		}
		_, err = shared.Open(filepath.Join(dir, "none"))
		wants(t, "Open of no file", err, fs.ErrNotExist)
		_, err = shared.OpenOrCreate(filepath.Join(dir, "0"), 1)
		wants(t, "OpenOrCreate of another size", err, shared.ErrSize)
	}
	n := less(1500)
	for i := range 20 {
		once(i)
	}
	before := holds(t)
	for i := range n {
		once(i)
	}
	after := holds(t)
	for began := time.Now(); after.goroutines > before.goroutines && time.Since(began) < patience; after = holds(t) {
		time.Sleep(10 * time.Millisecond) // others of this process may end by and by
	}
	if after.files > before.files || after.maps > before.maps+20 || after.threads > before.threads+3 || after.goroutines > before.goroutines {
		t.Errorf("%+v before, %+v after", before, after)
	}
}

// TestOpenTwice opens a region twice: to each other these are as two processes.
func TestOpenTwice(t *testing.T) {
	name := filepath.Join(t.TempDir(), "region")
	var users sync.WaitGroup
	const n = 2000
	_, p := openPair(t, orCreate, name)
	_, q := openPair(t, orCreate, name)
	if err := p.mu.Lock(); err != nil {
		t.Fatal(err)
	}
	wantLocked(t, &q.mu, false)
	func() {
		defer func() {
			if recover() == nil {
				t.Error("an unlock of what the other has locked does not panic")
			}
		}()
		q.mu.Unlock()
	}()
	p.mu.Unlock()
	for _, p := range []*pair{p, q, p, q} {
		users.Go(func() {
			for range n {
				if err := p.mu.Lock(); err != nil {
					t.Error(err)
					return
				}
				p.a++
				p.mu.Unlock()
			}
		})
	}
	users.Wait()
	if p.a != 4*n || q.a != 4*n {
		t.Errorf("%d and %d additions; want %d", p.a, q.a, 4*n)
	}
}

func init() {
	roles["inherit"] = func([]string) error {
		r, err := shared.OpenFile(os.NewFile(3, "inherited"))
		if err != nil {
			return err
		}
		p, err := shared.Map[pair](r)
		if err != nil {
			return err
		}
		if err := p.mu.Lock(); err != nil {
			return err
		}
		p.a = 7
		fmt.Println("ready")
		select {}
	}
}

// TestInherit passes a region without a name on to another process.
func TestInherit(t *testing.T) {
	r, p := openPair(t, func(string) (*shared.Region, error) { return shared.Anonymous(shared.SizeFor[pair]()) }, "")
	cmd := process(t, "inherit")
	cmd.ExtraFiles = []*os.File{r.File()}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer kill(cmd)
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatal(line, err)
	}
	wantLocked(t, &p.mu, false)
	cmd.Process.Kill()
	if locked, err := p.mu.TryLockFor(patience); !locked || err != shared.ErrOwnerDied || p.a != 7 {
		t.Errorf("after the death of the owner: %v, %v, %d", locked, err, p.a)
	}
	p.mu.Consistent()
	p.mu.Unlock()
	if err := r.File().Truncate(0); err == nil {
		t.Error("the file of an Anonymous region can be cut")
	}
}
