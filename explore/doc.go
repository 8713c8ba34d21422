// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package explore checks code that is built on atomic operations and locks in every order in which its
// steps can come. A test calls [Check]:
//
//	func TestMutex(t *testing.T) {
//		explore.Check(t, func(x *explore.Run) {
//			var m Mutex
//			n := 0
//			for range 3 {
//				x.Go(func() { m.Lock(); n++; m.Unlock() })
//			}
//			x.Wait()
//			x.Assert(n == 3, "lost an addition")
//		})
//	}
//
// and the command explore runs it:
//
//	go run github.com/osync-go/osync/explore/cmd/explore ./mylock
//
// The source stays as it is. The command compiles the package from a copy in which sync/atomic, sync, runtime,
// time, context, math/rand/v2, channels and go statements are those of the explorer, which runs one
// goroutine at a time and decides which goes next. Under plain go test the same test is a stress test.
// [Find] returns the failure that a test comes to, for tests that a wrong lock is caught. The page docs/checking-a-lock.md of
// the repository goes from a broken mutex to its schedule to the mended one.
//
// # What is explored
//
// A step is an atomic operation, an operation of a lock, a channel or a timer, with all that a goroutine does
// from there up to its next step. Atomic operations are sequentially consistent, as Go's memory model says.
// Two steps are dependent if they use the same object and one of them changes it; only the order of dependent
// steps can make a difference. [Exhaustive] runs one execution for each such order (dynamic partial order
// reduction with source sets and sleep sets), so that a mutex with two goroutines takes some dozens of
// executions instead of thousands. A timer may fire at any moment, a context may end at any moment; a spin
// loop is followed for [Options].Spins turns, and goes on when another goroutine has changed what it reads.
//
// The result says what was explored. It claims every interleaving only if no bound has left anything out, and no goroutine
// of a package that was not rewritten has taken part. A wait in such a package that soon ends by itself, as a short sleep
// does, is noted below the result if it is seen.
//
// # What is not
//
// Plain variables are no steps. Their races are found for a [Var], and for all variables under the flag -vars;
// code without data races needs no more. Weak memory is not modelled, as Go has none. What the explored code
// calls must be rewritten or must not block: a test that blocks elsewhere is told where. Real input and
// output, the garbage collector's finalizers and testing/synctest are outside. At most 32 goroutines and timers
// can be in one execution.
package explore
