// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

func newArray(t *testing.T, n int) (*shared.Array, string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "array")
	a, err := shared.CreateArray(name, n)
	needShared(t, err)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeArray(t, a) })
	return a, name
}

// closeArray gives back what the process has allocated, and closes the array.
func closeArray(t *testing.T, a *shared.Array) {
	for i, e := range a.All() {
		if !e.Kept && e.Allocator.PID == os.Getpid() {
			a.Free(i)
		}
	}
	if err := a.Close(); err != nil && err != shared.ErrClosed {
		t.Error(err)
	}
}

// entries returns the numbers of the allocated entries.
func entries(a *shared.Array) (all []int) {
	for i := range a.All() {
		all = append(all, i)
	}
	return all
}

func allocate(t *testing.T, a *shared.Array, want int) {
	t.Helper()
	if i, err := a.Allocate(); i != want || err != nil {
		t.Fatalf("Allocate: %d, %v, want %d", i, err, want)
	}
}

func want(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}

func TestArray(t *testing.T) {
	a, name := newArray(t, 4)
	for i := range 4 {
		allocate(t, a, i)
	}
	_, err := a.Allocate()
	want(t, err, shared.ErrFull)
	m, err := a.Mutex(0)
	want(t, err, nil)
	want(t, m.Lock(), nil)
	want(t, a.Free(0), shared.ErrInUse)
	m.Unlock()
	want(t, a.Free(0), nil)
	want(t, a.Free(0), shared.ErrNotAllocated)
	want(t, a.Keep(0), shared.ErrNotAllocated)
	_, err = a.Mutex(0)
	want(t, err, shared.ErrNotAllocated)
	for _, i := range []int{-1, 4} {
		_, err = a.Mutex(i)
		want(t, err, shared.ErrNotAllocated)
		want(t, a.Keep(i), shared.ErrNotAllocated)
		want(t, a.Free(i), shared.ErrNotAllocated)
	}
	want(t, a.Keep(2), nil)
	want(t, a.Keep(2), nil)
	if all := entries(a); !slices.Equal(all, []int{1, 2, 3}) {
		t.Fatal(all)
	}
	allocate(t, a, 0) // it is free again

	want(t, a.Grow(2), nil)
	want(t, a.Grow(shared.MaxEntries+1), shared.ErrSize)
	if n := a.Len(); n != 4 {
		t.Fatal(n)
	}
	other, err := shared.OpenArray(name)
	want(t, err, nil)
	want(t, a.Grow(6), nil)
	if n := other.Len(); n != 6 {
		t.Fatal(n)
	}
	allocate(t, other, 4)
	want(t, a.Free(4), shared.ErrInUse) // another has it and does not keep it
	want(t, a.Keep(4), shared.ErrInUse)
	want(t, other.Close(), shared.ErrInUse)
	want(t, other.Keep(4), nil)
	want(t, other.Close(), nil)
	want(t, a.Free(4), nil)

	want(t, a.Close(), shared.ErrInUse)
	for _, i := range []int{0, 1, 3} {
		want(t, a.Free(i), nil)
	}
	want(t, a.Close(), nil)
	_, err = a.Allocate()
	want(t, err, shared.ErrClosed)
	_, err = a.Mutex(2)
	want(t, err, shared.ErrClosed)
	want(t, a.Free(2), shared.ErrClosed)
	want(t, a.Grow(8), shared.ErrClosed)
	if a.Len() != 0 || len(entries(a)) != 0 {
		t.Error("a closed array has entries")
	}

	a, err = shared.OpenOrCreateArray(name, 10)
	want(t, err, nil)
	if all := entries(a); !slices.Equal(all, []int{2}) || a.Len() != 10 {
		t.Fatal(all, a.Len())
	}
	want(t, a.Free(2), nil)
	want(t, a.Close(), nil)
}

func TestArrayForeign(t *testing.T) {
	name := filepath.Join(t.TempDir(), "region")
	r, err := shared.Create(name, shared.SizeFor[counters]())
	needShared(t, err)
	want(t, err, nil)
	_, err = shared.Map[counters](r)
	want(t, err, nil)
	want(t, r.Close(), nil)
	_, err = shared.OpenArray(name)
	want(t, err, shared.ErrLayout)
	_, err = shared.CreateArray(filepath.Join(t.TempDir(), "array"), -1)
	want(t, err, shared.ErrSize)
}

