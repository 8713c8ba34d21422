// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/osync-go/osync/locks/shared"
	"github.com/osync-go/osync/sys/futex"
)

// A record is a number that the producer makes, and the sum of all up to it.
type record struct{ seq, value, sum uint64 }

// A reader is what the consumer has read so far.
type reader struct{ read, sum uint64 }

const records = 64

// A ring is what both programs map; producer/ring.c has the same struct.
//
// Whatever a process changes while it holds the mutex, one store decides whether it has happened: that of written for
// the producer, that of at for the consumer. So a process may be killed at any instruction, and there is nothing to repair.
type ring struct {
	mu      mutex
	changed atomic.Uint32 // one more with each change; both programs sleep on it
	_       uint32
	written atomic.Uint64 // records; number n is at n%records
	at      atomic.Uint64 // changes of the reader; at%2 is the one that counts
	deaths  uint64        // of processes that held the mutex
	reader  [2]reader
	record  [records]record
}

func valueOf(seq uint64) uint64 { return (seq + 1) * 0x9e3779b97f4a7c15 >> 32 }

// lock locks the ring.
func (r *ring) lock() error {
	err := r.mu.Lock()
	if errors.Is(err, shared.ErrOwnerDied) {
		r.deaths++
		r.mu.Consistent()
		return nil
	}
	return err
}

// produce writes the next record, and reports false if there is no room.
func (r *ring) produce() (done bool, changed uint32, err error) {
	if err := r.lock(); err != nil {
		return false, 0, err
	}
	defer r.mu.Unlock()
	changed, seq := r.changed.Load(), r.written.Load()
	if seq-r.reader[r.at.Load()%2].read >= records {
		return false, changed, nil
	}
	n := record{seq: seq, value: valueOf(seq), sum: valueOf(seq)}
	if seq > 0 {
		n.sum += r.record[(seq-1)%records].sum
	}
	r.record[seq%records] = n
	r.written.Store(seq + 1)
	r.changed.Store(changed + 1)
	return true, 0, nil
}

// consume reads the next record, and reports false if there is none. It is an error if the record is not what the producer
// must have written.
func (r *ring) consume() (done bool, changed uint32, err error) {
	if err := r.lock(); err != nil {
		return false, 0, err
	}
	defer r.mu.Unlock()
	changed, at := r.changed.Load(), r.at.Load()
	now := r.reader[at%2]
	if now.read == r.written.Load() {
		return false, changed, nil
	}
	n := r.record[now.read%records]
	next := reader{now.read + 1, now.sum + n.value}
	if want := (record{now.read, valueOf(now.read), next.sum}); n != want {
		return false, 0, fmt.Errorf("record %d is %v, not %v", now.read, n, want)
	}
	r.reader[(at+1)%2] = next
	r.at.Store(at + 1)
	r.changed.Store(changed + 1)
	return true, 0, nil
}

// forever does a step again and again, and sleeps while it can't.
func (r *ring) forever(step func() (bool, uint32, error)) error {
	for {
		done, changed, err := step()
		switch {
		case err != nil:
			return err
		case !futex.Supported(futex.Shared):
			if !done {
				time.Sleep(time.Millisecond)
			}
		case done:
			if err := futex.Wake(&r.changed, futex.Shared); err != nil {
				return err
			}
		default:
			// The limit is for a process that is killed between its change and its wake.
			until := time.Now().Add(10 * time.Millisecond)
			if err := futex.WaitUntil(&r.changed, changed, until, futex.Shared); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
				return err
			}
		}
	}
}

// state returns what has happened so far.
func (r *ring) state() (written uint64, now reader, deaths uint64, err error) {
	if err := r.lock(); err != nil {
		return 0, reader{}, 0, err
	}
	defer r.mu.Unlock()
	return r.written.Load(), r.reader[r.at.Load()%2], r.deaths, nil
}
