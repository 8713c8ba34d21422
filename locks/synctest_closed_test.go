// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_synctest

package locks_test

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/park"
	"github.com/osync-go/osync/locks/thread"
)

// TestLockAcrossTime is the test of golang/go#77687: the holder of a mutex sleeps, and another goroutine waits in
// Lock. With a sync.Mutex the bubble's time stands still forever.
func TestLockAcrossTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu locks.Mutex
		begin := time.Now()
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				mu.Lock()
				defer mu.Unlock()
				time.Sleep(time.Second)
			})
		}
		synctest.Wait() // one sleeps, two wait: all are durably blocked
		if n := mu.Waiting(); n != 2 {
			t.Errorf("%d goroutines wait, want 2", n)
		}
		if all.Wait(); time.Since(begin) != 3*time.Second {
			t.Errorf("it took %v of the bubble's time, want 3s", time.Since(begin))
		}
	})
}

// TestRLockAcrossTime is the same for readers, and for a writer that waits until they have left.
func TestRLockAcrossTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var rw locks.RWMutex
		begin := time.Now()
		var all sync.WaitGroup
		rw.Lock()
		for range 3 {
			all.Go(func() {
				rw.RLock()
				defer rw.RUnlock()
				time.Sleep(time.Second)
			})
		}
		time.Sleep(time.Minute)
		rw.Unlock()
		synctest.Wait() // the readers have it
		rw.Lock()
		if time.Since(begin) != time.Minute+time.Second {
			t.Errorf("it took %v of the bubble's time, want 1m1s", time.Since(begin))
		}
		rw.Unlock()
		all.Wait()
	})
}

// TestPinnedInBubble lets a pinned thread wait for each lock in a bubble. It must not sleep in the kernel.
func TestPinnedInBubble(t *testing.T) {
	for i, outside := range limitable() {
		outside.Settle()
		t.Run(outside.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				for j, w := range limitable() {
					if j != i {
						w.Settle()
						continue
					}
					begin := time.Now()
					h := thread.Spawn(func() error { return w.Wait(context.Background()) })
					time.Sleep(time.Minute)
					w.Settle()
					if err := h.Join(); err != nil || time.Since(begin) != time.Minute {
						t.Errorf("the wait ended with %v after %v of the bubble's time, want 1m", err, time.Since(begin))
					}
				}
			})
		})
	}
}

// TestOutsideWaits lets goroutines inside and outside wait for a lock that is held inside.
func TestOutsideWaits(t *testing.T) {
	rw := new(locks.RWMutex)
	held := make(chan bool)
	var outside sync.WaitGroup
	for range 2 {
		outside.Go(func() {
			<-held
			rw.RLock()
			rw.RUnlock()
		})
	}
	synctest.Test(t, func(t *testing.T) {
		rw.Lock()
		go rw.RLock()
		synctest.Wait()
		held <- true
		held <- true
		for rw.Waiting() != 3 {
			runtime.Gosched()
		}
		go rw.RLock()
		synctest.Wait()
		rw.Unlock()
	})
	outside.Wait()
}