func TestArrayTruncated(t *testing.T) {
	needNative(t)
	if runtime.GOOS == "windows" {
		t.Skip("Windows shortens no file that is mapped")
	}
	a, name := newArray(t, 10_000)
	allocate(t, a, 0)
	want(t, os.Truncate(name, 1<<16+4096), nil) // in the entries
	var err error
	for err == nil {
		_, err = a.Allocate()
	}
	want(t, err, shared.ErrTruncated)
	for range a.All() {
	}
}

// TestArrayHistory frees entries whose mutex is broken in all ways. The process that gets them next finds a new mutex.
func TestArrayHistory(t *testing.T) {
	a, name := newArray(t, 1)
	for _, how := range []string{"lost", "broken", "dead"} {
		allocate(t, a, 0)
		m, err := a.Mutex(0)
		want(t, err, nil)
		p := worker(t, "arraylock", name)
		want(t, a.Free(0), shared.ErrInUse)
		want(t, kill(p), nil)
		if how != "dead" {
			want(t, m.Lock(), shared.ErrOwnerDied)
			want(t, look(t, a, 0).Err, shared.ErrOwnerDied)
		}
		if how == "lost" {
			m.Unlock()
			want(t, m.Lock(), shared.ErrNotRecoverable)
			want(t, look(t, a, 0).Err, shared.ErrNotRecoverable)
		}
		if how == "broken" {
			want(t, a.Free(0), shared.ErrInUse)
			m.Unlock()
		}
		want(t, a.Free(0), nil)
		allocate(t, a, 0)
		if e := look(t, a, 0); e.Err != nil || e.Held || e.Kept || !e.Allocator.Alive || e.Allocator.PID != os.Getpid() {
			t.Errorf("a new entry: %+v", e)
		}
		want(t, m.Lock(), nil)
		if e := look(t, a, 0); !e.Held || e.Owner.PID != os.Getpid() {
			t.Errorf("a locked entry: %+v", e)
		}
		m.Unlock()
		want(t, a.Free(0), nil)
	}
}

func look(t *testing.T, a *shared.Array, i int) shared.Entry {
	t.Helper()
	for n, e := range a.All() {
		if n == i {
			return e
		}
	}
	t.Fatalf("entry %d is free", i)
	return shared.Entry{}
}

// TestArrayStale has a process lock the mutex of an entry that is free. No process gets it
// meanwhile.
func TestArrayStale(t *testing.T) {
	a, _ := newArray(t, 2)
	allocate(t, a, 0)
	m, err := a.Mutex(0)
	want(t, err, nil)
	want(t, a.Free(0), nil)
	want(t, m.Lock(), nil)
	allocate(t, a, 1)
	_, err = a.Allocate()
	want(t, err, shared.ErrFull)
	m.Unlock()
	allocate(t, a, 0)
}

// TestArrayFreeOnce has two users free an entry at the same time. One of them does.
func TestArrayFreeOnce(t *testing.T) {
	a, name := newArray(t, 1)
	other, err := shared.OpenArray(name)
	want(t, err, nil)
	defer other.Close()
	for range 500 {
		allocate(t, a, 0)
		want(t, a.Keep(0), nil)
		second := make(chan error)
		go func() { second <- other.Free(0) }()
		one, two := a.Free(0), <-second
		if one == nil {
			one, two = two, one
		}
		want(t, two, nil)
		if !errors.Is(one, shared.ErrNotAllocated) && !errors.Is(one, shared.ErrInUse) { // by the other, which frees it
			t.Fatal(one)
		}
	}
}

// TestArrayUnmarked has entries whose owner is dead, and the kernel does not tell.
func TestArrayUnmarked(t *testing.T) {
	a, _ := newArray(t, 2)
	a.Orphan(0)
	a.Orphan(1)
	if all := entries(a); len(all) > 0 {
		t.Error("allocated by the dead:", all)
	}
	_, err := a.Mutex(0)
	want(t, err, shared.ErrNotAllocated)
	want(t, a.Keep(0), shared.ErrNotAllocated)
	want(t, a.Free(0), shared.ErrNotAllocated)
	allocate(t, a, 0)
	allocate(t, a, 1)
	want(t, a.Keep(1), nil)
	a.Orphan(1) // in Free
	want(t, a.Free(1), nil)
	allocate(t, a, 1)
	m, err := a.Mutex(1)
	want(t, err, nil)
	want(t, m.Lock(), nil)
	m.Unlock()
}

const arrayWorkers = 3

// users is what the workers note of an array's entries.
type users struct {
	lives [arrayWorkers]atomic.Uint32 // of each worker: how often it has been killed
	by    [64]atomic.Uint64           // of each entry: 0, or a user
}

