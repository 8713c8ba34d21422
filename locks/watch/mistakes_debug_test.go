// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package watch_test

import (
	"context"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/guard"
	"github.com/osync-go/osync/locks/internal/held"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/locks/watch"
	"github.com/osync-go/osync/locks/watch/testdata/store"
)

// found returns the mistakes that each f makes, in a goroutine of its own, one after the other.
func found(t *testing.T, fs ...func()) []watch.Mistake {
	t.Helper()
	held.Forget()
	var mu sync.Mutex
	var all []watch.Mistake
	defer watch.OnMistake(func(m watch.Mistake) {
		mu.Lock()
		defer mu.Unlock()
		all = append(all, m)
	})()
	for _, f := range fs {
		done := make(chan struct{})
		go func() {
			defer close(done)
			f()
		}()
		<-done
	}
	mu.Lock()
	defer mu.Unlock()
	return all
}

// mustFind compares the kinds of the mistakes that fs make with kinds.
func mustFind(t *testing.T, kinds []watch.MistakeKind, fs ...func()) []watch.Mistake {
	t.Helper()
	got := found(t, fs...)
	same := len(got) == len(kinds)
	for i := range got {
		same = same && got[i].Kind == kinds[i]
	}
	if !same {
		t.Errorf("%d mistakes, want %q:", len(got), kinds)
		for _, m := range got {
			t.Errorf("%v", m)
		}
	}
	return got
}

func mustFindNone(t *testing.T, fs ...func()) {
	t.Helper()
	mustFind(t, nil, fs...)
}

func mustContain(t *testing.T, m watch.Mistake, words ...string) {
	t.Helper()
	rest := m.String()
	for _, word := range words {
		_, after, ok := strings.Cut(rest, word)
		if !ok {
			t.Errorf("no %q, in this order, in\n%v", words, m)
			return
		}
		rest = after
	}
}

// TestInversionOfThree finds an order that is wrong between the locks of two packages, and reports it once, with
// both stacks.
func TestInversionOfThree(t *testing.T) {
	var stores [3]store.Store
	got := mustFind(t, []watch.MistakeKind{watch.Inversion},
		stores[0].Put, stores[0].Save, stores[1].Save, stores[0].Save, stores[1].Put, stores[0].Put)
	if len(got) == 1 {
		mustContain(t, got[0], "1. Now goroutine ", "locks.FairMutex", "index.go:", "locks.Mutex", "store.go:",
			"Save.func1", "index.(*Index).Flush", "store.(*Store).Save",
			"2. Before, goroutine", "locks.Mutex", "locks.FairMutex", "index.(*Index).Add", "store.(*Store).Put")
	}
	// It is found though no lock is locked in two orders.
	mustFind(t, []watch.MistakeKind{watch.Inversion}, stores[0].Put, stores[1].Save)
	mustFind(t, []watch.MistakeKind{watch.Inversion}, stores[1].Save, stores[0].Put, stores[0].Save)
	watch.Name(&stores[2].Index.Words, "words")
	mustFind(t, []watch.MistakeKind{watch.Inversion}, stores[2].Put, stores[1].Save, stores[0].Put, stores[2].Save)
}

// TestInversionInACircle finds a cycle of three, of which no two locks are locked in both orders.
func TestInversionInACircle(t *testing.T) {
	var a, b, c locks.Mutex
	watch.Name(&a, "a")
	watch.Name(&b, "b")
	watch.Name(&c, "c")
	in := func(first, second *locks.Mutex) func() {
		return func() {
			first.Lock()
			defer first.Unlock()
			second.Lock()
			defer second.Unlock()
		}
	}
	got := mustFind(t, []watch.MistakeKind{watch.Inversion}, in(&a, &b), in(&b, &c), in(&c, &a), in(&a, &b), in(&c, &a))
	if len(got) == 1 {
		mustContain(t, got[0], "1. Now", "c (locks.Mutex", "a (locks.Mutex", "2. Before", "a (locks.Mutex", "b (locks.Mutex",
			"3. Before", "b (locks.Mutex", "c (locks.Mutex")
		if l := got[0].Locks; len(l) != 3 || l[0].Name != "c" || l[1].Name != "a" || l[2].Name != "b" || l[0].Addr == 0 {
			t.Errorf("Locks = %v, want c, a, b", l)
		}
	}
}

