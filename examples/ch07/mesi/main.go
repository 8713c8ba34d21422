// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command mesi plays the protocol by which cores keep their copies of a cache line in agreement,
// and counts the messages between them.
//
//	state      meaning                              read by its core   written by its core
//	Modified   the only copy, newer than memory     free               free
//	Exclusive  the only copy, same as memory        free               free, becomes Modified
//	Shared     others may have a copy               free               message: others drop theirs
//	Invalid    no copy                              message: fetch     message: fetch, others drop
//
// Watch for: the same accesses cost nothing or a message each, depending on which core writes which word. A spin lock
// that tries again and again makes a message of each try; one that looks first makes none until
// the lock changes hands. This is what contention and falsesharing measure. -svg draws the counts.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"

	"github.com/osync-go/osync/examples/internal/chart"
	"github.com/osync-go/osync/examples/internal/program"
)

const about = `mesi plays the protocol of the caches, and counts the messages between cores.`

var svg = flag.String("svg", "", "draw the messages of each pattern into this file")

func main() { program.Main(about, run) }

// A line is the state of one cache line in each core.
type line struct {
	states   []byte // 'M', 'E', 'S' or 'I'
	messages int
}

func newLine(cores int) *line {
	l := &line{states: make([]byte, cores)}
	for i := range l.states {
		l.states[i] = 'I'
	}
	return l
}

func (l *line) read(core int) {
	if l.states[core] != 'I' {
		return
	}
	l.messages++ // the core asks for the line
	l.states[core] = 'E'
	for i, s := range l.states {
		if i != core && s != 'I' {
			l.states[i], l.states[core] = 'S', 'S' // a Modified one goes to memory as well
		}
	}
}

func (l *line) write(core int) {
	if s := l.states[core]; s == 'S' || s == 'I' {
		l.messages++ // drop your copies
		for i := range l.states {
			l.states[i] = 'I'
		}
	}
	l.states[core] = 'M'
}

// check returns an error if the states contradict each other.
func (l *line) check() error {
	owners, copies := 0, 0
	for _, s := range l.states {
		switch s {
		case 'M', 'E':
			owners++
		case 'S':
			copies++
		}
	}
	if owners > 1 || owners == 1 && copies > 0 {
		return fmt.Errorf("the cores have %s: an owner is not alone", l.states)
	}
	return nil
}

// A pattern is what the cores do with some lines, and how many messages that must be.
type pattern struct {
	name  string
	lines int
	step  func(lines []*line, turn, core int)
	want  int
}

const cores, turns = 4, 250

var patterns = []pattern{
	{"all read one word", 1, func(l []*line, _, core int) { l[0].read(core) }, cores},
	{"each writes a line of its own", cores, func(l []*line, _, core int) { l[core].write(core) }, cores},
	{"each writes a word of its own in one line", 1, func(l []*line, _, core int) { l[0].write(core) }, cores * turns},
	{"one writes, the others read", 1, func(l []*line, _, core int) {
		if core == 0 {
			l[0].write(core)
		} else {
			l[0].read(core)
		}
	}, cores * turns},
	{"spin by trying: a failing exchange is a write", 1, func(l []*line, _, core int) { l[0].write(core) }, cores * turns},
	{"spin by looking; a new owner each 25th turn", 1, func(l []*line, turn, core int) {
		if turn%25 == 0 && core == turn/25%cores {
			l[0].write(core)
		} else {
			l[0].read(core)
		}
	}, cores * turns / 25},
}

// play lets each core have its turns, and returns the number of messages.
func (p pattern) play() (int, error) {
	lines := make([]*line, p.lines)
	for i := range lines {
		lines[i] = newLine(cores)
	}
	messages := 0
	for turn := range turns {
		for core := range cores {
			p.step(lines, turn, core)
			for _, l := range lines {
				if err := l.check(); err != nil {
					return 0, fmt.Errorf("%s: %w", p.name, err)
				}
			}
		}
	}
	for _, l := range lines {
		messages += l.messages
	}
	return messages, nil
}

func run(out io.Writer) error {
	l := newLine(3)
	fmt.Fprintln(out, "One line in three cores:                              states  messages")
	for _, s := range []struct {
		what string
		do   func(core int)
		core int
		want string
	}{
		{"core 0 reads: it is the only one", l.read, 0, "EII"},
		{"core 0 writes: it may, without a message", l.write, 0, "MII"},
		{"core 1 reads: core 0 hands over what it wrote", l.read, 1, "SSI"},
		{"core 2 reads as well", l.read, 2, "SSS"},
		{"core 1 writes: the others drop their copies", l.write, 1, "IMI"},
		{"core 1 writes again: free", l.write, 1, "IMI"},
		{"core 0 writes: the line moves", l.write, 0, "MII"},
	} {
		s.do(s.core)
		fmt.Fprintf(out, "  %-52s%s   %d\n", s.what, l.states, l.messages)
		if string(l.states) != s.want {
			return errors.New("want " + s.want)
		}
	}
	fmt.Fprintf(out, "\n%d accesses by %d cores, in turn:                         messages\n", cores*turns, cores)
	var counts []float64
	for _, p := range patterns {
		n, err := p.play()
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %-52s%8d\n", p.name, n)
		if n != p.want {
			return fmt.Errorf("%s: %d messages, want %d", p.name, n, p.want)
		}
		counts = append(counts, float64(n))
	}
	if *svg == "" {
		return nil
	}
	return chart.Bars(*svg, chart.Labels{Title: "Messages between 4 cores, for 1000 accesses", Y: "messages"},
		[]string{"all read", "own lines", "own words", "one writes", "spin by trying", "spin by looking"}, chart.Series{Name: "messages", Y: counts})
}
