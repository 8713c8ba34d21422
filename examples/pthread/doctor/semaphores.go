// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/osync-go/osync/pthread"
)

func trySem() (func(), error) {
	s, err := pthread.NewSem(0)
	if err != nil {
		return nil, err
	}
	return trySemaphore(s)
}

func tryNamedSem() (func(), error) {
	name := fmt.Sprintf("/doctor.%d", os.Getpid())
	s, err := pthread.OpenSem(name, os.O_CREATE|os.O_EXCL, 0o600, 0)
	if err != nil {
		return nil, err
	}
	if err := pthread.UnlinkSem(name); err != nil {
		return nil, err
	}
	return trySemaphore(s)
}

func trySemaphore(s *pthread.Sem) (func(), error) {
	err := errors.Join(
		expect("TryWait of 0", s.TryWait(), pthread.EAGAIN),
		expect("Post elsewhere", elsewhere(s.Post), nil),
		expect("Wait", s.Wait(), nil),
	)
	return func() { s.Post(); s.Wait() }, err
}

func trySemUntil(clock pthread.Clock, wait func(*pthread.Sem, pthread.Timespec) error) (func(), error) {
	s, err := pthread.NewSem(0)
	if err != nil {
		return nil, err
	}
	soon, err := clock.After(time.Millisecond)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		expect("a wait until a deadline", wait(s, soon), pthread.ETIMEDOUT),
		expect("Post", s.Post(), nil),
		expect("a wait that need not wait", wait(s, soon), nil),
	)
	return func() { s.Post(); wait(s, soon) }, err
}

func tryMtx() (func(), error) {
	m, err := pthread.NewMtx(pthread.MtxTimed)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		expect("Lock", m.Lock(), nil),
		expect("TryLock elsewhere", elsewhere(m.TryLock), pthread.EBUSY),
		expect("Unlock", m.Unlock(), nil),
	)
	return func() { m.Lock(); m.Unlock() }, err
}

func tryCnd() (func(), error) {
	m, err := pthread.NewMtx(pthread.MtxPlain)
	if err != nil {
		return nil, err
	}
	c, err := pthread.NewCnd()
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		expect("Lock", m.Lock(), nil),
		expect("TimedWait, past", c.TimedWait(m, pthread.Timespec{}), pthread.ETIMEDOUT),
		expect("Unlock", m.Unlock(), nil),
		expect("Signal", c.Signal(), nil),
	)
	return func() { c.Signal() }, err
}

func tryCPUClock() (func(), error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	self, err := pthread.Self()
	if err != nil {
		return nil, err
	}
	clock, err := self.CPUClock()
	if err != nil {
		return nil, err
	}
	used, err := clock.Now()
	if err == nil && used.Sec == 0 && used.Nsec == 0 {
		err = errors.New("the thread has run for no time")
	}
	return func() { clock.Now() }, err
}
