// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package park

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"time"
)

// A Limit says when a wait ends without a wake. The zero Limit means never.
type Limit struct {
	deadline time.Time
	ctx      context.Context
	done     <-chan struct{} // ctx.Done()
}

// Until returns a Limit that is reached at deadline. If deadline has a monotonic clock reading, as
// the times of [time.Now] have, the monotonic clock is used. The zero Time is no limit.
func Until(deadline time.Time) Limit {
	if deadline.IsZero() {
		return Limit{} // in whatever location
	}
	return Limit{deadline: deadline}
}

// For returns a Limit that is reached when d has elapsed from now. If d <= 0, the limit has already
// passed. The largest duration, 292 years, does not overflow.
func For(d time.Duration) Limit { return Limit{deadline: time.Now().Add(d)} }

// Context returns a Limit that is reached when ctx is done: once its Done channel is closed, a wait
// ends with an error that wraps what [Ended] returns. A context that is never done is no limit.
// Context panics if ctx is nil, as package context does.
func Context(ctx context.Context) Limit {
	if ctx == nil {
		panic("park: nil context")
	}
	done := ctx.Done()
	if done == nil {
		return Limit{}
	}
	return Limit{ctx: ctx, done: done}
}

// IsZero reports whether l is no limit.
func (l Limit) IsZero() bool { return l.isZero() }

// isZero is IsZero without a copy of l, which would be a large part of the cost of NewWaiter.
func (l *Limit) isZero() bool { return l.ctx == nil && l.deadline == (time.Time{}) }

// Err returns nil if l has not been reached. Otherwise it returns the reason that the [GiveUpError]
// of a wait would wrap: [os.ErrDeadlineExceeded], or the error of [Ended]. A lock that must not be
// locked once its limit has passed calls Err first. Err runs the context's code, and panics if that
// does.
func (l Limit) Err() error {
	if l.ctx != nil {
		if err := Ended(l.ctx); err != nil {
			return err
		}
	}
	if !l.deadline.IsZero() && !time.Now().Before(l.deadline) {
		return os.ErrDeadlineExceeded
	}
	return nil
}

// Ended returns nil if ctx is not done. Otherwise it returns [context.Cause] of ctx, or
// [context.Canceled] if that is nil: a context that is not of package context may have closed its
// Done channel and still have no error. So Ended never returns nil once Done is closed.
func Ended(ctx context.Context) error {
	if ctx.Err() == nil {
		if t := reflect.TypeOf(ctx); t == cancelType || t == timerType {
			return nil
		}
		select {
		case <-ctx.Done():
		default:
			return nil
		}
	}
	return cause(ctx)
}

// The contexts of [context.WithCancel] and [context.WithTimeout] have an error before their Done is
// closed, so Err suffices. A call of Done would cost a quarter of an uncontended LockContext, and
// the first such call allocates the channel.
var cancelType, timerType = contextTypes()

func contextTypes() (cancel, timer reflect.Type) {
	c, stop := context.WithCancel(context.Background())
	stop()
	t, stop := context.WithTimeout(context.Background(), 0)
	stop()
	return reflect.TypeOf(c), reflect.TypeOf(t)
}

// cause returns the cause of ctx, which is done. It is never nil.
func cause(ctx context.Context) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	return context.Canceled
}

// cancelled reports whether the Done channel of the context is closed.
func (l *Limit) cancelled() bool {
	select {
	case <-l.done: // nil if there is no context
		return true
	default:
		return false
	}
}

// why returns the error of l, which has been reached. It runs the context's code. If that panics, why
// returns an error, since the caller may have duties to other waiters, such as admitting readers or
// breaking a Barrier.
func (l *Limit) why() (err error) {
	if l.ctx == nil {
		return os.ErrDeadlineExceeded
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("park: the context panicked: %v", p)
		}
	}()
	return cause(l.ctx)
}
