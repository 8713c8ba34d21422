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

explore runs the tests of packages that call explore.Check, under every possible order of the steps of
their goroutines. It compiles these packages, and those of their module and of osync that they import,
from a rewritten copy of the source; it does not modify the files. It accepts the flags of go test,
before or after its own.

	explore ./mylock                             run all tests of a package
	explore -run TestMutex -preemptions 2 .      run one test, with at most two preemptions
	explore -vars -run TestQueue ./queue         also find data races on plain variables
	explore -run TestMutex -replay 1:2 .         replay a failure
	explore -mode pct -depth 3 -time 5m ./...    try random orders, for large tests

Bounds (default). They override those of the test; the result says what they left out:
	-preemptions N   switches away from a goroutine that could go on (no bound; 2 are enough for most bugs)
	-steps N         the maximum number of steps of an execution (10,000)
	-spins N         iterations of a spin loop, before its goroutine waits for a change (2)
	-spurious N      spurious wake-ups from futex sleeps, for each goroutine (0)
	-executions N    executions of each exploration (no bound)
	-time D          time for each exploration (30s; 5m for a complete one)

How to explore (default):
	-mode MODE       exhaustive; or pct or random, which try random orders (exhaustive)
	-depth D         for pct: the number of steps that must come in a certain order for a bug to show (3)
	-seed S          for pct and random (a different one each time)
	-replay STRING   run only the order that a failure printed
	-svg FILE        draw the failure to FILE

What to rewrite:
	-vars            record reads and writes of variables that goroutines can share, to find data races
	-with PATTERN    also rewrite the packages that match PATTERN, such as golang.org/x/sync/...
	                 Needed for packages that pass a lock or an atomic variable to a rewritten one.
	-without PATTERN do not rewrite the packages that match PATTERN
	-v               print what was rewritten, and pass -v to go test
	-work            print the name of the folder of rewritten files, and do not delete it
`

var errHelp = errors.New("help")

// A command is the parsed command line.
type command struct {
	bounds              []string // key=value, for OSYNC_EXPLORE
	replay              []string // flags that a replay must repeat
	with, without       []string
	vars, verbose, work bool
	cover               bool   // a flag of go test asks for coverage
	dir                 string // of -C
	overlay             string // of -overlay, which "go test" gets with the changes
	svg                 string // of -svg

	args     []string // for "go test", packages included
	build    []string // those of them that decide what is compiled
	patterns []string // the packages
	tests    bool     // further arguments that are not flags are for the tests
	unknown  string   // the first flag known neither to explore nor to "go test"
}

// A kind is a set of properties of a flag.
type kind uint8

const (
	isBool   kind = 1 << iota
	hasValue      // after an equals sign, or as the next argument
	isOwn         // not passed to "go test"
	isBound       // passed in OSYNC_EXPLORE
	isBuild       // affects what is compiled, so "go list" needs it, too
	isReplay      // a replay must repeat it
)

var flags = map[string]kind{
	// The command's own flags.
	"preemptions": hasValue | isBound, "steps": hasValue | isBound | isReplay, "spins": hasValue | isBound | isReplay,
	"spurious": hasValue | isBound | isReplay, "executions": hasValue | isBound, "time": hasValue | isBound,
	"mode": hasValue | isBound, "depth": hasValue | isBound, "seed": hasValue | isBound, "replay": hasValue | isBound, "svg": hasValue | isOwn,
	"with": hasValue | isOwn | isReplay, "without": hasValue | isOwn | isReplay, "vars": isBool | isOwn | isReplay,
	"work": isBool | isOwn, "C": hasValue | isOwn, "overlay": hasValue | isOwn | isReplay,
	// The flags of "go test", including build flags.
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
	on          bool     // the value of a boolean flag
	text        []string // as given on the command line
}

// parse removes the command's own flags from the arguments, wherever they stand. In the rest it finds the packages and
// the flags that affect what is compiled, reading the arguments as "go test" does.
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
		// Vet checks the user's source in a plain "go test"; here it would see the rewritten source.
		c.args = append([]string{"-vet=off"}, c.args...)
	}
	return c, nil
}

// parseFlag returns the flag at the beginning of the arguments.
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

// take records a flag.
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

// resolve makes file names absolute, since a test runs in the folder of its package.
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
		// A cached test result would draw nothing. If the user gives -count, it comes later and overrides this one.
		c.args = slices.Insert(c.args, 0, "-count=1")
	}
	return nil
}

// absolute returns the absolute path of a file named by a flag, relative to the folder of -C.
func (c *command) absolute(name string) (string, error) {
	if !filepath.IsAbs(name) {
		name = filepath.Join(c.dir, name)
	}
	return filepath.Abs(name)
}

// checkBound returns an error if the value of a bound is invalid.
func checkBound(name, value string) error {
	switch name {
	case "time":
		if d, err := time.ParseDuration(value); err != nil || d <= 0 {
			return fmt.Errorf("invalid -time %s: want a duration, such as 30s", value)
		}
	case "mode":
		if modes := []string{"exhaustive", "pct", "random"}; !slices.Contains(modes, value) {
			return fmt.Errorf("invalid -mode %s: want one of %s", value, strings.Join(modes, ", "))
		}
	case "replay":
	default:
		n, err := strconv.ParseUint(value, 10, 63)
		if err != nil {
			return fmt.Errorf("invalid -%s %s: want a number", name, value)
		}
		if least := slices.Contains([]string{"depth", "steps", "spins"}, name); least && n == 0 {
			return fmt.Errorf("invalid -%s 0: must be at least 1", name)
		}
	}
	return nil
}