// TestInversionOfOneClass finds philosophers at a round table, and two locks of one class in both orders.
func TestInversionOfOneClass(t *testing.T) {
	forks := make([]locks.Mutex, 5)
	eat := func(first, second int) func() {
		return func() {
			forks[first].Lock()
			forks[second].Lock()
			forks[second].Unlock()
			forks[first].Unlock()
		}
	}
	mustFindNone(t, eat(0, 1), eat(1, 2), eat(2, 3), eat(3, 4), eat(0, 4))
	mustFind(t, []watch.MistakeKind{watch.Inversion}, eat(0, 1), eat(1, 2), eat(2, 3), eat(3, 4), eat(4, 0))
	mustFind(t, []watch.MistakeKind{watch.Inversion}, eat(0, 1), eat(1, 0), eat(0, 1), eat(1, 0))
}

// TestInversionThatTurnsOutToBeOfOneClass locks at two places what turns out to be of one class only when the order is wrong.
func TestInversionThatTurnsOutToBeOfOneClass(t *testing.T) {
	var a, b locks.Mutex
	both := func(first, second *locks.Mutex) func() {
		return func() {
			first.Lock()
			defer first.Unlock()
			second.Lock()
			defer second.Unlock()
		}
	}
	mustFind(t, []watch.MistakeKind{watch.Inversion}, both(&a, &b), both(&b, &a))
}

// An account is locked by several methods, so its class is not known from the place of its first lock alone.
type account struct{ mu locks.Mutex }

func (a *account) deposit() { a.mu.Lock(); defer a.mu.Unlock() }

func (a *account) withdraw() { a.mu.Lock(); defer a.mu.Unlock() }

func transfer(a, b *account) {
	a.mu.Lock()
	defer a.mu.Unlock()
	b.mu.Lock()
	defer b.mu.Unlock()
}

// TestNoInversion keeps to an order of instances.
func TestNoInversion(t *testing.T) {
	accounts := make([]account, 4)
	mustFindNone(t,
		accounts[0].deposit, accounts[1].withdraw, accounts[2].withdraw, accounts[3].deposit,
		func() { transfer(&accounts[0], &accounts[1]) }, func() { transfer(&accounts[2], &accounts[3]) },
		func() { transfer(&accounts[1], &accounts[2]) }, func() { transfer(&accounts[0], &accounts[3]) })

	type node struct{ mu locks.Mutex } // a list, locked hand over hand
	list := make([]node, 1000)
	walk := func() {
		list[0].mu.Lock()
		for i := range len(list) - 1 {
			list[i+1].mu.Lock()
			list[i].mu.Unlock()
		}
		list[len(list)-1].mu.Unlock()
	}
	mustFindNone(t, walk, walk)

	var a, b locks.Mutex // a TryLock does not wait
	mustFindNone(t,
		func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() },
		func() {
			b.Lock()
			for range 3 {
				if a.TryLock() {
					a.Unlock()
				}
			}
			b.Unlock()
		})
	mustFind(t, []watch.MistakeKind{watch.Inversion}, // but its lock is held
		func() { a.Lock(); b.Lock(); b.Unlock(); a.Unlock() },
		func() { b.TryLock(); a.Lock(); a.Unlock(); b.Unlock() })
}

// TestInversionByUpgrade, and by a Cond: both wait for a lock while others are held.
func TestInversionByUpgrade(t *testing.T) {
	var rw locks.RWMutex
	var mu locks.Mutex
	mustFind(t, []watch.MistakeKind{watch.Inversion}, func() {
		rw.UpgradableLock()
		mu.Lock()
		rw.Upgrade()
		mu.Unlock()
		rw.Unlock()
	})
	c := locks.NewCond(&mu)
	var outer locks.Mutex
	mustFind(t, []watch.MistakeKind{watch.Inversion}, func() {
		mu.Lock()
		outer.Lock()
		c.WaitFor(time.Millisecond)
		outer.Unlock()
		mu.Unlock()
	})
}

const short = time.Millisecond

