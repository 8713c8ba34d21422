// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build freebsd || dragonfly

package osthread

import (
	"fmt"
	"syscall"
	"time"
)

// A Realtime is the state that is needed to take a thread out of the real-time class. The zero value is for a thread
// that SetRealtime has not put into it.
type Realtime struct{ in bool }

// Enter puts the calling thread into the class RTP_PRIO_FIFO, with a priority by its period.
func (r *Realtime) Enter(period, _ time.Duration) error {
	priority := RtprioPriority(period)
	switch err := enterFIFO(priority); err {
	case nil:
		r.in = true
		return nil
	case syscall.EPERM:
		return fmt.Errorf("the class RTP_PRIO_FIFO with priority %d needs %s: %w", priority, rightToFIFO, err)
	default:
		return fmt.Errorf("the class RTP_PRIO_FIFO with priority %d: %w", priority, err)
	}
}

// Leave puts the calling thread into the class of ordinary threads.
func (r *Realtime) Leave() error {
	if !r.in {
		return nil
	}
	if err := leaveFIFO(); err != nil {
		return err
	}
	r.in = false
	return nil
}
