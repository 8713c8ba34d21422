// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"sync/atomic"
	"syscall"
	"time"

	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/dragonfly"
)

// systemName is what systemVersion begins with.
const systemName = "DragonFly"

// primitives returns what DragonFly has for locks.
func primitives() []primitive {
	there := func() error { return nil }
	return []primitive{
		{"umtx_sleep, umtx_wakeup", "1.1", "sleep while a word holds a value; between processes, too", there, testUmtxSleep},
		{"lwp_setaffinity", "4.7", "bind a thread to CPUs", there, testLwpAffinity},
		{"lwp_rtprio", "1.12", "make a thread a real-time one: with the privilege", there, testLwpRtprio},
	}
}

func testUmtxSleep() error {
	word := new(atomic.Uint32)
	var awake atomic.Bool
	sleeper := thread.Spawn(func() error {
		defer awake.Store(true)
		for {
			switch err := dragonfly.UmtxSleep(word, 0, 0); err {
			case syscall.EINTR, syscall.EWOULDBLOCK:
			default:
				return err
			}
		}
	})
	for ; !awake.Load(); time.Sleep(time.Millisecond) {
		if err := dragonfly.UmtxWakeup(word, 1); err != nil {
			return err
		}
	}
	return sleeper.Join()
}

func testLwpAffinity() error {
	return thread.Spawn(func() error {
		cpus, err := thread.Affinity()
		if err != nil {
			return err
		}
		return thread.SetAffinity(cpus[0])
	}).Join()
}

func testLwpRtprio() error {
	var rtp dragonfly.Rtprio
	return dragonfly.LwpRtprio(dragonfly.RTP_LOOKUP, 0, -1, &rtp)
}