// TestMistakesAlone has the mistakes that one goroutine makes with one lock.
func TestMistakesAlone(t *testing.T) {
	self, twice := []watch.MistakeKind{watch.SelfDeadlock}, []watch.MistakeKind{watch.ReadTwice}
	notHeld := []watch.MistakeKind{watch.NotHeld}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	soon := func() context.Context {
		ctx, cancel := context.WithTimeout(context.Background(), short)
		t.Cleanup(cancel)
		return ctx
	}
	var m locks.Mutex
	var fair locks.FairMutex
	var rw locks.RWMutex
	var biased locks.BiasedRWMutex
	var g guard.Mutex[int]
	var grw guard.RWMutex[int]
	for name, c := range map[string]struct {
		kinds []watch.MistakeKind
		f     func()
	}{
		"Mutex.TryLockFor":       {self, func() { m.Lock(); m.TryLockFor(short); m.Unlock() }},
		"Mutex.LockContext":      {self, func() { m.Lock(); m.LockContext(soon()); m.Unlock() }},
		"Mutex ended":            {nil, func() { m.Lock(); m.LockContext(ended); m.TryLockFor(0); m.TryLock(); m.Unlock() }},
		"Mutex.AssertHeld":       {notHeld, func() { m.AssertHeld(); m.Lock(); m.AssertHeld(); m.Unlock() }},
		"FairMutex.TryLockFor":   {self, func() { fair.Lock(); fair.TryLockFor(short); fair.Unlock() }},
		"FairMutex.LockLimit":    {self, func() { fair.Lock(); fair.LockLimit(park.For(short)); fair.Unlock() }},
		"RWMutex.RLockLimit":     {self, func() { rw.Lock(); rw.RLockLimit(park.For(short)); rw.Unlock() }},
		"FairMutex.LockContext":  {self, func() { fair.Lock(); fair.LockContext(soon()); fair.Unlock() }},
		"FairMutex.AssertHeld":   {notHeld, func() { fair.AssertHeld(); fair.TryLock(); fair.AssertHeld(); fair.Unlock() }},
		"RWMutex.TryLockFor":     {self, func() { rw.Lock(); rw.TryLockFor(short); rw.Unlock() }},
		"RWMutex.TryRLockFor":    {self, func() { rw.Lock(); rw.TryRLockFor(short); rw.Unlock() }},
		"RWMutex read, write":    {self, func() { rw.RLock(); rw.LockContext(soon()); rw.RUnlock() }},
		"RWMutex read, read":     {twice, func() { rw.RLock(); rw.RLock(); rw.RUnlock(); rw.RUnlock() }},
		"RWMutex read, upgrade":  {twice, func() { rw.RLock(); rw.UpgradableLock(); rw.UpgradableUnlock(); rw.RUnlock() }},
		"RWMutex read, try":      {nil, func() { rw.RLock(); rw.TryRLock(); rw.RUnlock(); rw.RUnlock() }},
		"RWMutex upgrade, read":  {nil, func() { rw.UpgradableLock(); rw.RLock(); rw.RUnlock(); rw.UpgradableUnlock() }},
		"RWMutex upgrade, twice": {self, func() { rw.UpgradableLock(); rw.TryUpgradableLockFor(short); rw.UpgradableUnlock() }},
		"RWMutex.Upgrade as reader": {self, func() {
			rw.UpgradableLock()
			rw.RLock()
			rw.TryUpgradeFor(short)
			rw.RUnlock()
			rw.UpgradableUnlock()
		}},
		"RWMutex.UpgradableLockLimit": {self, func() {
			rw.UpgradableLockLimit(park.Limit{})
			rw.AssertRHeld()
			rw.UpgradableLockLimit(park.For(short))
			rw.UpgradeLimit(park.Limit{})
			rw.AssertHeld()
			rw.Unlock()
		}},
		"BiasedRWMutex limits": {self, func() {
			biased.LockLimit(park.Limit{})
			biased.AssertHeld()
			biased.RLockLimit(park.For(short))
			biased.Unlock()
			token, _ := biased.RLockLimit(park.Limit{})
			biased.AssertRHeld()
			biased.RUnlock(token)
		}},
		"RWMutex modes": {nil, func() {
			rw.UpgradableLock()
			rw.AssertRHeld()
			rw.Upgrade()
			rw.AssertHeld()
			rw.DowngradeToUpgradable()
			rw.TryUpgrade()
			rw.Downgrade()
			rw.AssertRHeld()
			rw.RUnlock()
			rw.UpgradableLock()
			rw.DowngradeUpgradable()
			rw.RUnlock()
		}},
		"RWMutex.AssertHeld":  {notHeld, func() { rw.RLock(); rw.AssertRHeld(); rw.AssertHeld(); rw.RUnlock() }},
		"RWMutex.AssertRHeld": {notHeld, func() { rw.AssertRHeld() }},
		"RLocker":             {twice, func() { l := rw.RLocker(); l.Lock(); l.Lock(); l.Unlock(); l.Unlock() }},
		"BiasedRWMutex read, read": {twice, func() {
			a := biased.RLock()
			b := biased.RLock()
			biased.RUnlock(a)
			biased.RUnlock(b)
		}},
		"BiasedRWMutex read, write": {self, func() { a := biased.RLock(); biased.TryLockFor(short); biased.RUnlock(a) }},
		"BiasedRWMutex write, read": {self, func() { biased.Lock(); biased.TryRLockFor(short); biased.Unlock() }},
		"BiasedRWMutex modes": {notHeld, func() {
			biased.Lock()
			biased.AssertHeld()
			biased.AssertRHeld()
			biased.Unlock()
			a := biased.RLock()
			biased.AssertRHeld()
			biased.AssertHeld()
			biased.RUnlock(a)
		}},
		"Once": {nil, func() { var o locks.Once; o.Do(func() {}); o.Do(func() {}) }},
		"Cond": {notHeld, func() {
			defer func() { recover() }() // unlock of unlocked mutex
			locks.NewCond(&fair).WaitFor(short)
		}},
		"guard.Mutex":   {notHeld, func() { g.With(func(*int) { g.AssertHeld() }); g.AssertHeld() }},
		"guard.RWMutex": {notHeld, func() { grw.Read(func(int) { grw.AssertRHeld(); grw.AssertHeld() }) }},
	} {
		t.Run(name, func(t *testing.T) {
			got := mustFind(t, c.kinds, c.f)
			if len(got) == 1 {
				typ := strings.TrimPrefix(got[0].Locks[0].Type, "locks.")
				if before, _, _ := strings.Cut(strings.ReplaceAll(strings.ReplaceAll(name, "RLocker", "RWMutex"), "Cond", "FairMutex"), " "); !strings.Contains(before, typ) {
					t.Errorf("the lock is a %s", typ)
				}
				mustContain(t, got[0], "mistakes_debug_test.go")
			}
		})
	}
}

