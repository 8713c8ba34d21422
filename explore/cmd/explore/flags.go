// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const usage = `usage: go run github.com/osync-go/osync/explore/cmd/explore [flags] [packages] [flags of go test]

explore runs tests with every order of the steps of their goroutines: those that call explore.Check.
It compiles the packages, and those of their module and of osync that they import, with changed
source; the files stay as they are. All flags may be mixed with those of "go test".

	explore ./mylock                            all tests of a package
	explore -run TestMutex -preemptions 2 .     one test, with at most two preemptions
	explore -vars -run TestQueue ./queue        look for data races on plain variables, too
	explore -run TestMutex -replay STRING .     run the order of a failure again
	explore -mode pct -depth 3 -time 1m ./...   orders at random, for what is too large

What is bounded:
	-preemptions N   at most N switches away from a goroutine that could go on
	-steps N         at most N steps in an execution
	-spins N         at most N turns of a loop that waits for others
	-spurious N      at most N sleeps of each goroutine in futex calls that end for no reason
	-executions N    at most N executions of a test
	-time D          at most that long for a test, such as 30s
Without these flags explore.Check decides, and the result says what was left out.

How to explore:
	-mode MODE       exhaustive, pct (probabilistic concurrency testing) or random
	-depth D         the number of ordering constraints of a bug that pct looks for
	-seed S          where pct and random start
	-replay STRING   run the one order that a failure has printed
	-svg FILE        draw the failure

What to change in the source:
	-vars            note reads and writes of variables that goroutines may share
	-with PATTERN    change the packages that PATTERN matches, too, such as golang.org/x/sync/...
	-without PATTERN leave these as they are
	-v               say what was changed, and be verbose in go test
	-work            keep the folder with the changed files, and print its name
