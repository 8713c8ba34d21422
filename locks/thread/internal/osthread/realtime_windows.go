// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package osthread

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/osync-go/osync/sys/windows"
)

// A Realtime is the state that is needed to take a thread out of the real-time class. The zero value is for a thread
// that SetRealtime has not put into it.
type Realtime struct {
	task windows.Handle // 0: none
}

// proAudio is the task of the Multimedia Class Scheduler whose threads are the most urgent: the only one of category
// High, whose threads have the priorities 23 to 26, unless the registry was changed. Games, Audio and others are below.
const proAudio = "Pro Audio"

// Enter assigns the calling thread to a task of the Multimedia Class Scheduler.
func (r *Realtime) Enter(period, _ time.Duration) error {
	joined := r.task
	if joined == 0 {
		name, err := syscall.UTF16PtrFromString(proAudio)
		if err != nil {
			return err
		}
		if joined, err = windows.AvSetMmThreadCharacteristics(name, new(uint32)); err != nil {
			return noTask(err)
		}
	}
	if err := windows.AvSetMmThreadPriority(joined, MMCSSPriority(period)); err != nil {
		if r.task == 0 {
			_ = windows.AvRevertMmThreadCharacteristics(joined) // as it was
		}
		return fmt.Errorf("priority %d within the task %q: %w", MMCSSPriority(period), proAudio, err)
	}
	r.task = joined
	return nil
}

// noTask returns the error of SetRealtime for an error of AvSetMmThreadCharacteristics. The error for a service that
// does not run, as on servers, has no name.
func noTask(err error) error {
	why := errors.ErrUnsupported
	if err == windows.ERROR_PRIVILEGE_NOT_HELD {
		why = os.ErrPermission
	}
	return fmt.Errorf("the task %q of the Multimedia Class Scheduler, service MMCSS, which must run: %w (%w)", proAudio, err, why)
}

// Leave undoes Enter.
func (r *Realtime) Leave() error {
	if r.task == 0 {
		return nil
	}
	task := r.task
	r.task = 0 // a second revert would fail, too
	return windows.AvRevertMmThreadCharacteristics(task)
}
