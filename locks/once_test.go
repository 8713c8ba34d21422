// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks_test

import (
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"weak"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks"
)

func TestOnce(t *testing.T) {
	locktest.Once(t, func() locktest.Doer { return new(locks.Once) }, options()...)
}

// TestOnceFuncPanics checks that each call panics as the first one did.
func TestOnceFuncPanics(t *testing.T) {
	f := locks.OnceFunc(func() { panic("snow") })
	for range 2 {
		locktest.Panics(t, "OnceFunc", "snow", f)
	}
}

func snowfall() { panic("snow") }

// TestOnceFuncShowsWhere looks at the stack of the first panic. It shows where f has panicked.
func TestOnceFuncShowsWhere(t *testing.T) {
	defer func() {
		recover()
		if stack := string(debug.Stack()); !strings.Contains(stack, "snowfall") {
			t.Errorf("the stack does not show the function that has panicked:\n%s", stack)
		}
	}()
	locks.OnceFunc(snowfall)()
}

// TestOnceForgets shows that what f refers to can be collected once f has returned, or panicked, while the function
// made of it is still in use.
func TestOnceForgets(t *testing.T) {
	for name, newOnce := range map[string]func(f func()) func(){
		"OnceFunc":  locks.OnceFunc,
		"OnceValue": func(f func()) func() { once := locks.OnceValue(func() int { f(); return 0 }); return func() { once() } },
		"OnceValues": func(f func()) func() {
			once := locks.OnceValues(func() (int, int) { f(); return 0, 0 })
			return func() { once() }
		},
	} {
		for _, panics := range []bool{false, true} {
			much := new([1 << 16]byte)
			held := weak.Make(much)
			once := newOnce(func() {
				much[0]++
				if panics {
					panic("snow")
				}
			})
			func() {
				defer func() { recover() }()
				once()
			}()
			locktest.Eventually(t, "the memory is collected", func() bool {
				runtime.GC()
				return held.Value() == nil
			})
			runtime.KeepAlive(once)
			if panics {
				locktest.Panics(t, name, "snow", once)
			}
		}
	}
}
