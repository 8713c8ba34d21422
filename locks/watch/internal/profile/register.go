// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package profile

import (
	"io"
	"reflect"
	"runtime/pprof"
)

// Register registers a profile with package runtime/pprof, for [pprof.Lookup] and package net/http/pprof. It
// must be called by an init function. write writes the profile, and count returns its number of stacks.
//
// Package runtime/pprof offers other packages only profiles of stacks that they add one by one. Its own profiles
// have the two functions in unexported fields, which Register sets. If the fields have changed since this was
// written, or with the build tag osync_nolinkname, Register returns false, and the profile shows one stack, whose
// name says so.
func Register(name string, write func(w io.Writer, debug int) error, count func() int) bool {
	p := pprof.NewProfile(name)
	v := reflect.ValueOf(p).Elem()
	writeField, countField := field[func(io.Writer, int) error](v, "write"), field[func() int](v, "count")
	if writeField == nil || countField == nil {
		onlyTheHandlerOfPackageWatchHasThisProfile(p)
		return false
	}
	*countField = count
	*writeField = write
	return true
}

// field returns the address of a field of type F, or nil if there is none.
func field[F any](v reflect.Value, name string) *F {
	f := v.FieldByName(name)
	if !inside || !f.IsValid() || f.Type() != reflect.TypeFor[F]() {
		return nil
	}
	return (*F)(f.Addr().UnsafePointer())
}

//go:noinline
func onlyTheHandlerOfPackageWatchHasThisProfile(p *pprof.Profile) { p.Add(p, 0) }
