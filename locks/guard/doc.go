// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package guard provides locks with their data inside: the value can be accessed only through its
// lock.
//
//	jobs := guard.NewMutex(queue{})
//	jobs.With(func(q *queue) { q.push(job) })                          // a producer
//	jobs.When((*queue).filled, func(q *queue) { job = q.pop() })       // a consumer
//
// Its types:
//
//	need                                             use
//	access a value exclusively                       Mutex
//	wait until the value is in some state            Mutex.When: no Cond to signal, or to forget
//	let several goroutines read it at a time         RWMutex
//	read small values often, without any lock        SeqLock
//
// A [Mutex] is a monitor with conditional critical sections: [Mutex.When] waits until a condition holds for
// the value. The end of each With or When counts as a change of the value, after which the waiters evaluate
// their conditions again.
//
// The methods that access the value take a function. If the function has a result, the functions [With], [When] and
// [Read] of this package return it, and so do their forms with a context:
//
//	job, err := guard.WhenContext(ctx, jobs, (*queue).filled, (*queue).pop)
//
// Load, Store and Swap are for values that are copied as a whole.
//
// # The functions
//
// The functions that are passed to a lock run in the caller's goroutine, with the lock held. They must not
// use the lock itself, and must not keep the pointer. If one panics or calls [runtime.Goexit], the lock is
// released, and the value stays as the function left it.
//
// A condition must not change the value. It is evaluated again only after a change, so it must not depend
// on anything else that changes.
package guard
