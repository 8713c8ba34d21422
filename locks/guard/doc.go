// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package guard has locks with the data inside: the value can be reached only through its lock.
//
//	jobs := guard.NewMutex(queue{})
//	jobs.With(func(q *queue) { q.push(job) })                          // a producer
//	jobs.When((*queue).filled, func(q *queue) { job = q.pop() })       // a consumer
//
// Its types:
//
//	need                                             use
//	to exclude others from a value                   Mutex
//	to wait until the value is in some state         Mutex.When: no Cond to signal, or to forget
//	to let several goroutines read it at a time      RWMutex
//	small values, read often, without any lock       SeqLock
//
// A [Mutex] is a monitor with conditional critical sections: [Mutex.When] waits until a condition holds for
// the value. Each end of a With or When counts as a change of the value, after which the waiters look at
// their conditions again.
//
// The value is used by methods that take a function. Where that has a result, the functions [With], [When] and [Read] of
// this package return it, and so do their forms with a context:
//
//	job, err := guard.WhenContext(ctx, jobs, (*queue).filled, (*queue).pop)
//
// Load, Store and Swap are for values that are copied as a whole.
//
// # The functions
//
// The functions that are passed to a lock run in the caller's goroutine, with the lock held. They must not
// use the lock itself, and must not keep the pointer. If one panics or calls [runtime.Goexit], the lock
// is released, and the value stays as it was then.
//
// A condition must not change the value. It is called again only after a change, so it must not depend on
// anything else that changes.
package guard
