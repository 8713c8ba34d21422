// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/osync-go/osync/explore/internal/engine"
)

var escapes = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestRandomTraces prints and draws failures with invalid contents. Nothing panics, no line but the command line is too
// long, no text reaches the terminal as an escape sequence, and drawings stay well-formed.
func TestRandomTraces(t *testing.T) {
	seed := rand.Uint64()
	rounds := 300
	if testing.Short() {
		rounds = 60
	}
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	texts := []string{
		"", " ", "CompareAndSwap", "Load", "Mutex.Lock", "word 1", "goroutine 1", "woke goroutine 1", "waits in Cond.Wait", "ended",
		"data race", "deadlock", "livelock", "spins in Load", "left over", "panic: \x1b[31mred\x07", "a\tb\r\nc", "漢字かな交じり文", "e\u0301\u200d\u202eabc", "\xff\xfe", "<&>\"'\x00]]>",
		strings.Repeat("long words ", 30), strings.Repeat("x", 300), strings.Repeat("漢", 100), "testdata/src/bank.go", `C:\src\bank.go:12`,
		"example.org/a.f testdata/src/bank.go:14", "testdata/src/counter.go:27", "nowhere.go:1", ":", "5", "-1",
	}
	text := func() string { return texts[r.IntN(len(texts))] }
	number := func() uint64 { return r.Uint64() >> r.IntN(64) }
	list := func() (list []string) {
		for range r.IntN(9) {
			list = append(list, text())
		}
		return list
	}
	for round := range rounds {
		threads := r.IntN(9)
		f := &engine.Failure{Kind: text(), Message: text() + "\n" + text(), Schedule: text(), Execution: r.IntN(3)}
		for range threads {
			f.Threads = append(f.Threads, engine.TraceThread{Name: text(), Go: text(), Status: text(), Where: text(), Stack: list()})
		}
		for range r.IntN([]int{2, 20, 300}[round%3]) {
			s := engine.TraceStep{
				Thread: r.IntN(threads + 1), Op: text(), Failed: r.IntN(3) == 0, Object: text(), Word: engine.Word(r.IntN(4)),
				Before: number(), After: number(), Note: text(), File: text(), Line: r.IntN(40) - 1, Func: text(), Stack: list(),
			}
			for n := range threads + 1 {
				if r.IntN(2) == 0 {
					s.Waiting = append(s.Waiting, n)
				}
			}
			f.Trace = append(f.Trace, s)
		}
		if round%2 == 0 {
			NameObjects(f)
		}
		o := Options{Test: text(), Package: text(), Width: r.IntN(160), Full: r.IntN(2) == 0, Color: r.IntN(2) == 0}
		if err := checkReport(f, o); err != nil {
			t.Fatalf("%v\nof %#v\n%#v", err, o, f)
		}
	}
}

func checkReport(f *engine.Failure, o Options) error {
	var out bytes.Buffer
	Table(&out, f, o)
	for line := range strings.Lines(out.String()) {
		line = strings.TrimSuffix(escapes.ReplaceAllString(line, ""), "\n")
		if n := columns(line); n > o.width() && !strings.HasPrefix(line, "go run ") {
			return fmt.Errorf("a line of %d columns, not %d: %s", n, o.width(), line)
		}
		if strings.TrimRight(line, " ") != line && !o.Color {
			return fmt.Errorf("a space at the end of %q", line)
		}
		if strings.ContainsAny(line, "\x1b\x07\r\t\x00") {
			return fmt.Errorf("a control character in %q", line)
		}
	}
	out.Reset()
	if err := SVG(&out, f, o); err != nil {
		return err
	}
	for d := xml.NewDecoder(&out); ; {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}
