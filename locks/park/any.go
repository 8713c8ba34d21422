// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"errors"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/internal/race"
)

// A Word is a word that [WaitAny] waits for, and the value that it must hold for the caller to
// sleep.
type Word struct {
	Addr *atomic.Uint32
	Old  uint32
}

// WaitAny puts the caller to sleep until a Wake of one of the words, if each word holds its Old, and returns the index
// of the word that was woken. If a word holds another value, WaitAny returns the index of the first such word at once.
// It is [Wait] for several words, and corresponds to futex_waitv of Linux and WaitForMultipleObjects of Windows.
//
// If limit is reached first, WaitAny returns -1, and a [*GiveUpError], which wraps [os.ErrDeadlineExceeded] or what
// [Ended] returns for the context. The zero Limit is never reached. WaitAny compares first, even if limit has
// already passed. Without words it sleeps until limit.
//
// As in Wait, each comparison and the queueing for that word are one step with respect to Wake. The caller consumes one
// wake, that of the word whose index WaitAny returns: a concurrent Wake of another word finds the next sleeper there,
// or none. Spurious wake-ups are possible, so call WaitAny in a loop that checks the words. A word may be given twice;
// WaitAny then returns either index.
//
// A goroutine sleeps in the Go scheduler, and a pinned thread in the kernel, on one word of its own. In a
// bubble of testing/synctest the wait is durable. WaitAny takes about as long as a Wait for each word. It
// allocates a channel and a timer if it has a limit, memory for words beyond the eighth, and nothing else.
//
//go:norace
func WaitAny(limit Limit, words ...Word) (index int, err error) {
	if i := changedWord(words); i >= 0 {
		return i, nil
	}
	var few [8]Case
	cases := few[:0]
	for i := range words {
		cases = append(cases, Case{Addr: words[i].Addr, Enqueuer: compare{}, Tag: uint64(words[i].Old)})
	}
	index, _, err = SleepAny(limit, cases)
	if err != nil {
		if i := changedWord(words); i >= 0 {
			return i, nil // a Wake is on its way
		}
	}
	return index, err
}

// changedWord returns the index of the first word that does not hold its old value, or -1.
func changedWord(words []Word) int {
	for i := range words {
		if words[i].Addr.Load() != words[i].Old {
			return i
		}
	}
	return -1
}

// A Case is one of the locks that [SleepAny] waits for.
type Case struct {
	Addr     *atomic.Uint32 // the word on which its waiters sleep
	Enqueuer Enqueuer
	Tag      uint64 // the tag of the Waiter that Enqueue receives; see [Waiter.SetTag]
	Kind     Kind   // for package watch, and for [Queue.HandOffDue]
}

// SleepAny is [Waiter.Sleep] for several locks at once. For each case in turn it locks the queue and calls Enqueue with
// a Waiter of its own. If an Enqueue does not push its Waiter, SleepAny calls no further Enqueue, and returns the index
// of the case and the token of Enqueue. If all have pushed their Waiters, or one was woken meanwhile, the goroutine
// sleeps until the first is woken. SleepAny then returns the index of that case, and the token of the waker. All other
// Waiters are taken out of their queues, with GiveUp, before SleepAny returns. If limit ends the wait, all Waiters are
// taken out, and SleepAny returns -1, 0, and the error, as Sleep does.
//
// Exactly one of Enqueue, a waker, and the limit decides how SleepAny ends. Once one has decided, the others find
// that the Waiters are no longer in their queues: [Queue.Pop] passes over them, [Queue.Empty] does not count them,
// and [Queue.Remove] reports false. So nothing is granted to a goroutine that has received another grant. A lock
// whose waiters can be cases of a SleepAny must observe these rules:
//
//   - A Waiter that [Queue.Front] returns may be gone when Pop is called.
//   - A Waiter that has lost may leave the queue without a call of GiveUp, in any call of Front, Empty, Pop, PopAll,
//     Remove or MoveTo. So a lock that counts its waiters, or records whether it has any, must do so by the results
//     of these calls, not by the number of its Pushes.
//   - A waker cannot ask the goroutine to try again, since its other Waiters have lost by then. It must grant the
//     goroutine what it waits for.
//   - Enqueue must not take waiters out, nor move any.
//
// [Queue.MoveWoken] decides the wait of the Waiters that it moves. The kind of the wait as a whole is [Condition]. If
// an Enqueue panics, all Waiters are taken out of their queues, and the panic continues; a wake that came before is
// lost.
//
//go:norace
func SleepAny(limit Limit, cases []Case) (index int, token uint32, err error) {
	g := newGroup(limit, cases)
	g.primary.sleeper.Wait()
	err = g.primary.err
	race.Disable()
	won := int(g.claimed.Load())
	race.Enable()
	for _, w := range g.members {
		if int(w.number) == won {
			w.stage = isIdle
			token = w.token
		} else {
			w.giveUp()
			w.err = errLost
		}
	}
	g.free()
	if won == byLimit {
		return -1, 0, err
	}
	return won - 1, token, nil
}

