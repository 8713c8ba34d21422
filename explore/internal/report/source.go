// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report

import (
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A source holds the source files of a failure.
type source struct {
	files map[string][]string // the lines of each file; nil if it cannot be read
	names map[string]string   // the short names of the files
}

// newSource gives each file of f its base name as its short name, with the directory where two
// would be the same.
func newSource(f *engine.Failure) *source {
	s := &source{files: map[string][]string{}, names: map[string]string{}}
	for i := range f.Trace {
		s.add(f.Trace[i].File)
		s.addFrames(f.Trace[i].Stack)
	}
	for _, th := range f.Threads {
		for _, place := range []string{th.Go, th.Where} {
			file, _ := splitPlace(place)
			s.add(file)
		}
		s.addFrames(th.Stack)
	}
	taken := map[string]int{}
	for file := range s.names {
		taken[path.Base(slashes(file))]++
	}
	for file := range s.names {
		name := path.Base(slashes(file))
		if taken[name] > 1 {
			name = path.Join(path.Base(path.Dir(slashes(file))), name)
		}
		s.names[file] = printable(name)
	}
	return s
}

func slashes(file string) string { return strings.ReplaceAll(file, `\`, "/") }

func (s *source) add(file string) {
	if file != "" {
		s.names[file] = ""
	}
}

func (s *source) addFrames(stack []string) {
	for _, frame := range stack {
		_, place, _ := strings.Cut(frame, " ")
		file, _ := splitPlace(place)
		s.add(file)
	}
}

// splitPlace splits "file:line". The file may have colons, as on Windows.
func splitPlace(place string) (file string, line int) {
	at := strings.LastIndexByte(place, ':')
	if at < 0 {
		return place, 0
	}
	line, err := strconv.Atoi(place[at+1:])
	if err != nil {
		return place, 0
	}
	return place[:at], line
}

// place returns "mutex.go:12".
func (s *source) place(file string, line int) string {
	switch {
	case file == "":
		return ""
	case line <= 0:
		return s.names[file]
	}
	return s.names[file] + ":" + strconv.Itoa(line)
}

// text returns the trimmed text of a line, or "" if it cannot be read.
func (s *source) text(file string, line int) string {
	lines, known := s.files[file]
	if !known && file != "" {
		if data, err := os.ReadFile(file); err == nil {
			lines = strings.Split(string(data), "\n")
		}
		s.files[file] = lines
	}
	if line < 1 || line > len(lines) {
		return ""
	}
	return strings.TrimSpace(printable(lines[line-1]))
}

// at returns the place and the text of "file:line".
func (s *source) at(place string) (short, text string) {
	file, line := splitPlace(place)
	return s.place(file, line), s.text(file, line)
}

// frame shortens the file of "func file:line", and the package of the function to its last element.
func (s *source) frame(frame string) string {
	name, place, _ := strings.Cut(frame, " ")
	short, _ := s.at(place)
	return strings.TrimSpace(printable(name[strings.LastIndexByte(name, '/')+1:]) + "  " + short)
}

// frameOf returns the frame in which a step was taken.
func frameOf(s *engine.TraceStep) string { return s.Func + " " + s.File + ":" + strconv.Itoa(s.Line) }
