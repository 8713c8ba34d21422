// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locktest

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync/atomic"
	"testing"
)

// A Play executes a program of operations on a lock, and compares the outcome with a model: plain code
// that says which operations have ended, and how. A few actors execute the operations. The next one begins
// when each actor is idle or sleeps in a queue. So the outcome does not depend on the scheduler; where the
// lock has a choice, the model asks what it was.
//
// A program is text: "L0 L1 U0" is Lock by actor 0, Lock by actor 1, which waits, and Unlock by actor 0. A
// letter is an operation, and a digit an actor or a number. Spaces mean nothing. Any other byte stands for
// a letter or a digit, so that each input of a fuzzer is a program.
type Play struct {
	*testing.T
	waiting func() int
	actors  []*Actor
	joins   []func()
	program []byte // the operations to come
	done    []byte // the operations so far, in letters and digits
}

// An Actor is a worker that executes operations of a Play, one at a time. Actors with an odd number are
// threads.
type Actor struct {
	// Want is the result that the model expects of the operation.
	Want error

	number int
	todo   chan func(context.Context) error
	ctx    context.Context
	cancel context.CancelFunc
	busy   atomic.Bool
	got    error // the result of the last operation; valid while not busy
	model  verdict
}

// A verdict is what the model says of the operation that an actor has begun last.
type verdict int

const (
	hasEnded verdict = iota
	hasGivenUp
	stillWaits
	undecided
)

// The results of operations that report false, and that panic as a lock does: with a string.
var (
	ErrFalse = errors.New("false")
	ErrPanic = errors.New("a panic")
)

const (
	playActors = 6
	playSteps  = 100 // the rest of a longer program is left out
)

// NewPlay starts the actors of a Play. waiting returns how many waiters are in the queues of the lock. It
// must not count a waiter twice that goes from one queue to another.
func NewPlay(t *testing.T, threads Start, program []byte, waiting func() int) *Play {
	p := &Play{T: t, waiting: waiting, program: program}
	for i := range playActors {
		a := &Actor{number: i, todo: make(chan func(context.Context) error)}
		p.actors = append(p.actors, a)
		start := Goroutines
		if i%2 != 0 {
			start = threads
		}
		p.joins = append(p.joins, start.Go(a.act))
	}
	return p
}

// RandomPrograms plays random programs made of the letters.
func RandomPrograms(t *testing.T, letters string, play func(t *testing.T, program []byte)) {
	e := newEnv(t, Goroutines, config{})
	random := e.rand(0)
	for range e.scaled(50) {
		var program []byte
		for range playSteps {
			program = append(program, letters[random.IntN(len(letters))], '0'+byte(random.IntN(10)))
		}
		play(t, program)
	}
}

// Steps yields each operation of the program with its number, and calls Settle when the caller has executed
// it. After the program come the operations of end, which release the lock, until all actors are idle and
// atRest is true.
func (p *Play) Steps(letters, end string, atRest func() bool) iter.Seq2[byte, int] {
	return func(yield func(byte, int) bool) {
		p.Helper()
		play := func() bool {
			more := yield(p.next(letters), p.Number(10))
			p.Settle()
			p.done = append(p.done, ' ')
			return more
		}
		for range playSteps {
			if p.skipSpace(); len(p.program) != 0 && !play() {
				return
			}
		}
		for range 2 * playSteps {
			if p.idle() && atRest() {
				p.end()
				return
			}
			for p.program = []byte(end); len(p.program) != 0 && play(); {
			}
		}
		p.Fatalf("after %s: the lock is still in use", p.done)
	}
}

func (p *Play) skipSpace() {
	for len(p.program) != 0 && p.program[0] == ' ' {
		p.program = p.program[1:]
	}
}

// next takes a byte out of the program, and returns the letter that it stands for.
func (p *Play) next(letters string) byte {
	p.skipSpace()
	var b byte
	if len(p.program) != 0 {
		b, p.program = p.program[0], p.program[1:]
	}
	if strings.IndexByte(letters, b) < 0 {
		b = letters[int(b)%len(letters)]
	}
	p.done = append(p.done, b)
	return b
}

// Number takes a number below n out of the program. n is at most 10.
func (p *Play) Number(n int) int { return int(p.next("0123456789"[:n]) - '0') }

