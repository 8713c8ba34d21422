// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// A stop of the tour is a program that is to run.
type stop struct {
	chapter chapter
	example
}

// path returns the folder of the program under examples, as in "ch04/spin3".
func (s stop) path() string { return s.chapter.dir + "/" + s.name }

// stops returns all programs, in order.
func stops(chapters []chapter) []stop {
	var all []stop
	for _, c := range chapters {
		for _, e := range c.programs {
			all = append(all, stop{c, e})
		}
	}
	return all
}

// choose returns the programs that the options name: each once, in the order of the tour.
func choose(chapters []chapter, o options) ([]stop, error) {
	all := stops(chapters)
	switch {
	case len(o.names) > 0 && (o.all || o.printMap):
		return nil, fmt.Errorf("-all and -map take no %q", o.names[0])
	case o.printMap && o.html != "":
		return nil, errors.New("-map and -html exclude each other")
	case o.printMap:
		return nil, nil
	case o.html != "" && len(o.names) == 0:
		return all, nil
	case o.all && len(all) == 0:
		return nil, errors.New("there are no programs yet")
	case o.all:
		return all, nil
	}
	wanted := map[string]bool{}
	for _, name := range o.names {
		// A path to the folder will do as well: shells complete it.
		clean := path.Clean(strings.ReplaceAll(filepath.ToSlash(name), `\`, "/"))
		clean = strings.TrimPrefix(clean, "examples/")
		found := false
		for _, s := range all {
			if clean == s.chapter.dir || clean == s.path() {
				wanted[s.path()], found = true, true
			}
		}
		if !found {
			return nil, unknown(chapters, name, clean)
		}
	}
	return slices.DeleteFunc(all, func(s stop) bool { return !wanted[s.path()] }), nil
}

// unknown says that nothing has the name, and what there is instead.
func unknown(chapters []chapter, name, clean string) error {
	dir, _, _ := strings.Cut(clean, "/")
	var near []string
	for _, s := range stops(chapters) {
		if s.name == clean || s.chapter.dir == dir {
			near = append(near, s.path())
		}
	}
	if near == nil {
		for _, c := range chapters {
			near = append(near, c.dir)
		}
	}
	return fmt.Errorf("no chapter or program %q; there are %s", name, strings.Join(near, ", "))
}
