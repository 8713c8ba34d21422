// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build darwin || windows || freebsd || openbsd || netbsd || dragonfly

package futex

// Only is the way that was forced when the test was linked, or "" for none.
func Only() string { return only }

// Ways returns the names of the ways to sleep.
func Ways() []string { return wayNames[:] }

// Works reports whether a way passes its self-test.
func Works(name string) bool { return named(name).works() }

// Choose returns the way that is chosen if only is forced, or "", and only those that works accepts work.
func Choose(only string, works func(name string) bool) string {
	return choose(only, func(v way) bool { return works(v.String()) }).String()
}

// SelfTest is selfTest.
var SelfTest = selfTest

// Force makes name the way to sleep, or "none", until the returned function is called. No thread may be asleep at either
// time.
func Force(name string) (restore func()) {
	before := chosen
	chosen = func() way { return named(name) }
	return func() { chosen = before }
}

func named(name string) way {
	for v := range none {
		if v.String() == name {
			return v
		}
	}
	return none
}