// A group is a goroutine that waits in several queues. Its primary is a Waiter that sleeps, and is in no queue.
// Its members are in the queues, and do not sleep: the Wake of a member wakes the primary.
//
// A goroutine that wants to take a member out claims the group, under the lock of the member's queue. Only one claim
// succeeds. The other members have lost, and stay in their queues until a goroutine finds them there, or until their
// owner, which is about to run, takes them out.
type group struct {
	primary *Waiter
	members []*Waiter
	atOnce  bool // an Enqueue has claimed it, so the primary need not sleep

	entering *Waiter // the member whose Enqueue runs, or has panicked

	// mu is locked for a claim, and while an Enqueue decides whether to grant, since a grant cannot be taken back.
	// mu is locked after the bucket, and nothing is locked after mu.
	mu      sync.Mutex
	claimed atomic.Int32 // the number of a member; unclaimed, or byLimit
}

const (
	unclaimed = 0
	byLimit   = -1
)

// errLost is the error that package watch sees for a member that has lost.
var errLost = errors.New("park: another wait has ended first")

var groups = sync.Pool{New: func() any { return new(group) }}

// newGroup returns a group for the calling goroutine.
//
//go:norace
func newGroup(limit Limit, cases []Case) *group {
	race.Disable()
	g := groups.Get().(*group)
	race.Enable()
	p := NewWaiter(Condition, limit)
	p.group, p.pushedTo = g, &buckets[0] // see spin
	if len(cases) > 0 {
		p.pushedTo = bucketOf(cases[0].Addr)
	}
	g.primary = p
	for i := range cases {
		c := &cases[i]
		w := idleWaiter()
		w.way, w.hasLimit = inGroup, true // it can give up
		w.group, w.number = g, int32(i)+1
		w.bubble = p.bubble
		w.addrToEnter, w.enqueuer, w.tag = c.Addr, c.Enqueuer, c.Tag
		w.spins = false
		if c.Kind == Exclusion || observing() {
			w.since = mono.Now()
		}
		if observing() {
			w.observe(c.Kind)
		}
		g.members = append(g.members, w)
	}
	return g
}

// free gives g back to the pool.
//
//go:norace
func (g *group) free() {
	for i, w := range g.members {
		w.addrToEnter = nil
		w.Free()
		g.members[i] = nil
	}
	g.primary.group = nil
	g.primary.Free()
	g.primary, g.members, g.atOnce = nil, g.members[:0], false
	race.Disable()
	g.claimed.Store(unclaimed)
	groups.Put(g)
	race.Enable()
}

// enqueue is the enqueue of the primary. It calls the Enqueue of each member.
//
//go:norace
func (g *group) enqueue() (sleep bool) {
	p := g.primary
	p.stage = isQueued
	if p.way == byKernel {
		race.Disable()
		p.word.Store(awake)
		race.Enable()
	}
	returned := false
	defer func() {
		if !returned {
			g.abandon()
		}
	}()
	for _, w := range g.members {
		if !g.enter(w) {
			break
		}
	}
	returned = true
	if g.atOnce {
		p.stage = isIdle
	}
	return !g.atOnce
}

// enter calls Enqueue for w, and reports whether g is still unclaimed.
//
//go:norace
func (g *group) enter(w *Waiter) bool {
	q := lockQueue(w.addrToEnter)
	g.lock()
	defer w.doWakeLater()
	defer q.unlock()
	defer g.unlock()
	race.Disable()
	claimed := g.claimed.Load()
	race.Enable()
	if claimed != unclaimed {
		return false
	}
	w.stage, g.entering = isEntering, w
	w.token = w.enqueuer.Enqueue(q, w)
	g.entering = nil
	if w.stage == isQueued {
		return true
	}
	w.stage = isIdle
	g.atOnce = true
	race.Disable()
	g.claimed.Store(w.number)
	race.Enable()
	return false
}

// abandon ends the wait after an Enqueue has panicked. A waker that was faster may still use g and the
// Waiters, so they are left to the garbage collector.
//
//go:norace
func (g *group) abandon() {
	g.claim(byLimit)
	for _, w := range g.members {
		for addr := w.where(); addr != nil && !w.leave(addr, w != g.entering); addr = w.where() {
		}
	}
}

func (g *group) lock() {
	race.Disable()
	g.mu.Lock()
	race.Enable()
}

func (g *group) unlock() {
	race.Disable()
	g.mu.Unlock()
	race.Enable()
}

// claim claims g for the member with the given number, or for the limit, and reports whether g is claimed
// for it.
//
//go:norace
func (g *group) claim(number int32) bool {
	race.Disable()
	g.mu.Lock()
	if g.claimed.Load() == unclaimed {
		g.claimed.Store(number)
	}
	ok := g.claimed.Load() == number
	g.mu.Unlock()
	race.Enable()
	return ok
}

// claim claims the group of w, a member, for w, and reports whether it is claimed for w.
//
//go:norace
func (w *Waiter) claim() bool { return w.group.claim(w.number) }

// lost reports whether the group of w, a member, is claimed for another.
//
//go:norace
func (w *Waiter) lost() bool {
	race.Disable()
	claimed := w.group.claimed.Load()
	race.Enable()
	return claimed != unclaimed && claimed != w.number
}
