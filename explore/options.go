// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package explore

import (
	"fmt"
	"net/url"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/osync-go/osync/explore/internal/engine"
)

// environment is the variable in which the command passes its flags to the tests: space-separated pairs such as
// preemptions=2, with the values escaped as in the query of a URL.
const environment = "OSYNC_EXPLORE"

// engine returns the options for the engine: those of o, overridden by those of the command. svg is the file to draw a
// failure to, or "". If the command asks for less than every interleaving, the exploration need not be complete.
func (o *Options) engine() (e engine.Options, svg string, err error) {
	e = engine.Options{
		Mode:        engine.Mode(o.Mode),
		Preemptions: o.Preemptions,
		Steps:       o.Steps,
		Executions:  o.Executions,
		Time:        o.Time,
		Spins:       o.Spins,
		Jumps:       o.TimeJumps,
		Spurious:    o.Spurious,
		Procs:       o.Procs,
		Depth:       o.Depth,
		Seed:        o.Seed,
	}
	if e.Time == 0 {
		e.Time = 30 * time.Second
		if o.Complete {
			e.Time = 5 * time.Minute // a busy machine needs longer for the same number of executions
		}
	}
	if e.Preemptions == 0 {
		e.Preemptions = -1
	}
	for pair := range strings.FieldsSeq(os.Getenv(environment)) {
		key, value, _ := strings.Cut(pair, "=")
		value, err = url.QueryUnescape(value)
		if err == nil {
			err = set(&e, &svg, key, value)
		}
		switch key {
		case "steps", "spins", "executions", "time", "mode", "replay":
			o.Complete = false
		}
		if err != nil {
			return e, svg, fmt.Errorf("explore: the environment variable %s has %q: %w", environment, pair, err)
		}
	}
	return e, svg, nil
}

// set sets one option.
func set(e *engine.Options, svg *string, key, value string) (err error) {
	switch key {
	case "preemptions":
		e.Preemptions, err = strconv.Atoi(value)
	case "steps":
		e.Steps, err = strconv.Atoi(value)
	case "spins":
		e.Spins, err = strconv.Atoi(value)
	case "spurious":
		e.Spurious, err = strconv.Atoi(value)
	case "executions":
		e.Executions, err = strconv.Atoi(value)
	case "depth":
		e.Depth, err = strconv.Atoi(value)
	case "seed":
		e.Seed, err = strconv.ParseUint(value, 10, 64)
	case "time":
		e.Time, err = time.ParseDuration(value)
	case "svg":
		*svg = value
	case "mode":
		switch value {
		case "exhaustive":
			e.Mode = engine.Exhaustive
		case "pct":
			e.Mode = engine.PCT
		case "random":
			e.Mode = engine.Random
		default:
			err = fmt.Errorf("unknown mode %q: want exhaustive, pct or random", value)
		}
	case "replay":
		e.Mode = engine.Replay
		e.Replay, err = engine.ParseSchedule(value)
	case "flags": // see commandFlags
	default:
		err = fmt.Errorf("unknown option %q", key)
	}
	return err
}

// commandFlags returns the flags that a replay also needs, which the command put into the environment.
func commandFlags() []string {
	for pair := range strings.FieldsSeq(os.Getenv(environment)) {
		if value, ok := strings.CutPrefix(pair, "flags="); ok {
			value, _ = url.QueryUnescape(value)
			return strings.Split(value, "\n")
		}
	}
	return nil
}

// testPackage returns the import path of the package under test, or "" if the binary does not record it.
func testPackage() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		if path, ok := strings.CutSuffix(info.Path, ".test"); ok {
			return path
		}
	}
	return ""
}