// TestOnceInside shows that a handler can end a goroutine that would wait forever.
func TestOnceInside(t *testing.T) {
	held.Forget()
	var o locks.Once
	var got watch.Mistake
	defer watch.OnMistake(func(m watch.Mistake) { got = m; runtime.Goexit() })()
	var wg sync.WaitGroup
	wg.Go(func() { o.Do(func() { o.Do(func() {}) }) })
	wg.Wait()
	if got.Kind != watch.SelfDeadlock {
		t.Errorf("kind %q, want %q", got.Kind, watch.SelfDeadlock)
	}
	mustContain(t, got, "locks.Once", "Do of the same Once")
	o.Do(func() { t.Error("the Once was not done") })
}

// TestNotOwner unlocks in another goroutine, with and without a Transfer.
func TestNotOwner(t *testing.T) {
	var m locks.Mutex
	var rw locks.RWMutex
	var biased locks.BiasedRWMutex
	var token locks.ReadToken
	var s struct {
		n  int
		mu locks.FairMutex
	}
	for name, c := range map[string]struct{ lock, transfer, unlock func() }{
		"Mutex":         {m.Lock, func() { watch.Transfer(&m) }, m.Unlock},
		"FairMutex":     {s.mu.Lock, func() { watch.Transfer(&s) }, s.mu.Unlock},
		"RWMutex":       {rw.Lock, func() { watch.Transfer(&rw) }, rw.Unlock},
		"reader":        {rw.RLock, func() { watch.Transfer(&rw) }, rw.RUnlock},
		"upgradable":    {rw.UpgradableLock, func() { watch.Transfer(&rw) }, rw.UpgradableUnlock},
		"downgrade":     {rw.Lock, func() { watch.Transfer(&rw) }, func() { rw.Downgrade(); rw.RUnlock() }},
		"BiasedRWMutex": {biased.Lock, func() { watch.Transfer(&biased) }, biased.Unlock},
		"biased reader": {func() { token = biased.RLock() }, func() { watch.Transfer(&biased) }, func() { biased.RUnlock(token) }},
	} {
		t.Run(name, func(t *testing.T) {
			mustFindNone(t, func() { c.lock(); c.transfer() }, c.unlock)
			got := mustFind(t, []watch.MistakeKind{watch.NotOwner}, c.lock, c.unlock, c.lock, c.unlock)
			if len(got) == 1 {
				mustContain(t, got[0], "unlocks", "It was locked", "watch.Transfer")
			}
			// The owner lives on, and finds its hold gone.
			locked, unlocked := make(chan bool), make(chan bool)
			go func() { <-locked; c.unlock(); close(unlocked) }()
			mustFind(t, []watch.MistakeKind{watch.NotOwner}, func() {
				c.lock()
				close(locked)
				<-unlocked
				c.lock()
				c.unlock()
			})
		})
	}
}

