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

// A GiveUpError is the error of a wait that its limit has ended. It says which wait that was:
//
//	waited 10.2ms for *locks.Mutex "accounts" (lock): context deadline exceeded
//
// It wraps the reason, so ask with [errors.Is]:
//
//	if err := m.LockContext(ctx); errors.Is(err, context.Canceled) {
//
// A context that is done before the wait begins is no wait: its error is returned as it is.
type GiveUpError struct {
	// Lock is a pointer to the lock, such as a *locks.Mutex. Of a guard.Mutex or guard.RWMutex it is a
	// pointer to what is locked or waited for inside. It is nil if the lock is no [Describer], for
	// the waits of [Wait] and its kin, and for those of [SleepAny], which have several.
	Lock any
	// Purpose is what the wait was for, such as "lock", "read" or "3 units", or "the first of 2" for a wait of SleepAny.
	// Otherwise it is empty if Lock is nil.
	Purpose string
	// Waited is how long the wait took.
	Waited time.Duration
	// Err is the reason: [os.ErrDeadlineExceeded], or what [Ended] has returned for the context.
	Err error
}

// Error says how long the wait took, for which lock, with its name if package watch knows that, and why it has ended.
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

// Timeout reports whether the reason is that the time was up. So [os.IsTimeout] knows it.
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
