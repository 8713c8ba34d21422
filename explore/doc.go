// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package explore checks concurrent code, built on atomic operations and locks, under every possible order of its
// steps. A test calls [Check]:
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
// The source is not modified. The command compiles the package from a copy in which sync/atomic, sync, runtime, time,
// context, math/rand/v2, channels and go statements are those of the explorer, which runs one goroutine at a time and decides
// which one runs next. Under plain go test the same test is a stress test. [Find] returns the failure instead of failing the
// test, for tests that check that a broken lock is caught. The page docs/checking-a-lock.md of the repository goes from a
// broken mutex to the schedule that breaks it and to the repaired mutex.
//
// # What is explored
//
// A step is an atomic operation, or an operation on a lock, a channel or a timer, together with everything that the
// goroutine does up to its next step. Atomic operations are sequentially consistent, as Go's memory model says. Two
// steps are dependent if they use the same object and at least one of them changes it; only the order of dependent
// steps can make a difference. [Exhaustive] runs one execution for each such order (dynamic partial order reduction
// with source sets and sleep sets), so that a mutex with two goroutines takes a few dozen executions instead of
// thousands. A timer can fire at any moment, and a context can end at any moment. A spin loop runs for [Options].Spins
// iterations; then its goroutine waits until another goroutine changes what the loop reads.
//
// The result says what was explored. It claims every interleaving only if no bound left anything out and no goroutine of a
// package that was not rewritten took part. A wait in such a package that soon ends by itself, such as a short sleep, is
// noted below the result if it is seen.
//
// # What is not
//
// Accesses to plain variables are not steps. Data races are found on a [Var], and on all variables under the flag
// -vars; code without data races needs no more. Weak memory is not modelled, as Go has none. Code that the explored
// code calls must be rewritten or must not block: if a test blocks elsewhere, the failure says where. Real input and
// output, the garbage collector's finalizers and testing/synctest are not covered. One execution can have at most 32
// goroutines and timers.
package explore