// TestCopied unlocks a copy of a locked lock.
func TestCopied(t *testing.T) {
	var m locks.Mutex
	copied := new(locks.Mutex)
	got := mustFind(t, []watch.MistakeKind{watch.Copied}, func() {
		m.Lock()
		*(*uint32)(unsafe.Pointer(copied)) = *(*uint32)(unsafe.Pointer(&m))
		copied.Unlock()
		m.Unlock()
	})
	if len(got) == 1 {
		mustContain(t, got[0], "copy of a locked lock")
	}
}

// TestHeldFor reports a lock that is held for too long when it is unlocked, by the time of a bubble, too, and
// while it is held.
func TestHeldFor(t *testing.T) {
	var m locks.Mutex
	unlocked := func(t *testing.T) {
		defer watch.HeldFor(time.Hour)()
		got := mustFind(t, []watch.MistakeKind{watch.HeldLong}, func() {
			m.Lock()
			time.Sleep(time.Hour)
			m.Unlock() // exactly the limit
			m.Lock()
			time.Sleep(time.Hour + 1)
			m.Unlock()
		})
		if len(got) == 1 {
			mustContain(t, got[0], "for 1h0m0", "unlocks it here", "locked here", "TestHeldFor")
		}
	}
	synctest.Test(t, unlocked)

	held.Forget()
	told := make(chan watch.Mistake, 10)
	defer watch.OnMistake(func(m watch.Mistake) { told <- m })()
	defer watch.HeldFor(short)()
	m.Lock()
	got := <-told
	m.Unlock()
	mustContain(t, got, "so far", "TestHeldFor", "locked here", "TestHeldFor")
}

// TestNoMistakes does what is right, in bubbles and pinned threads as well.
func TestNoMistakes(t *testing.T) {
	use := func(pass func()) {
		var wg locks.WaitGroup
		mu := new(locks.Mutex)
		c := locks.NewCond(mu)
		turn := 0
		for i := range 4 {
			wg.Go(func() {
				mu.Lock()
				for turn != i {
					c.Wait()
				}
				turn++
				mu.AssertHeld()
				c.Broadcast()
				pass() // so that Unlock hands the lock over to one that Broadcast has moved
				mu.Unlock()
			})
		}
		wg.Wait()
		g := guard.NewMutex(0)
		for i := range 4 {
			wg.Go(func() {
				g.When(func(n *int) bool { return *n == i }, func(n *int) {
					*n++
					pass() // so that the lock is handed off
				})
				g.WhenFor(0, func(n *int) bool { return *n < 0 }, func(*int) {})
			})
		}
		wg.Wait()
		var rw locks.RWMutex
		for range 4 {
			wg.Go(func() {
				for range 100 {
					rw.UpgradableLock()
					rw.Upgrade()
					rw.Downgrade()
					rw.RUnlock()
					rw.RLock()
					rw.RUnlock()
					if rw.TryLockFor(short) {
						rw.Unlock()
					}
				}
			})
		}
		wg.Wait()
		many := make([]locks.FairMutex, 100) // more than a goroutine has room for at first
		for i := range many {
			many[i].Lock()
		}
		for i := range many {
			many[i].AssertHeld()
			many[i].Unlock()
		}
	}
	mustFindNone(t, func() { use(func() { time.Sleep(2 * short) }) })
	mustFindNone(t, func() { synctest.Test(t, func(*testing.T) { use(func() {}) }) })
	mustFindNone(t, func() {
		var m locks.Mutex
		c := locks.NewCond(&m)
		done := false
		m.Lock()
		th := thread.Spawn(func() error {
			m.Lock()
			defer m.Unlock()
			done = true
			c.Signal()
			return nil
		})
		for !done {
			c.Wait()
		}
		m.AssertHeld()
		m.Unlock()
		th.Join()
	})
}

// TestStandardError shows where reports go without a handler, and that each goes there once.
func TestStandardError(t *testing.T) {
	held.Forget()
	before := os.Stderr
	defer func() { os.Stderr = before }()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	os.Stderr = w
	var m locks.Mutex
	for range 2 {
		m.AssertHeld()
	}
	w.Close()
	os.Stderr = before
	buf := make([]byte, 1<<16)
	n, _ := r.Read(buf)
	if report := string(buf[:n]); strings.Count(report, "osync: lock is not held") != 1 || !strings.Contains(report, "No goroutine holds it.") {
		t.Errorf("the standard error has %q", report)
	}
}