// Actor returns an actor, busy or idle.
func (p *Play) Actor(n int) *Actor { return p.actors[n%playActors] }

// Start begins an operation that may wait, and returns its actor: actor n or, if that is busy, the next
// that is idle. If all are busy, Start does nothing and returns nil. The model then says what becomes of the
// operation.
func (p *Play) Start(n int, op func(context.Context) error) *Actor {
	for i := range playActors {
		if a := p.Actor(n + i); !a.busy.Load() {
			a.Want, a.model = nil, undecided
			a.ctx, a.cancel = context.WithCancel(context.Background())
			a.busy.Store(true)
			a.todo <- op
			return a
		}
	}
	return nil
}

// Do executes an operation that ends by itself, and returns its result. Actor n executes it if it is idle,
// and otherwise the caller.
func (p *Play) Do(n int, op func() error) error {
	if p.Actor(n).busy.Load() {
		return attempt(op)
	}
	a := p.Start(n, func(context.Context) error { return op() })
	p.Until("the operation ends", func() bool { return !a.busy.Load() })
	a.Want, a.model = a.got, hasEnded
	return a.got
}

// Check compares the result of Do with that of the model.
func (p *Play) Check(got, want error) {
	p.Helper()
	if got != want {
		p.Fatalf("after %s: returned %v, want %v", p.done, got, want)
	}
}

// Until waits for a fact.
func (p *Play) Until(what string, fact func() bool) {
	p.Helper()
	Eventually(p.T, "after "+string(p.done)+": "+what, fact)
}

// Settle waits until each actor is idle or sleeps in a queue, and compares that with the model.
func (p *Play) Settle() {
	p.Helper()
	p.Until("each operation ends or waits", func() bool {
		busy := 0
		for _, a := range p.actors {
			if a.busy.Load() {
				if a.model == hasGivenUp {
					return false // it may still be in the queue
				}
				busy++
			}
		}
		return p.waiting() == busy // busy was counted first, and only falls
	})
	for _, a := range p.actors {
		switch busy := a.busy.Load(); {
		case a.model == stillWaits && !busy:
			p.Fatalf("after %s: actor %d has returned %v, but should wait", p.done, a.number, a.got)
		case a.model == hasEnded && busy:
			p.Fatalf("after %s: actor %d waits, but should have returned %v", p.done, a.number, a.Want)
		case a.model != undecided && !busy && !errors.Is(a.got, a.Want):
			p.Fatalf("after %s: actor %d has returned %v, want %v", p.done, a.number, a.got, a.Want)
		}
	}
}

// end ends the actors, which are idle.
func (p *Play) end() {
	for i, a := range p.actors {
		close(a.todo)
		p.joins[i]()
	}
}

func (p *Play) idle() bool {
	for _, a := range p.actors {
		if a.busy.Load() {
			return false
		}
	}
	return true
}

// Waits says that the operation of a waits now.
func (a *Actor) Waits() { a.model = stillWaits }

// Ends says that the operation of a has ended, with what Want says.
func (a *Actor) Ends() { a.model = hasEnded }

// GivesUp says that the operation of a ends by itself with err, though it may be in a queue now.
func (a *Actor) GivesUp(err error) { a.Want, a.model = err, hasGivenUp }

// MayEnd says that the operation of a has ended, or waits. After Settle the model asks HasEnded, and says
// which.
func (a *Actor) MayEnd() { a.model = undecided }

// HasEnded reports whether the operation of a has ended.
func (a *Actor) HasEnded() bool { return !a.busy.Load() }

// Cancel cancels the context of the operation of a.
func (a *Actor) Cancel() {
	if a.busy.Load() {
		a.cancel()
	}
}

// act executes operations until the Play is over.
func (a *Actor) act() {
	for op := range a.todo {
		a.got = attempt(func() error { return op(a.ctx) })
		a.cancel()
		a.busy.Store(false)
	}
}

// attempt executes an operation, and returns its result.
func attempt(op func() error) (err error) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case string:
			err = ErrPanic
		default:
			panic(v)
		}
	}()
	return op()
}

// OrFalse returns the result of an operation that reports ok.
func OrFalse(ok bool) error {
	if !ok {
		return ErrFalse
	}
	return nil
}
