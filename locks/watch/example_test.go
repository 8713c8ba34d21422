// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch_test

import (
	"expvar"
	"fmt"
	"io"
	"log"
	"net/http"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/watch"
)

func ExampleWaits() {
	var cache locks.RWMutex
	watch.Name(&cache, "cache")
	cache.Lock()
	done := make(chan struct{})
	go func() {
		cache.RLock()
		cache.RUnlock()
		close(done)
	}()
	for len(watch.Waits()) == 0 {
		time.Sleep(time.Millisecond)
	}
	for _, w := range watch.Waits() {
		fmt.Printf("a goroutine waits for %s, a %s, to %s\n", w.Lock.Name, w.Lock.Type, w.For)
	}
	cache.Unlock()
	<-done
	// Output: a goroutine waits for cache, a locks.RWMutex, to read
}

func ExampleOnSlow() {
	stop := watch.OnSlow(10*time.Millisecond, func(w watch.SlowWait) {
		if w.Ended && w.Lock.Name == "accounts" {
			caller := w.UnlockedBy.Stack.String()
			fmt.Println("a slow wait for", w.Lock.Name, "was ended by this function:", strings.Contains(caller, "ExampleOnSlow"))
		}
	})

	var accounts locks.Mutex
	watch.Name(&accounts, "accounts")
	accounts.Lock()
	done := make(chan struct{})
	go func() {
		accounts.Lock()
		accounts.Unlock()
		close(done)
	}()
	for len(watch.Waits()) == 0 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond) // with the lock
	accounts.Unlock()
	<-done
	stop() // and f has been called
	// Output: a slow wait for accounts was ended by this function: true
}

func ExampleSlowWait() {
	// A hook that logs all fields.
	logSlow := func(w watch.SlowWait) {
		switch {
		case !w.Ended:
			log.Printf("goroutine %d has waited for %v for %v:\n%v", w.Goroutine, w.Lock, w.Lasted, w.Stack)
		case w.LimitReached:
			log.Printf("goroutine %d has given up after %v of waiting for %v:\n%v", w.Goroutine, w.Lasted, w.Lock, w.Stack)
		default:
			var by watch.Unlocker = w.UnlockedBy
			log.Printf("goroutine %d waited for %v for %v:\n%vuntil goroutine %d unlocked it:\n%v", w.Goroutine, w.Lock, w.Lasted, w.Stack, by.Goroutine, by.Stack)
		}
		if w.Dropped > 0 {
			log.Printf("%d more waits were slow", w.Dropped)
		}
	}
	stop := watch.OnSlow(time.Second, logSlow)
	defer stop()
	// Output:
}

func ExampleStack() {
	stop := watch.OnSlow(time.Second, func(w watch.SlowWait) {
		var s watch.Stack = w.UnlockedBy.Stack
		if len(s) > 0 {
			log.Printf("%s was called at %s:%d", s[0].Function, s[1].File, s[1].Line)
		}
	})
	stop()
	// Output:
}

func ExampleFigures() {
	var queue locks.Mutex
	watch.Name(&queue, "queue")
	queue.Lock()
	queue.TryLockFor(time.Millisecond)
	show := func(f watch.Figure) {
		fmt.Printf("%s, a %s: %d waits last, the oldest for %v\n", f.Name, f.Type, f.Waiting, f.Oldest)
		fmt.Println("all gave up:", f.GaveUp == f.Waits)
		fmt.Println("they took their time:", f.Longest > 0, f.Total/time.Duration(f.Waits) > 0)
		i := slices.IndexFunc(f.Buckets, func(b watch.Bucket) bool { return b.Waits > 0 })
		fmt.Println("the bound of their bucket is longer:", f.Buckets[i].UpTo >= f.Longest)
	}
	for _, f := range watch.Figures() {
		if f.Name == "queue" {
			show(f)
		}
	}
	// Output:
	// queue, a locks.Mutex: 0 waits last, the oldest for 0s
	// all gave up: true
	// they took their time: true true
	// the bound of their bucket is longer: true
}

func ExampleVars() {
	if expvar.Get("osync") == nil { // or in an init function
		expvar.Publish("osync", watch.Vars())
	}
	// Output:
}

func ExampleWait() {
	// The waits of the goroutines of a stuck program.
	show := func(w watch.Wait) {
		what := "a condition"
		if w.Exclusion {
			what = "a lock"
		}
		thread, end := "", "for ever"
		if w.Pinned {
			thread = ", a pinned thread"
		}
		if w.Limited {
			end = "up to a limit"
		}
		fmt.Printf("goroutine %d%s waits for %s, %v, to %s, since %v, %s\n", w.Goroutine, thread, what, w.Lock, w.For, w.Since, end)
	}
	for _, w := range watch.Waits() {
		show(w)
	}
	// Output:
}

func ExampleLock_String() {
	fmt.Println(watch.Lock{Type: "locks.Mutex", Name: "cache", Addr: 0xc012090})
	fmt.Println(watch.Lock{Type: "locks.Mutex", Addr: 0xc012090})
	// Output:
	// cache (locks.Mutex 0xc012090)
	// locks.Mutex 0xc012090
}

func ExampleHandler() {
	http.Handle("/debug/osync/", watch.Handler())
	// Output:
}

func ExampleWaitsWithStacks() {
	for _, w := range watch.WaitsWithStacks() {
		if time.Since(w.Since) > time.Minute {
			log.Printf("goroutine %d has waited for %v since %v, in\n%v", w.Goroutine, w.Lock, w.Since, w.Stack)
		}
	}
	// Output:
}

func ExampleSetContentionFraction() {
	defer watch.SetContentionFraction(watch.SetContentionFraction(100))
	var f io.Writer = io.Discard // or a file, for go tool pprof
	if err := pprof.Lookup("osync.contention").WriteTo(f, 0); err != nil {
		log.Fatal(err)
	}
	// Output:
}
