// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package guard is a stub of the package of that name, with what the tests call.
package guard

import "time"

type Mutex[T any] struct{ value T }

func (g *Mutex[T]) With(f func(*T))                                              {}
func (g *Mutex[T]) TryWith(f func(*T)) bool                                      { return true }
func (g *Mutex[T]) TryWithFor(d time.Duration, f func(*T)) bool                  { return true }
func (g *Mutex[T]) When(cond func(*T) bool, f func(*T))                          {}
func (g *Mutex[T]) WhenFor(d time.Duration, cond func(*T) bool, f func(*T)) bool { return true }

type RWMutex[T any] struct{ value T }

func (g *RWMutex[T]) With(f func(*T)) {}
func (g *RWMutex[T]) Read(f func(T))  { f(g.value) }

type SeqLock[T any] struct{ value T }

func (l *SeqLock[T]) Load() T { return l.value }
