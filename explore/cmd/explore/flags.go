// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

const usage = `usage: go run github.com/osync-go/osync/explore/cmd/explore [flags] [packages] [flags of go test]

explore runs the tests of packages with every order of the steps of their goroutines: those tests that
call explore.Check. It compiles the packages, and those of their module and of osync that they import,
from a changed copy of the source; the files stay as they are. The flags of go test work as there, and
may stand before and after these.

	explore ./mylock                             all tests of a package
	explore -run TestMutex -preemptions 2 .      one test, with at most two preemptions
	explore -vars -run TestQueue ./queue         look for data races on plain variables, too
	explore -run TestMutex -replay 1:2 .         run the order of a failure again
	explore -mode pct -depth 3 -time 5m ./...    orders at random, for what is too large

Bounds, which override those of the test; the result says what they left out:
	-preemptions N   switches away from a goroutine that could go on (no bound; most bugs need two)
	-steps N         the length of an execution (10,000)
	-spins N         turns of a loop that waits for others, before it sleeps (2)
	-spurious N      futex sleeps of a goroutine that end for no reason (0)
	-executions N    for each exploration (no bound)
	-time D          for each exploration (30s; 5m for a complete one)

How to explore:
	-mode MODE       exhaustive, or pct or random for orders at random (exhaustive)
	-depth D         for pct: how many steps must come in a certain order for a bug to show (3)
	-seed S          for pct and random (another one each time)
	-replay STRING   run the one order that a failure has printed
	-svg FILE        draw the failure

What to change:
	-vars            note the reads and writes of variables that goroutines may share
	-with PATTERN    change the packages that PATTERN matches, too, such as golang.org/x/sync/...
	                 A package needs it that hands a lock or an atomic variable to a changed one.
	-without PATTERN leave these as they are
	-v               say what was changed, and be verbose in go test
	-work            keep the folder of the changed files, and print its name
`

var errHelp = errors.New("help")

// A command is what the arguments say.
type command struct {
	bounds              []string // key=value, for OSYNC_EXPLORE
	replay              []string // flags without which a replay is not the same
	with, without       []string
	vars, verbose, work bool
	cover               bool   // a flag of go test asks for coverage
	dir                 string // of -C
	overlay             string // of -overlay, which "go test" gets with the changes
	svg                 string // of -svg

	args     []string // for "go test", packages included
	build    []string // those of them that decide what is compiled
	patterns []string // the packages
	tests    bool     // what follows and is no flag is for the tests
	unknown  string   // the first flag that neither we nor "go test" have
}

// A kind says what a flag is.
type kind uint8

const (
	isBool   kind = 1 << iota
	hasValue      // after an equals sign, or as the next argument
	isOwn         // it is not for "go test"
	isBound       // it is for OSYNC_EXPLORE
	isBuild       // it decides what is compiled, so "go list" needs it, too
	isReplay      // a replay needs it, too
)

var flags = map[string]kind{
	// Our own.
	"preemptions": hasValue | isBound, "steps": hasValue | isBound | isReplay, "spins": hasValue | isBound | isReplay,
	"spurious": hasValue | isBound | isReplay, "executions": hasValue | isBound, "time": hasValue | isBound,
	"mode": hasValue | isBound, "depth": hasValue | isBound, "seed": hasValue | isBound, "replay": hasValue | isBound, "svg": hasValue | isOwn,
	"with": hasValue | isOwn | isReplay, "without": hasValue | isOwn | isReplay, "vars": isBool | isOwn | isReplay,
	"work": isBool | isOwn, "C": hasValue | isOwn, "overlay": hasValue | isOwn | isReplay,
	// Those of "go test", and of building.
	"race": isBool | isBuild | isReplay, "msan": isBool | isBuild | isReplay, "asan": isBool | isBuild | isReplay,
	"tags": hasValue | isBuild | isReplay, "mod": hasValue | isBuild | isReplay, "modfile": hasValue | isBuild | isReplay,
	"modcacherw": isBool | isBuild, "compiler": hasValue | isBuild, "installsuffix": hasValue | isBuild,
	"v": isBool, "a": isBool, "n": isBool, "x": isBool, "c": isBool, "json": isBool, "cover": isBool, "short": isBool | isReplay,
	"benchmem": isBool, "failfast": isBool, "fullpath": isBool, "trimpath": isBool, "linkshared": isBool, "buildvcs": isBool, "artifacts": isBool,
	"p": hasValue, "o": hasValue, "exec": hasValue, "vet": hasValue, "asmflags": hasValue, "buildmode": hasValue,
	"gccgoflags": hasValue, "gcflags": hasValue, "ldflags": hasValue, "pkgdir": hasValue, "pgo": hasValue, "toolexec": hasValue,
	"covermode": hasValue, "coverpkg": hasValue, "coverprofile": hasValue,
	"bench": hasValue, "benchtime": hasValue, "blockprofile": hasValue, "blockprofilerate": hasValue, "count": hasValue,
	"cpu": hasValue, "cpuprofile": hasValue, "fuzz": hasValue, "fuzztime": hasValue, "fuzzminimizetime": hasValue,
	"list": hasValue, "memprofile": hasValue, "memprofilerate": hasValue, "mutexprofile": hasValue, "mutexprofilefraction": hasValue,
	"outputdir": hasValue, "parallel": hasValue, "run": hasValue, "shuffle": hasValue, "skip": hasValue, "timeout": hasValue, "trace": hasValue,
}

