// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/osync-go/osync/explore/internal/engine"
)

var (
	unnamed  = regexp.MustCompile(`^[a-z]+ \d+$`)           // "word 1": a name of the engine
	next     = regexp.MustCompile(`(\S+) of ([a-z]+ \d+)$`) // "waits in Mutex.Lock of word 1"
	receiver = `([\pL_][\pL_\d]*(?:\.[\pL_][\pL_\d]*|\[[^][]*\])*)`
	call     = regexp.MustCompile(receiver + `\.([\pL_][\pL_\d]*)\(`)
	argument = regexp.MustCompile(`\batomic\.[A-Z][A-Za-z0-9]*\(\s*&?` + receiver)
)

// NameObjects renames the objects that the engine only numbered, such as word 1, to their names in the source, such as
// m.state. It finds the names in the source lines of the steps, including pending ones; where the lines differ, it takes the
// most frequent name. Objects that would get the same name keep their numbers after it: m.state#1 and m.state#2.
func NameObjects(f *engine.Failure) {
	src := newSource(f)
	votes := map[string]map[string]int{} // for each object, the count of each name
	best := map[string]string{}          // the name with the most votes, the earliest if there are several
	var objects []string
	threads := map[string]bool{}
	for _, th := range f.Threads {
		threads[th.Name] = true
	}
	vote := func(object, op, file string, line int) {
		if !unnamed.MatchString(object) || threads[object] {
			return
		}
		if votes[object] == nil {
			votes[object] = map[string]int{}
			objects = append(objects, object)
		}
		if name := nameIn(src.text(file, line), op); name != "" {
			v := votes[object]
			v[name]++
			if b := best[object]; v[name] > v[b] {
				best[object] = name
			}
		}
	}
	for i := range f.Trace {
		s := &f.Trace[i]
		vote(s.Object, s.Op, s.File, s.Line)
	}
	for _, th := range f.Threads {
		if m := next.FindStringSubmatch(th.Status); m != nil {
			file, line := splitPlace(th.Where)
			vote(m[2], m[1], file, line)
		}
	}
	holders := map[string]int{}
	for _, name := range best {
		holders[name]++
	}
	names := map[string]string{}
	for _, object := range objects {
		if name := best[object]; holders[name] > 1 {
			names[object] = fmt.Sprintf("%s#%s", name, object[strings.IndexByte(object, ' ')+1:])
		} else if name != "" {
			names[object] = name
		}
	}
	if len(names) == 0 {
		return
	}
	mention := regexp.MustCompile(`\b[a-z]+ \d+\b`)
	rename := func(text string) string {
		return mention.ReplaceAllStringFunc(text, func(object string) string {
			if name := names[object]; name != "" {
				return name
			}
			return object
		})
	}
	f.Message = rename(f.Message)
	for i := range f.Trace {
		s := &f.Trace[i]
		s.Object, s.Note = rename(s.Object), rename(s.Note)
	}
	for i := range f.Threads {
		f.Threads[i].Status = rename(f.Threads[i].Status)
	}
}

// nameIn returns the name that a line of source gives the object of an operation, or "" if the line has no name for it,
// or is ambiguous.
func nameIn(line, op string) string {
	method := op[strings.LastIndexByte(op, '.')+1:]
	var found []string
	for _, m := range call.FindAllStringSubmatch(line, -1) {
		if m[2] == method {
			found = append(found, m[1])
		}
	}
	if len(found) == 0 {
		for _, m := range argument.FindAllStringSubmatch(line, -1) {
			if strings.Contains(m[0], "."+method) {
				found = append(found, m[1])
			}
		}
	}
	if len(found) == 0 {
		return ""
	}
	for _, name := range found {
		if name != found[0] {
			return ""
		}
	}
	return found[0]
}