// A user of an entry is a life of a worker.
func user(worker int, life uint32) uint64 { return uint64(life)<<8 | uint64(worker) + 1 }

const keptBit = 1 << 63

func init() {
	roles["arraylock"] = func(args []string) error {
		a, err := shared.OpenArray(args[0])
		if err != nil {
			return err
		}
		m, err := a.Mutex(0)
		if err != nil {
			return err
		}
		if err := m.Lock(); err != nil {
			return err
		}
		fmt.Println("ready")
		select {}
	}
	roles["array"] = func(args []string) error {
		a, err := shared.OpenArray(args[0])
		if err != nil {
			return err
		}
		r, err := shared.Open(args[1])
		if err != nil {
			return err
		}
		u, err := shared.Map[users](r)
		if err != nil {
			return err
		}
		worker, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		fmt.Println("ready")
		for range 4 {
			go func() {
				if err := useArray(a, u, worker); err != nil {
					fmt.Fprintln(os.Stderr, err)
					os.Exit(1)
				}
			}()
		}
		select {}
	}
	roles["arraygrow"] = func(args []string) error {
		a, err := shared.OpenArray(args[0])
		if err != nil {
			return err
		}
		fmt.Println("ready")
		for {
			if rand.IntN(16) == 0 {
				if err := a.Grow(min(a.Len()+2, growMost)); err != nil {
					return err
				}
			}
			m, err := a.Mutex(a.Len() - 1)
			if errors.Is(err, shared.ErrNotAllocated) {
				continue
			} else if err != nil {
				return err
			}
			if err := m.Lock(); err == shared.ErrOwnerDied {
				m.Consistent()
			} else if err != nil {
				return err
			}
			m.Unlock()
		}
	}
}

// useArray allocates, keeps, locks and frees entries forever.
func useArray(a *shared.Array, u *users, worker int) error {
	me := user(worker, u.lives[worker].Load())
	var mine []int // kept
	for {
		if len(mine) > 0 && rand.IntN(2) == 0 {
			n := rand.IntN(len(mine))
			i := mine[n]
			mine = slices.Delete(mine, n, n+1)
			if by := u.by[i].Swap(0); by != me|keptBit {
				return fmt.Errorf("worker %d keeps entry %d, which was given to %#x", worker, i, by)
			}
			if err := a.Free(i); err != nil {
				return err
			}
			continue
		}
		i, err := a.Allocate()
		if errors.Is(err, shared.ErrFull) {
			runtime.Gosched()
			continue
		} else if err != nil {
			return err
		}
		// The user before has left, or died. In that case it is known to be dead soon.
		for began := time.Now(); ; time.Sleep(time.Millisecond) {
			by := u.by[i].Load()
			alive := by != 0 && u.lives[byte(by)-1].Load() == uint32(by&^keptBit>>8)
			if !alive && u.by[i].CompareAndSwap(by, me) {
				break
			}
			if by&keptBit != 0 || time.Since(began) > patience {
				return fmt.Errorf("entry %d is given to worker %d and to %#x", i, worker, by)
			}
		}
		m, err := a.Mutex(i)
		if err != nil {
			return err
		}
		if err := m.Lock(); err != nil { // a new mutex
			return fmt.Errorf("Lock of the new entry %d: %w", i, err)
		}
		m.Unlock()
		switch rand.IntN(3) {
		case 0:
			if err := a.Keep(i); err != nil {
				return err
			}
			u.by[i].Store(me | keptBit)
			mine = append(mine, i)
		case 1:
			u.by[i].Store(0)
			if err := a.Free(i); err != nil {
				return err
			}
		default: // lock another one, whosever it is, and give this one back
			u.by[i].Store(0)
			if err := a.Free(i); err != nil {
				return err
			}
		}
	}
}

