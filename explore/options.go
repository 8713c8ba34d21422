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

// environment is the variable by which the command tells the tests what its flags say: pairs like
// preemptions=2, with spaces between, and the values as in a query of a URL.
const environment = "OSYNC_EXPLORE"

// engine returns the options of the engine: those of o, and over them those of the command. svg is the
// file to draw a failure to, or "". If the command asks for less than every interleaving, o need not be complete.
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
			e.Time = 5 * time.Minute // a busy machine needs longer for the same
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
			err = fmt.Errorf("no mode is called %q: want exhaustive, pct or random", value)
		}
	case "replay":
		e.Mode = engine.Replay
		e.Replay, err = engine.ParseSchedule(value)
	case "flags": // see commandFlags
	default:
		err = fmt.Errorf("no option is called %q", key)
	}
	return err
}

// commandFlags returns the flags that a replay needs as well, as the command has put them into the environment.
func commandFlags() []string {
	for pair := range strings.FieldsSeq(os.Getenv(environment)) {
		if value, ok := strings.CutPrefix(pair, "flags="); ok {
			value, _ = url.QueryUnescape(value)
			return strings.Split(value, "\n")
		}
	}
	return nil
}

// testPackage returns the import path of the package that is tested, or "" if the binary does not know.
func testPackage() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		if path, ok := strings.CutSuffix(info.Path, ".test"); ok {
			return path
		}
	}
	return ""
}
