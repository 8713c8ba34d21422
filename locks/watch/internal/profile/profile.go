// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package profile writes profiles that go tool pprof reads, and registers them with package runtime/pprof:
//
//	profile.Register("osync.contention", write, count) // in an init function
//
//	func write(w io.Writer, debug int) error {
//		p := profile.Profile{Types: []profile.Type{{Name: "contentions", Unit: "count"}, {Name: "delay", Unit: "nanoseconds"}}}
//		for … {
//			p.Samples = append(p.Samples, profile.Sample{
//				Values: []int64{contentions, delay},
//				Stack:  profile.Frames(pcs), // of runtime.Callers
//				Labels: []profile.Label{{Key: "lock", Value: "cache"}},
//			})
//		}
//		return p.Write(w, debug)
//	}
package profile

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// A Type describes a value.
type Type struct {
	Name, Unit string // "delay", "nanoseconds"
}

// A Label is shown by the flags -tags, -tagfocus and -tagroot of go tool pprof.
type Label struct {
	Key, Value string
}

// A Sample has the values of one stack.
type Sample struct {
	Values []int64         // one for each of the Types
	Stack  []runtime.Frame // the innermost call first
	Labels []Label
}

// A Profile is in the form of https://github.com/google/pprof/blob/main/proto/profile.proto. It has
// the names of functions, so that it can be read without the binary.
type Profile struct {
	Types    []Type // go tool pprof shows the last one first
	Samples  []Sample
	Time     time.Time
	Duration time.Duration
	Period   int64 // one in how many events is a sample, or 0
}

// Frames returns the calls of a stack of [runtime.Callers].
func Frames(pcs []uintptr) (stack []runtime.Frame) {
	if len(pcs) == 0 {
		return nil
	}
	for frames := runtime.CallersFrames(pcs); ; {
		f, more := frames.Next()
		stack = append(stack, f)
		if !more {
			return stack
		}
	}
}

// Write writes the profile compressed if debug is 0, and otherwise as text.
func (p *Profile) Write(w io.Writer, debug int) error {
	if debug > 0 {
		return p.writeText(w)
	}
	z := gzip.NewWriter(w)
	if _, err := z.Write(p.encode()); err != nil {
		return err
	}
	return z.Close()
}

func (p *Profile) writeText(w io.Writer) error {
	b := bufio.NewWriter(w) // keeps the first error
	for i, t := range p.Types {
		if i > 0 {
			b.WriteString("  ")
		}
		fmt.Fprintf(b, "%s/%s", t.Name, t.Unit)
	}
	fmt.Fprintf(b, "  (%d stacks)\n", len(p.Samples))
	for _, s := range p.Samples {
		b.WriteByte('\n')
		for _, v := range s.Values {
			fmt.Fprintf(b, "%d ", v)
		}
		b.WriteByte('@')
		for _, l := range s.Labels {
			fmt.Fprintf(b, " %s=%q", l.Key, l.Value)
		}
		b.WriteByte('\n')
		for _, f := range s.Stack {
			fmt.Fprintf(b, "#\t%s\t%s:%d\n", f.Function, f.File, f.Line)
		}
	}
	return b.Flush()
}

// encode returns the profile as a message Profile. The numbers of the fields are those of profile.proto.
func (p *Profile) encode() []byte {
	var out message
	str := table{}
	str.id("") // number 0
	valueType := func(t Type) []byte {
		return new(message).number(1, str.id(t.Name)).number(2, str.id(t.Unit)).b
	}
	for _, t := range p.Types {
		out.bytes(1, valueType(t))
	}
	functions, locations := table{}, table{}
	for _, s := range p.Samples {
		var sample, ids, values message
		for _, f := range s.Stack {
			name, file := str.id(f.Function), str.id(f.File)
			function := new(message).number(2, name).number(3, name).number(4, file).b
			line := new(message).number(1, functions.id(string(function))+1).number(2, uint64(f.Line)).b
			ids.varint(locations.id(string(line)) + 1)
		}
		for _, v := range s.Values {
			values.varint(uint64(v))
		}
		sample.bytes(1, ids.b).bytes(2, values.b)
		for _, l := range s.Labels {
			sample.bytes(3, new(message).number(1, str.id(l.Key)).number(2, str.id(l.Value)).b)
		}
		out.bytes(2, sample.b)
	}
	program, err := os.Executable()
	if err != nil {
		program = os.Args[0]
	}
	// The only mapping says that functions, files, lines and inlined calls are included.
	out.bytes(3, new(message).number(1, 1).number(5, str.id(filepath.Base(program))).
		number(7, 1).number(8, 1).number(9, 1).number(10, 1).b)
	locations.each(func(id uint64, line []byte) {
		out.bytes(4, new(message).number(1, id+1).number(2, 1).bytes(4, line).b)
	})
	functions.each(func(id uint64, function []byte) {
		out.bytes(5, new(message).number(1, id+1).append(function).b)
	})
	if !p.Time.IsZero() {
		out.number(9, uint64(p.Time.UnixNano()))
	}
	out.number(10, uint64(p.Duration))
	if p.Period > 0 {
		out.bytes(11, valueType(p.Types[0])).number(12, uint64(p.Period))
	}
	str.each(func(_ uint64, s []byte) { out.bytes(6, s) })
	return out.b
}

// A table numbers distinct strings.
type table map[string]uint64

func (t table) id(s string) uint64 {
	id, ok := t[s]
	if !ok {
		id = uint64(len(t))
		t[s] = id
	}
	return id
}

// each calls f for each string, in the order of their numbers.
func (t table) each(f func(id uint64, s []byte)) {
	list := make([]string, len(t))
	for s, id := range t {
		list[id] = s
	}
	for id, s := range list {
		f(uint64(id), []byte(s))
	}
}

// A message is a message of protocol buffers that is being written.
type message struct{ b []byte }

func (m *message) varint(v uint64) { m.b = binary.AppendUvarint(m.b, v) }

func (m *message) number(field int, v uint64) *message {
	m.varint(uint64(field) << 3)
	m.varint(v)
	return m
}

func (m *message) bytes(field int, v []byte) *message {
	m.varint(uint64(field)<<3 | 2)
	m.varint(uint64(len(v)))
	return m.append(v)
}

func (m *message) append(v []byte) *message {
	m.b = append(m.b, v...)
	return m
}