// A flag is one of the arguments, with its value.
type flag struct {
	kind
	name, value string
	on          bool     // the value of a flag that has none, or is true or false
	text        []string // as it was given
}

// parse takes our flags out of the arguments, wherever they stand, and finds the packages and the flags
// that decide what is compiled among the rest, as "go test" reads it.
func parse(args []string) (*command, error) {
	c := &command{}
	vet := false
	for len(args) > 0 {
		if arg := args[0]; len(arg) < 2 || arg[0] != '-' {
			c.args = append(c.args, arg)
			if !c.tests {
				c.patterns = append(c.patterns, arg)
			}
			args = args[1:]
			continue
		}
		f, err := parseFlag(args)
		if err != nil {
			return nil, err
		}
		if f.kind == 0 && f.name != "args" && c.unknown == "" {
			c.unknown = args[0]
		}
		c.tests = c.tests || len(c.patterns) > 0 || f.kind == 0
		if f.name == "args" {
			c.args = append(c.args, args...)
			break
		}
		args = args[len(f.text):]
		vet = vet || f.name == "vet"
		if err := c.take(f); err != nil {
			return nil, err
		}
	}
	if err := c.resolve(); err != nil {
		return nil, err
	}
	if !vet {
		// What vet says of the source, it says in a run of "go test"; here it would see ours.
		c.args = append([]string{"-vet=off"}, c.args...)
	}
	return c, nil
}

// parseFlag returns the flag that the arguments begin with.
func parseFlag(args []string) (f flag, err error) {
	name, value, given := strings.Cut(strings.TrimPrefix(args[0][1:], "-"), "=")
	name = strings.TrimPrefix(name, "test.")
	f = flag{kind: flags[name], name: name, value: value, on: true, text: args[:1]}
	switch {
	case name == "h" || name == "help":
		return f, errHelp
	case f.kind&hasValue != 0 && !given:
		if len(args) == 1 {
			return f, fmt.Errorf("%s needs a value", args[0])
		}
		f.value, f.text = args[1], args[:2]
	case f.kind&isBool != 0 && given && name != "v" && name != "buildvcs": // -v=test2json, -buildvcs=auto
		if f.on, err = strconv.ParseBool(value); err != nil {
			return f, fmt.Errorf("%s: %w", args[0], err)
		}
	}
	return f, nil
}

// take notes what a flag says.
func (c *command) take(f flag) (err error) {
	switch f.name {
	case "vars":
		c.vars = f.on
	case "work":
		c.work = f.on
	case "v":
		c.verbose = f.value != "false"
	case "with":
		c.with = append(c.with, f.value)
	case "without":
		c.without = append(c.without, f.value)
	case "C":
		c.dir = f.value
	case "overlay":
		c.overlay = f.value
	case "svg":
		c.svg = f.value
	case "cover", "covermode", "coverpkg", "coverprofile":
		c.cover = f.on
	}
	if f.kind&isReplay != 0 {
		c.replay = append(c.replay, f.text...)
	}
	if f.kind&isBound != 0 {
		c.bounds = append(c.bounds, f.name+"="+url.QueryEscape(f.value))
		return checkBound(f.name, f.value)
	}
	if f.kind&isBuild != 0 {
		c.build = append(c.build, f.text...)
	}
	if f.kind&(isOwn|isBound) == 0 {
		c.args = append(c.args, f.text...)
	}
	return nil
}

// resolve makes names of files absolute: a test runs in the folder of its package.
func (c *command) resolve() (err error) {
	if c.overlay != "" {
		if c.overlay, err = c.absolute(c.overlay); err != nil {
			return err
		}
		c.build = append(c.build, "-overlay="+c.overlay)
	}
	if c.svg != "" {
		if c.svg, err = c.absolute(c.svg); err != nil {
			return err
		}
		c.bounds = append(c.bounds, "svg="+url.QueryEscape(c.svg))
		// A result that go test takes from its cache draws nothing. A -count of the user's comes later, and counts.
		c.args = slices.Insert(c.args, 0, "-count=1")
	}
	return nil
}

// absolute returns the absolute path of a file that a flag names, after -C.
func (c *command) absolute(name string) (string, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(c.dir, name)
	}
	return filepath.Abs(name)
}

// checkBound reports what is wrong with the value of a bound, if anything is.
func checkBound(name, value string) error {
	switch name {
	case "time":
		if d, err := time.ParseDuration(value); err != nil || d <= 0 {
			return fmt.Errorf("-time %s is no duration, such as 30s", value)
		}
	case "mode":
		if modes := []string{"exhaustive", "pct", "random"}; !slices.Contains(modes, value) {
			return fmt.Errorf("-mode %s is none of %s", value, strings.Join(modes, ", "))
		}
	case "replay":
	default:
		n, err := strconv.ParseUint(value, 10, 63)
		if err != nil {
			return fmt.Errorf("-%s %s is no number", name, value)
		}
		if least := slices.Contains([]string{"depth", "steps", "spins"}, name); least && n == 0 {
			return fmt.Errorf("-%s 0 is too little: it must be at least 1", name)
		}
	}
	return nil
}