`

var errHelp = errors.New("help")

// A command is what the arguments say.
type command struct {
	bounds              []string // key=value, for OSYNC_EXPLORE
	with, without       []string
	vars, verbose, work bool
	cover               bool // a flag of go test asks for coverage

	dir      string   // of -C
	overlay  string   // of -overlay, which "go test" gets with the changes
	args     []string // for "go test", packages included
	build    []string // those of them that decide what is compiled
	patterns []string // the packages
}

// Kinds of flags.
const (
	isBool = 1 << iota
	hasValue
	isBuild // "go list" needs it, too
	isBound // for OSYNC_EXPLORE
)

var flags = map[string]int{
	// Our own.
	"preemptions": hasValue | isBound, "steps": hasValue | isBound, "spins": hasValue | isBound, "spurious": hasValue | isBound, "executions": hasValue | isBound,
	"time": hasValue | isBound, "mode": hasValue | isBound, "depth": hasValue | isBound, "seed": hasValue | isBound,
	"replay": hasValue | isBound, "svg": hasValue | isBound,
	// Those of "go test", and of building.
	"race": isBool | isBuild, "msan": isBool | isBuild, "asan": isBool | isBuild, "modcacherw": isBool | isBuild,
	"tags": hasValue | isBuild, "mod": hasValue | isBuild, "modfile": hasValue | isBuild,
	"compiler": hasValue | isBuild, "installsuffix": hasValue | isBuild,
	"a": isBool, "n": isBool, "x": isBool, "c": isBool, "i": isBool, "json": isBool, "cover": isBool, "short": isBool,
	"benchmem": isBool, "failfast": isBool, "fullpath": isBool, "trimpath": isBool, "linkshared": isBool, "buildvcs": isBool, "artifacts": isBool,
	"p": hasValue, "o": hasValue, "exec": hasValue, "vet": hasValue, "asmflags": hasValue, "buildmode": hasValue,
	"gccgoflags": hasValue, "gcflags": hasValue, "ldflags": hasValue, "pkgdir": hasValue, "pgo": hasValue, "toolexec": hasValue,
	"covermode": hasValue, "coverpkg": hasValue, "coverprofile": hasValue,
	"bench": hasValue, "benchtime": hasValue, "blockprofile": hasValue, "blockprofilerate": hasValue, "count": hasValue,
	"cpu": hasValue, "cpuprofile": hasValue, "fuzz": hasValue, "fuzztime": hasValue, "fuzzminimizetime": hasValue,
	"list": hasValue, "memprofile": hasValue, "memprofilerate": hasValue, "mutexprofile": hasValue, "mutexprofilefraction": hasValue,
	"outputdir": hasValue, "parallel": hasValue, "run": hasValue, "shuffle": hasValue, "skip": hasValue, "timeout": hasValue, "trace": hasValue,
}

// parse takes our flags out of the arguments, wherever they stand, and finds the packages and the flags
// that decide what is compiled among the rest, as "go test" reads it.
func parse(args []string) (*command, error) {
	c := &command{}
	vet, packages, unknown := false, false, false // packages: their list is over
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		if len(arg) < 2 || arg[0] != '-' {
			if packages || unknown {
				// An argument of the test, or of a flag that it defines; so is all that follows but our own flags.
				c.args = append(c.args, arg)
				unknown = true
				continue
			}
			c.args = append(c.args, arg)
			c.patterns = append(c.patterns, arg)
			continue
		}
		packages = packages || len(c.patterns) > 0
		name := strings.TrimPrefix(arg[1:], "-")
		if name == "args" {
			c.args = append(append(c.args, arg), args...)
			break
		}
		name, value, given := strings.Cut(name, "=")
		name = strings.TrimPrefix(name, "test.")
		kind := flags[name]
		switch name {
		case "h", "help":
			return nil, errHelp
		case "with", "without", "C":
			kind = hasValue
		case "overlay":
			kind = hasValue | isBuild
		case "vars", "v", "work":
			kind = isBool
		}
		text := []string{arg}
		if kind&hasValue != 0 && !given {
			if len(args) == 0 {
				return nil, fmt.Errorf("%s needs a value", arg)
			}
			value, args = args[0], args[1:]
			text = append(text, value)
		}
		on := true
		if kind&isBool != 0 && given {
			var err error
			if on, err = strconv.ParseBool(value); err != nil && name != "v" && name != "buildvcs" { // -v=test2json
				return nil, fmt.Errorf("%s: %v", arg, err)
			}
		}
		switch {
		case kind&isBound != 0:
			bound, err := checkBound(name, value)
			if err != nil {
				return nil, err
			}
			c.bounds = append(c.bounds, name+"="+url.QueryEscape(bound))
			continue
		case name == "with":
			c.with = append(c.with, value)
			continue
		case name == "without":
			c.without = append(c.without, value)
			continue
		case name == "C":
			c.dir = value
			continue
		case name == "vars":
			c.vars = on
			continue
		case name == "work":
			c.work = on
			continue
		case name == "overlay":
			file, err := absolute(value)
			if err != nil {
				return nil, err
			}
			c.overlay = file
			c.build = append(c.build, "-overlay="+file)
			continue
		case name == "v":
			c.verbose = on
		case name == "vet":
			vet = true
		case strings.HasPrefix(name, "cover"):
			c.cover = on
		case kind == 0:
			unknown = true
		}
		if kind&isBuild != 0 {
			c.build = append(c.build, text...)
		}
		c.args = append(c.args, text...)
	}
	if !vet {
		// What vet says of the source, it says in a run of "go test"; here it would see ours.
		c.args = append([]string{"-vet=off"}, c.args...)
	}
	return c, nil
}

// checkBound returns the value of a bound as the tests read it.
func checkBound(name, value string) (string, error) {
	switch name {
	case "time":
		if d, err := time.ParseDuration(value); err != nil || d <= 0 {
			return "", fmt.Errorf("-time %s is no duration, such as 30s", value)
		}
	case "mode":
		if modes := []string{"exhaustive", "pct", "random"}; !slices.Contains(modes, value) {
			return "", fmt.Errorf("-mode %s is none of %s", value, strings.Join(modes, ", "))
		}
	case "svg":
		return absolute(value)
	case "replay":
	default:
		if _, err := strconv.ParseUint(value, 10, 63); err != nil {
			return "", fmt.Errorf("-%s %s is no number", name, value)
		}
	}
	return value, nil
}
