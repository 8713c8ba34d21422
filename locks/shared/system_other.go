// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows

package shared

import (
	"io/fs"
	"os"
	"sync/atomic"
	"time"
)

// This system has no regions yet: making or opening one is an error, and without one the rest is
// unreachable.

func reserveSpace(size uintptr) (base uintptr, err error) { return 0, ErrUnsupported }
func mapFile(at, n uintptr, f *os.File) error             { return ErrUnsupported }
func mapPrivate(at, n uintptr) error                      { return ErrUnsupported }
func setWritable(at, n uintptr, yes bool) error           { return ErrUnsupported }
func unmapFile(at, n uintptr) error                       { return ErrUnsupported }
func unmapPrivate(at, n uintptr) error                    { return ErrUnsupported }

func openFile(name string, flags int, perm fs.FileMode) (*os.File, error) {
	return nil, ErrUnsupported
}

func openMemory(name string, flags int, perm fs.FileMode, size int64) (*os.File, error) {
	return nil, ErrUnsupported
}
func unlinkMemory(name string) error             { return ErrUnsupported }
func anonymous(size int64) (*os.File, error)     { return nil, ErrUnsupported }
func sizeOf(f *os.File) (int64, error)           { return 0, ErrUnsupported }
func protect(f *os.File, perm fs.FileMode) error { return ErrUnsupported }
func begin(f *os.File, size int64) error         { return ErrUnsupported }
func seal(f *os.File) error                      { return ErrUnsupported }
func reopen(f *os.File) (*os.File, error)        { return nil, ErrUnsupported }
func allocate(f *os.File, size int64) error      { return ErrUnsupported }
func explain(err error) error                    { return err }

func sleep(word *atomic.Uint32, old, owner uint32, until time.Time) error { return ErrUnsupported }
func wake(word *atomic.Uint32, n uint32)                                  {}
func storeAndWake(word *atomic.Uint32, value, n uint32)                   { word.Store(value) }

const sentryMost = 1

type sleeper struct{}

func (s *sleeper) prepare(entries []*entry) {}
func (s *sleeper) ring()                    {}
func (s *sleeper) sleep(until time.Time)    {}
func (s *sleeper) close()                   {}
