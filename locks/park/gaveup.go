// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/internal/mono"
	"github.com/osync-go/osync/locks/internal/observe"
)

// A GiveUpError is the error of a wait that its limit has ended. It describes the wait:
//
//	waited 10.2ms for *locks.Mutex "accounts" (lock): context deadline exceeded
//
// It wraps the reason, so test it with [errors.Is]:
//
//	if err := m.LockContext(ctx); errors.Is(err, context.Canceled) {
//
// If a context is done before the wait begins, its error is returned unwrapped.
type GiveUpError struct {
	// Lock is a pointer to the lock, such as a *locks.Mutex. For a guard.Mutex or guard.RWMutex it is
	// a pointer to the lock or condition inside. It is nil if the lock is not a [Describer], for
	// [Wait] and its forms, and for [SleepAny], which waits for several locks.
	Lock any
	// Purpose is what the wait was for, such as "lock", "read" or "3 units", or "the first of 2" for SleepAny. For
	// other waits it is empty if Lock is nil.
	Purpose string
	// Waited is how long the wait took.
	Waited time.Duration
	// Err is the reason: [os.ErrDeadlineExceeded], or what [Ended] returned for the context.
	Err error
}

// Error returns a message with the duration of the wait, the lock, its name if package watch knows one, and the
// reason.
func (e *GiveUpError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "waited %v", roughly(e.Waited))
	switch {
	case e.Lock != nil:
		fmt.Fprintf(&b, " for %T", e.Lock)
		if observe.NameOf != nil {
			if name := observe.NameOf(e.Lock); name != "" {
				fmt.Fprintf(&b, " %q", name)
			}
		}
		fmt.Fprintf(&b, " (%s)", e.Purpose)
	case e.Purpose != "":
		fmt.Fprintf(&b, " for %s", e.Purpose)
	}
	b.WriteString(": ")
	b.WriteString(e.Err.Error())
	return b.String()
}

// roughly returns d with three or four digits.
func roughly(d time.Duration) time.Duration {
	for unit := time.Microsecond; unit <= time.Second; unit *= 1000 {
		if d < 1000*unit {
			return d.Round(unit / 100)
		}
	}
	return d.Round(time.Second / 10)
}

// Unwrap returns e.Err.
func (e *GiveUpError) Unwrap() error { return e.Err }

// Timeout reports whether the reason is a timeout. It makes [os.IsTimeout] recognize the error.
func (e *GiveUpError) Timeout() bool {
	var t interface{ Timeout() bool }
	return errors.As(e.Err, &t) && t.Timeout()
}

// gaveUp returns the error of w, whose limit has ended its wait on the word at addr, or on those of its group.
func (w *Waiter) gaveUp(addr *atomic.Uint32) error {
	e := &GiveUpError{Waited: time.Duration(max(mono.Now()-w.since, 0)), Err: w.limit.why()}
	if addr == nil { // the primary of a group
		e.Purpose = "the first of " + strconv.Itoa(len(w.group.members))
	} else if d, ok := w.enqueuer.(Describer); ok {
		e.Lock, e.Purpose = d.Describe(addr, w.tag)
	}
	return e
}