// TestKillArray kills processes that allocate, keep and free entries. No entry has two users, and all that no process keeps
// are free in the end.
func TestKillArray(t *testing.T) {
	a, name := newArray(t, len(users{}.by))
	region := filepath.Join(t.TempDir(), "users")
	r, err := shared.Create(region, shared.SizeFor[users]())
	want(t, err, nil)
	defer r.Close()
	u, err := shared.Map[users](r)
	want(t, err, nil)
	var workers [arrayWorkers]*exec.Cmd
	begin := func(i int) { workers[i] = worker(t, "array", name, region, strconv.Itoa(i)) }
	end := func(i int) {
		want(t, kill(workers[i]), nil)
		u.lives[i].Add(1)
	}
	for i := range workers {
		begin(i)
	}
	for range less(20) {
		time.Sleep(time.Duration(rand.IntN(5000)) * time.Microsecond)
		i := rand.IntN(len(workers))
		end(i)
		// No process uses the entries that it has kept: free some, so that the others find some.
		for n, e := range a.All() {
			by := u.by[n].Load()
			if by&^keptBit>>8 < uint64(u.lives[i].Load()) && int(byte(by)) == i+1 && e.Kept && by&keptBit != 0 && u.by[n].CompareAndSwap(by, 0) {
				if err := a.Free(n); err != nil {
					t.Fatal(err)
				}
			}
		}
		begin(i)
	}
	for i := range workers {
		end(i)
	}
	kept := 0
	for i, e := range a.All() {
		if !e.Kept {
			t.Errorf("entry %d is allocated by %v", i, e.Allocator)
		}
		kept++
	}
	got := map[int]bool{}
	for {
		i, err := a.Allocate()
		if errors.Is(err, shared.ErrFull) {
			break
		}
		want(t, err, nil)
		if got[i] {
			t.Fatalf("entry %d was given twice", i)
		}
		got[i] = true
	}
	if len(got)+kept != a.Len() {
		t.Errorf("of %d entries %d are kept and %d were free", a.Len(), kept, len(got))
	}
	for i := range got {
		want(t, a.Free(i), nil)
	}
	t.Logf("%d entries kept in the end", kept)
}

// growMost is how long TestKillArrayGrow makes an array at most, so that there is room for the entries of the test itself.
const growMost = shared.MaxEntries - 1000

// TestKillArrayGrow kills processes that make an array longer, while others lock its entries.
func TestKillArrayGrow(t *testing.T) {
	a, name := newArray(t, 1)
	begin := func() *exec.Cmd { return worker(t, "arraygrow", name) }
	workers := []*exec.Cmd{begin(), begin()}
	for n := range less(20) {
		for before := a.Len(); a.Len() < min(before+100, growMost); {
			if _, err := a.Mutex(a.Len() - 1); err != nil && !errors.Is(err, shared.ErrNotAllocated) {
				t.Fatal(err)
			}
		}
		want(t, kill(workers[n%2]), nil)
		want(t, a.Grow(a.Len()+1), nil)
		i, err := a.Allocate()
		want(t, err, nil)
		want(t, a.Keep(i), nil)
		m, err := a.Mutex(i)
		want(t, err, nil)
		want(t, m.Lock(), nil)
		m.Unlock()
		workers[n%2] = begin()
	}
	for _, p := range workers {
		want(t, kill(p), nil)
	}
	for n := len(entries(a)); n < a.Len(); n++ {
		i, err := a.Allocate()
		want(t, err, nil)
		want(t, a.Keep(i), nil)
	}
	t.Logf("%d entries", a.Len())
}

// TestArrayThreads locks each of 100,000 mutexes, or as many as there can be.
func TestArrayThreads(t *testing.T) {
	const most = min(100_000, shared.MaxEntries)
	a, _ := newArray(t, most)
	before := threads(t)
	for n := range most {
		i, err := a.Allocate()
		want(t, err, nil)
		want(t, a.Keep(i), nil)
		m, err := a.Mutex(i)
		if n != i || err != nil {
			t.Fatal(n, i, err)
		}
		want(t, m.Lock(), nil)
		m.Unlock()
	}
	if n := threads(t) - before; n > 25 { // see TestManyLocks
		t.Errorf("%d threads more", n)
	}
	want(t, a.Close(), nil)
}

// TestArrayHostile fills arrays with bytes of chance. All that a user can do returns.
func TestArrayHostile(t *testing.T) {
	needNative(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for try := range less(40) {
		a, name := newArray(t, 64)
		f, err := os.OpenFile(name, os.O_WRONLY, 0)
		want(t, err, nil)
		at, n := int64(1<<16), 64+64*32 // the head and the entries
		if try%2 == 0 {
			at, n = at+64, n-64 // the entries
		}
		junk := make([]byte, n)
		for i := range junk {
			junk[i] = byte(random.Uint32() >> random.IntN(32))
		}
		_, err = f.WriteAt(junk, at)
		want(t, errors.Join(err, f.Close()), nil)
		want(t, within(func() error {
			for range 8 {
				a.Allocate()
			}
			for i := range min(a.Len(), 64) {
				if m, err := a.Mutex(i); err == nil {
					if ok, _ := m.TryLock(); ok {
						m.Unlock()
					}
					m.Owner()
				}
				if i%8 == 0 {
					a.Keep(i)
					a.Free(i)
				}
			}
			for range a.All() {
			}
			return nil
		}), nil)
		closeArray(t, a)
	}
}