// crossing are misuses. Each ends the program, or is found in the bubble.
var crossing = map[string]struct {
	run  func(t *testing.T)
	want string // a regular expression
}{
	"unlocked outside": {
		func(t *testing.T) {
			var m locks.Mutex
			m.Lock()
			unlockWhenAwaited(&m, m.Unlock)
			waitInBubble(t, m.Lock)
		},
		`panic: park: locks\.Mutex 0x[0-9a-f]+ is used inside and outside of a synctest bubble: ` +
			`goroutine \d+ waits for it in bubble \d+, and goroutine \d+ outside of bubbles ends that wait\. ` +
			`With the build tag osync_synctest, what is waited for in a bubble must stay in that bubble`,
	},
	"unlocked in another bubble": {
		func(t *testing.T) {
			var rw locks.RWMutex
			locked := make(chan bool)
			go synctest.Test(t, func(*testing.T) {
				rw.Lock()
				lockedOutside(locked)
				for rw.Waiting() == 0 {
					runtime.Gosched()
				}
				rw.Unlock()
			})
			<-locked
			waitInBubble(t, rw.RLock)
		},
		`locks\.RWMutex 0x[0-9a-f]+ .* waits for it in bubble \d+, and goroutine \d+ in bubble \d+ ends that wait`,
	},
	"a panic that is recovered, and others that wait": {
		func(t *testing.T) {
			var rw locks.RWMutex
			rw.Lock()
			var outside sync.WaitGroup
			read := func() { rw.RLock(); rw.RUnlock() }
			outside.Go(read)
			for rw.Waiting() != 1 {
				runtime.Gosched()
			}
			go func() {
				for rw.Waiting() != 2 { // the one in the bubble, so that it is woken between these
					runtime.Gosched()
				}
				outside.Go(read)
				outside.Go(read)
				for rw.Waiting() != 4 {
					runtime.Gosched()
				}
				defer func() {
					fmt.Println("recovered:", recover())
					outside.Wait()
					fmt.Println("the others have it")
					os.Exit(1)
				}()
				rw.Unlock()
			}()
			waitInBubble(t, rw.RLock)
		},
		`(?s)recovered: park: locks\.RWMutex .*the others have it`,
	},
	"a condition": {
		func(t *testing.T) {
			s := locks.NewSemaphore(1)
			s.Acquire(1)
			unlockWhenAwaited(s, func() { s.Release(1) })
			waitInBubble(t, func() { s.Acquire(1) })
		},
		`panic: park: locks\.Semaphore `,
	},
	"any of two words": {
		func(t *testing.T) {
			var a, b atomic.Uint32
			go func() {
				for !park.Wake(&b) {
					runtime.Gosched()
				}
			}()
			waitInBubble(t, func() { park.WaitAny(park.Limit{}, park.Word{Addr: &a}, park.Word{Addr: &b}) })
		},
		`panic: park: park\.Wait 0x[1-9a-f][0-9a-f]+ `,
	},
	"a limit": {
		func(t *testing.T) {
			var m locks.FairMutex
			m.Lock()
			unlockWhenAwaited(&m, m.Unlock)
			waitInBubble(t, func() { m.LockContext(t.Context()) })
		},
		`panic: park: locks\.FairMutex `,
	},
	"a deadlock": {
		func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var a, b locks.Mutex
				lock := func(first, second *locks.Mutex) {
					first.Lock()
					time.Sleep(time.Second)
					second.Lock()
				}
				go lock(&a, &b)
				lock(&b, &a)
			})
		},
		`(?s)deadlock: all goroutines in bubble are blocked.*locks\.\(\*Mutex\)\.[lL]ock`,
	},
	"a deadlock with a goroutine outside": {
		func(t *testing.T) {
			var m locks.Mutex
			m.Lock()
			synctest.Test(t, func(*testing.T) { m.Lock() })
		},
		`(?s)deadlock: all goroutines in bubble are blocked.*locks\.\(\*Mutex\)\.[lL]ock`,
	},
}

// lockedOutside tells a goroutine outside of the bubble of its caller.
func lockedOutside(locked chan<- bool) { locked <- true }

// unlockWhenAwaited starts a goroutine that unlocks l when another one waits.
func unlockWhenAwaited(l interface{ Waiting() int }, unlock func()) {
	go func() {
		for l.Waiting() == 0 {
			runtime.Gosched()
		}
		unlock()
	}()
}

// waitInBubble waits in a bubble in which another goroutine runs, or synctest would find a deadlock.
func waitInBubble(t *testing.T, wait func()) {
	synctest.Test(t, func(*testing.T) {
		go func() {
			for {
				runtime.Gosched()
			}
		}()
		wait()
		panic("the wait has ended")
	})
}

// TestAcrossBubbles runs each of them in a child process.
func TestAcrossBubbles(t *testing.T) {
	if name := os.Getenv("OSYNC_ACROSS_BUBBLES"); name != "" {
		crossing[name].run(t)
		return
	}
	for name, c := range crossing {
		t.Run(name, func(t *testing.T) {
			out, err := locktest.Child(t, "OSYNC_ACROSS_BUBBLES="+name, "-test.run=^TestAcrossBubbles$", "-test.timeout=1m")
			if err == nil || !regexp.MustCompile(c.want).Match(out) || strings.Contains(string(out), "fatal error") {
				t.Errorf("%v, want a line like %q in:\n%s", err, c.want, out)
			}
		})
	}
}
