// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

// A Waiter is in one of these stages. A mistake in a lock, such as pushing a Waiter twice or waking it
// twice, would corrupt the queues of other words. So each step checks the stage, and panics if it is
// wrong. That is a store or a comparison on a cache line that is in use anyway.
//
//	stage     meaning                                left by
//	idle      its owner's, in no Sleep               Sleep: to entering; Free: to freed
//	entering  in a call of Enqueue, in no queue      Push and its kin: to queued; the return of an
//	                                                 Enqueue that has not pushed it: to idle
//	queued    in a queue                             Pop, PopAll: to taken; a limit that ends the
//	                                                 wait: to idle
//	taken     taken out; the taker owes it a Wake    Wake: to woken
//	woken     woken                                  the end of its Sleep: to idle
//	freed     in the pool                            NewWaiter: to idle
//
// It is guarded by the lock of the bucket while the Waiter is queued, belongs to the waker
// while it is taken, and to the owner otherwise.
type stage uint8

const (
	isFreed stage = iota
	isIdle
	isEntering
	isQueued
	isTaken
	isWoken
)

// misuse panics. do is what a Waiter in stage s must not be used for.
func (s stage) misuse(do string) {
	panic("park: " + do + " a Waiter that " + [...]string{
		"is freed",
		"is not in a Sleep",
		"is about to enter a queue",
		"is in a queue",
		"was taken out and is not woken",
		"was woken and is still in its Sleep",
	}[s])
}
