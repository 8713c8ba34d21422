// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"runtime"
	"runtime/debug"
	"slices"
	"time"
)

// A doctor knows what to look at. Each system adds its primitives in a file of its own,
// primitives_linux.go and so on.
type doctor struct {
	primitives  []primitive
	locks       []lock
	comparisons []comparison
	sleepers    []sleeper
	limit       time.Duration // for each self-test and each measurement
	effort      effort
	progress    func(string) // shows what comes next
}

// A primitive is a row of the first table.
type primitive struct {
	name, since, purpose string
	probe                func() error // nil: it is there
	test                 func() error // blocks and wakes threads; nil: it works
}

// A lock is a row of the second table.
type lock struct {
	name, goroutines, threads, why string
	absent                         error // nil: it works here
	tests                          []selfTest
}

// A selfTest blocks and wakes goroutines or threads, and returns nil if all went well.
type selfTest struct {
	name string
	run  func() error
}

func newDoctor() *doctor {
	return &doctor{
		primitives:  primitives(),
		locks:       locksOfOsync(),
		comparisons: comparisons(),
		sleepers:    sleepersHere(),
		limit:       5 * time.Second,
		effort:      fullEffort,
		progress:    func(string) {},
	}
}

// examine does everything, and reports it.
func (d *doctor) examine() *Report {
	begin := time.Now()
	r := &Report{System: thisSystem(), Costs: []Cost{}, Sleeps: []Sleep{}}
	r.Primitives = d.examinePrimitives()
	r.Locks = d.examineLocks()
	r.OK = !slices.ContainsFunc(r.checks(), func(c Check) bool { return !c.OK })
	if r.OK { // a lock that does not work costs nothing
		r.Costs = d.measure()
		r.Sleeps = d.measureSleeps()
		r.OK = !slices.ContainsFunc(r.Costs, func(c Cost) bool { return c.Error != "" }) &&
			!slices.ContainsFunc(r.Sleeps, func(s Sleep) bool { return s.Error != "" })
	}
	r.Seconds = time.Since(begin).Seconds()
	return r
}

func (d *doctor) examinePrimitives() []Primitive {
	rows := []Primitive{}
	for _, p := range d.primitives {
		row := Primitive{Name: p.name, Since: p.since, Purpose: p.purpose}
		if err := guard(d.limit, p.probe); err != nil {
			row.Absent = err.Error()
		} else {
			row.Present = true
			check := d.check(p.name, selfTest{"threads", p.test})
			row.Check = &check
		}
		rows = append(rows, row)
	}
	return rows
}

func (d *doctor) examineLocks() []Lock {
	rows := []Lock{}
	for _, l := range d.locks {
		row := Lock{Name: l.name, Goroutines: l.goroutines, Threads: l.threads, Why: l.why}
		if l.absent != nil {
			row.Absent = l.absent.Error()
		} else {
			row.Checks = d.checks(l)
		}
		rows = append(rows, row)
	}
	return rows
}

// checks runs the self-tests of l up to the first that fails: the others would wait for the
// limit, too.
func (d *doctor) checks(l lock) []Check {
	var checks []Check
	for _, t := range l.tests {
		c := d.check(l.name, t)
		checks = append(checks, c)
		if !c.OK {
			break
		}
	}
	return checks
}

// check runs one self-test.
func (d *doctor) check(subject string, t selfTest) Check {
	d.progress("testing " + subject + ": " + t.name)
	begin := time.Now()
	err := guard(d.limit, t.run)
	c := Check{Name: t.name, OK: err == nil, Milliseconds: 1e3 * time.Since(begin).Seconds()}
	if err != nil {
		c.Error = err.Error()
	}
	return c
}

func thisSystem() System {
	return System{
		OS:         runtime.GOOS,
		Version:    systemVersion(),
		Arch:       runtime.GOARCH,
		CPUs:       runtime.NumCPU(),
		GOMAXPROCS: runtime.GOMAXPROCS(0),
		Go:         runtime.Version(),
		Osync:      osyncVersion(),
	}
}

// osyncVersion looks for the module in what the go command has noted in this program.
func osyncVersion() string {
	const module = "github.com/osync-go/osync"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range append(info.Deps, &info.Main) {
			if m.Path == module && m.Version != "" {
				return m.Version
			}
		}
	}
	return "(devel)"
}
