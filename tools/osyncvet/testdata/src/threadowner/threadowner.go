// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package threadowner

import (
	"sync"
	"testing"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/native"
	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/pthread"
)

type state struct {
	m native.Mutex
	p *pthread.Mutex
}

func wrong(s *state, wg *sync.WaitGroup, t *testing.T) {
	s.m.Lock()
	go func() {
		s.m.Unlock() // want `s.m was locked by another goroutine \(line \d+\), and go starts this one: a native.Mutex belongs to its thread, and Unlock panics`
	}()
	s.p.Lock()
	wg.Go(func() {
		defer s.p.Unlock() // want `a pthread.Mutex belongs to its thread, and Unlock returns EPERM`
	})
	var rw native.RWMutex
	rw.RLock()
	t.Run("reader", func(*testing.T) {
		rw.RUnlock() // want `testing.T.Run starts this one`
	})
}

func passed() {
	var m native.Mutex
	m.Lock()
	go func(m *native.Mutex) {
		m.Unlock() // want `was locked by another goroutine`
	}(&m)
}

func value(s *state) {
	s.m.Lock()
	go s.m.Unlock() // want `go runs native.Mutex.Unlock in a goroutine of its own`
}

func back(s *state, ready chan bool) {
	go func() {
		s.m.Lock()
		ready <- true
	}()
	<-ready
	s.m.Unlock() // want `s.m was locked by another goroutine \(line \d+\), which go starts`
}

func pinned() {
	thread.Pin()
	go func() {
		thread.Unpin() // want `it panics; call it in the goroutine that has called thread.Pin`
	}()
}

func right(s *state, other *state, wg *sync.WaitGroup) {
	s.m.Lock()
	go func() {
		s.m.Lock()
		defer s.m.Unlock()
	}()
	wg.Go(func() {
		other.m.Unlock()
	})
	go func() {
		s.lock()
		s.m.Unlock()
	}()
	func() {
		defer func() { s.m.Unlock() }()
	}()
	var m locks.Mutex // belongs to nobody
	m.Lock()
	go func() { m.Unlock() }()
}

func pointer() {
	var m native.Mutex
	m.Lock()
	m.Unlock()
	go func() {
		acquire(&m)
		m.Unlock()
	}()
}

func acquire(m *native.Mutex) { m.Lock() }

func (s *state) lock() { s.m.Lock() }

func suppressed(s *state) {
	s.m.Lock()
	go func() {
		s.m.Unlock() //osyncvet:ignore threadowner shows the panic
	}()
	go func() {
		//osyncvet:ignore relock,threadowner shows the panic
		s.m.Unlock()
		//osyncvet:ignore relock of another analyzer
		s.m.Unlock() // want `was locked by another goroutine`
	}()
}
