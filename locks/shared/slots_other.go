// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows

package shared

const parts = 2

func marks() bool { return false }

func (r *Region) lockInit() error { return ErrUnsupported }
func (r *Region) unlockInit()     {}

type keepers struct{}

func (r *Region) join() error                                  { return ErrUnsupported }
func (r *Region) retire() error                                { return ErrUnsupported }
func (r *Region) leave()                                       { r.keepers = keepers{} }
func (r *Region) adopt(addr uintptr, l *local) (uint32, error) { return 0, ErrUnsupported }
func (r *Region) dead(id uint32) bool                          { return false }
func (r *Region) buried() bool                                 { return true }
