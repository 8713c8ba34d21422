// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/osync-go/osync/explore/internal/engine"
)

var update = flag.Bool("update", false, "write the golden files of testdata anew")

// A script builds a failure by hand.
type script struct {
	t *testing.T
	engine.Failure
	waiting []int
}

// newScript begins with main and goroutines.
func newScript(t *testing.T, kind, message string, goroutines int) *script {
	s := &script{t: t, Failure: engine.Failure{Kind: kind, Message: message, Schedule: "1a.0.2x3.1", Execution: 17}}
	for n := range goroutines + 1 {
		th := engine.TraceThread{Name: "main", Status: "ended"}
		if n > 0 {
			th.Name = fmt.Sprintf("goroutine %d", n)
		}
		s.Threads = append(s.Threads, th)
	}
	return s
}

// at returns the place of a text in a file of testdata/src: "bank.go: to.mu.Lock()".
func (s *script) at(text string) (file string, line int) {
	s.t.Helper()
	name, text, _ := strings.Cut(text, ": ")
	file, err := filepath.Abs(filepath.Join("testdata", "src", name))
	if err != nil {
		s.t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		s.t.Fatal(err)
	}
	before, _, found := strings.Cut(string(data), text)
	if !found {
		s.t.Fatalf("%s does not have %s", name, text)
	}
	return file, 1 + strings.Count(before, "\n")
}

func (s *script) place(text string) string {
	s.t.Helper()
	file, line := s.at(text)
	return fmt.Sprintf("%s:%d", file, line)
}

// step adds a step, which the caller may change.
func (s *script) step(thread int, op, object, at string) *engine.TraceStep {
	s.t.Helper()
	file, line := s.at(at)
	s.Trace = append(s.Trace, engine.TraceStep{
		Thread: thread, Op: op, Object: object, File: file, Line: line,
		Waiting: append([]int(nil), s.waiting...),
	})
	return &s.Trace[len(s.Trace)-1]
}

// word adds a step with a word.
func (s *script) word(thread int, op, object string, before, after uint64, at string) *engine.TraceStep {
	s.t.Helper()
	st := s.step(thread, op, object, at)
	st.Word, st.Before, st.After = engine.Word32, before, after
	return st
}

// spawn lets main start a goroutine.
func (s *script) spawn(n int, at string) {
	s.t.Helper()
	s.step(0, "Go", "", at).Note = fmt.Sprintf("started goroutine %d", n)
	s.Threads[n].Go = s.place(at)
}

// waits sets how a goroutine ends.
func (s *script) waits(n int, what, at string, stack ...string) {
	s.t.Helper()
	th := &s.Threads[n]
	th.Status, th.Where = "waits in "+what, s.place(at)
	for i := 0; i < len(stack); i += 2 {
		th.Stack = append(th.Stack, stack[i]+" "+s.place(stack[i+1]))
	}
}

func lostAddition(t *testing.T) *script {
	s := newScript(t, "assertion", "lost an addition", 2)
	s.spawn(1, "counter.go: x.Go(c.add)")
	s.spawn(2, "counter.go: x.Go(c.add)\n\tx.Wait")
	s.waiting = []int{0}
	s.word(1, "Load", "word 1", 0, 0, "counter.go: old := c.n.Load()")
	s.word(2, "Load", "word 1", 0, 0, "counter.go: old := c.n.Load()")
	s.word(2, "Store", "word 1", 0, 1, "counter.go: c.n.Store")
	s.waiting = nil
	s.word(1, "Store", "word 1", 1, 1, "counter.go: c.n.Store")
	s.step(0, "Run.Wait", "", "counter.go: x.Wait()")
	s.word(0, "Load", "word 1", 1, 1, "counter.go: x.Assert").Func = "example.org/mylock/src.countTwice"
	s.Threads[0].Status, s.Threads[0].Where = "runs", s.place("counter.go: x.Assert")
	return s
}

func deadlock(t *testing.T) *script {
	s := newScript(t, "deadlock", "goroutine 1 waits for mutex 2, which goroutine 2 holds;\ngoroutine 2 waits for mutex 1, which goroutine 1 holds", 2)
	s.spawn(1, "bank.go: x.Go(func() { transfer(&a, &b, 1)")
	s.spawn(2, "bank.go: x.Go(func() { transfer(&b, &a, 2)")
	s.waiting = []int{0}
	s.step(1, "Mutex.Lock", "mutex 1", "bank.go: from.mu.Lock()")
	s.waiting = []int{0, 1, 2}
	s.step(2, "Mutex.Lock", "mutex 2", "bank.go: from.mu.Lock()")
	s.waits(0, "Run.Wait", "bank.go: x.Wait()", "example.org/mylock/src.bothWays", "bank.go: x.Wait()")
	for n := 1; n <= 2; n++ {
		s.waits(n, fmt.Sprintf("Mutex.Lock of mutex %d", 3-n), "bank.go: to.mu.Lock()",
			"example.org/mylock/src.transfer", "bank.go: to.mu.Lock()",
			fmt.Sprintf("example.org/mylock/src.bothWays.func%d", n), []string{"", "bank.go: x.Go(func() { transfer(&a", "bank.go: x.Go(func() { transfer(&b"}[n])
	}
	return s
}

func lostWake(t *testing.T) *script {
	s := newScript(t, "deadlock", "no goroutine can go on:\nmain waits in Run.Wait\ngoroutine 1 waits in Cond.Wait of cond 2", 1)
	s.spawn(1, "queue.go: x.Go")
	s.step(1, "Mutex.Lock", "mutex 1", "queue.go: q.mu.Lock()\n\tempty")
	s.step(1, "Mutex.Unlock", "mutex 1", "queue.go: q.mu.Unlock()\n\tif empty")
	s.step(0, "Mutex.Lock", "mutex 1", "queue.go: q.mu.Lock()\n\tq.items")
	s.step(0, "Mutex.Unlock", "mutex 1", "queue.go: q.mu.Unlock()\n\tq.full")
	s.step(0, "Cond.Signal", "cond 2", "queue.go: q.full.Signal").Note = "woke nobody"
	s.waiting = []int{0}
	s.step(1, "Mutex.Lock", "mutex 1", "queue.go: q.mu.Lock()\n\t\tq.full")
	s.waiting = []int{0, 1}
	s.step(1, "Cond.Wait", "cond 2", "queue.go: q.full.Wait()")
	s.waits(0, "Run.Wait", "queue.go: x.Wait()")
	s.waits(1, "Cond.Wait", "queue.go: q.full.Wait()", "example.org/mylock/src.(*queue).take", "queue.go: q.full.Wait()")
	return s
}

func livelock(t *testing.T, rounds int) *script {
	s := newScript(t, "livelock", "the only goroutines that can go on are in spin loops:\ngoroutine 2 spins in CompareAndSwap of word 1", 2)
	s.spawn(1, "mutex.go: func (m *mutex) lock")
	s.spawn(2, "mutex.go: func (m *mutex) unlock")
	s.word(1, "CompareAndSwap", "word 1", 0, 1, "mutex.go: m.state.CompareAndSwap")
	old := uint64(1)
	for range rounds {
		s.word(2, "CompareAndSwap", "word 1", old, old, "mutex.go: m.state.CompareAndSwap").Failed = true
		s.word(2, "Or", "word 1", old, old|4, "mutex.go: m.state.Or")
		s.step(2, "Gosched", "", "mutex.go: runtime.Gosched")
		old |= 4
	}
	s.Threads[0].Status = "can go on"
	s.Threads[2].Status, s.Threads[2].Where = "spins in CompareAndSwap of word 1", s.place("mutex.go: m.state.CompareAndSwap")
	return s
}

func dataRace(t *testing.T) *script {
	s := newScript(t, "data race", "", 2)
	s.spawn(1, "counter.go: x.Go(func() {\n\t\tn++ // the first")
	s.spawn(2, "counter.go: x.Go(func() {\n\t\tn++ // the second")
	s.waiting = []int{0}
	s.step(1, "write", "variable 1", "counter.go: n++ // the first")
	s.step(2, "write", "variable 1", "counter.go: n++ // the second")
	s.Message = fmt.Sprintf("write of variable 1 by goroutine 2 at %s\nunordered with write by goroutine 1 at %s",
		filepath.Base(s.place("counter.go: n++ // the second")), filepath.Base(s.place("counter.go: n++ // the first")))
	s.waits(0, "Run.Wait", "counter.go: x.Wait()")
	s.Threads[2].Status = "can go on"
	return s
}

func panicking(t *testing.T) *script {
	s := newScript(t, "panic", "", 1)
	s.spawn(1, "mutex.go: func (m *mutex) lock")
	s.word(1, "CompareAndSwap", "word 1", 0, 1, "mutex.go: m.state.CompareAndSwap")
	s.word(1, "And", "word 1", 1, 0, "mutex.go: m.state.And").Note = "chose 1 of 2"
	st := s.word(0, "And", "word 1", 0, 0, "mutex.go: m.state.And")
	st.Func = "example.org/mylock/src.(*mutex).unlock"
	s.Message = "panic in main: unlock of an unlocked mutex\n" +
		"src.(*mutex).unlock mutex.go:28\n" + strings.Repeat("src.deeper mutex.go:1\n", 2) + "src.TestUnlock mutex_test.go:12"
	for n := range 8 {
		st.Stack = append(st.Stack, fmt.Sprintf("example.org/mylock/src.caller%d %s", n, s.place("mutex.go: panic")))
	}
	s.Threads[0].Status = "runs"
	return s
}

func leftover(t *testing.T) *script {
	s := newScript(t, "left over", "the test has returned, but goroutine 1 has not", 1)
	s.Threads = append(s.Threads, engine.TraceThread{Name: "timer 2", Go: s.place("queue.go: q.put(1)"), Status: "ended"})
	s.spawn(1, "queue.go: x.Go")
	s.step(1, "Mutex.Lock", "mutex 1", "queue.go: q.mu.Lock()\n\tempty")
	s.step(1, "Mutex.Unlock", "mutex 1", "queue.go: q.mu.Unlock()\n\tif empty")
	s.step(1, "Mutex.Lock", "mutex 1", "queue.go: q.mu.Lock()\n\t\tq.full")
	s.waiting = []int{1}
	s.step(1, "Cond.Wait", "cond 2", "queue.go: q.full.Wait()")
	s.step(2, "fire", "", "queue.go: q.put(1)").Note = "woke nobody; the clock is at 1s"
	s.waits(1, "Cond.Wait", "queue.go: q.full.Wait()", "example.org/mylock/src.(*queue).take", "queue.go: q.full.Wait()")
	return s
}

func crowd(t *testing.T) *script {
	s := newScript(t, "assertion", "mutual exclusion: 2 are inside", 8)
	for n := 1; n <= 8; n++ {
		s.spawn(n, "mutex.go: func (m *mutex) lock")
	}
	s.waiting = []int{0}
	for n := 1; n <= 8; n++ {
		st := s.word(n, "CompareAndSwap", "word 1", 1, 1, "mutex.go: m.state.CompareAndSwap")
		st.Failed = n > 1
		if n == 1 {
			st.Before = 0
			continue
		}
		st = s.step(n, "SwapPointer", "word 2", "mutex.go: m.state.Or")
		st.Word, st.Before, st.After = engine.WordPointer, 0xc000010000+uint64(n-1), 0xc000010000+uint64(n)
		if n == 2 {
			st.Before = 0
		}
	}
	s.word(8, "Store", "word 3", 1<<20, 1<<20|3, "mutex.go: m.state.Or")
	for n := range s.Threads {
		s.Threads[n].Status, s.Threads[n].Where = "can go on", s.place("mutex.go: m.state.CompareAndSwap")
	}
	return s
}

// failures are the failures of the golden files.
func failures(t *testing.T) map[string]*engine.Failure {
	return map[string]*engine.Failure{
		"lost-addition": &lostAddition(t).Failure,
		"deadlock":      &deadlock(t).Failure,
		"lost-wake":     &lostWake(t).Failure,
		"livelock":      &livelock(t, 3).Failure,
		"long":          &livelock(t, 100).Failure,
		"data-race":     &dataRace(t).Failure,
		"panic":         &panicking(t).Failure,
		"left-over":     &leftover(t).Failure,
		"crowd":         &crowd(t).Failure,
	}
}

var options = Options{Test: "TestBank/two ways", Package: "./mylock"}

func TestTable(t *testing.T) {
	for name, f := range failures(t) {
		var plain, narrow bytes.Buffer
		Table(&plain, f, options)
		checkGolden(t, name+".txt", plain.Bytes())
		o := options
		o.Width = 64
		Table(&narrow, f, o)
		checkGolden(t, name+"-64.txt", narrow.Bytes())
	}
}

// TestKilledLane has a goroutine that is killed in the last step but one: its lane ends there.
func TestKilledLane(t *testing.T) {
	s := newScript(t, "assertion", "lost an addition", 2)
	s.spawn(1, "counter.go: x.Go(c.add)")
	s.spawn(2, "counter.go: x.Go(c.add)\n\tx.Wait")
	s.word(1, "Load", "word 1", 0, 0, "counter.go: old := c.n.Load()")
	kill := s.step(2, "kill", "process 1", "counter.go: c.n.Store")
	kill.Killed, kill.Note = []int{1}, "killed goroutine 1"
	at := len(s.Trace) - 1
	s.step(0, "Run.Wait", "", "counter.go: x.Wait()")
	s.Threads[1].Status = "was killed before Store of word 1"
	s.Threads[0].Status = "runs"
	p := newPicture(&s.Failure)
	if p.last[1] != at || p.last[0] != len(p.rows) {
		t.Errorf("the lane of the killed goroutine ends in row %d, want %d; that of main in row %d, want %d", p.last[1], at, p.last[0], len(p.rows))
	}
}

// TestReason has terse messages, each with the reason that is printed.
func TestReason(t *testing.T) {
	for _, c := range []struct{ kind, message, want string }{
		{"", "", "failure"},
		{" ", "\x00\n ", "failure"},
		{"panic", "", "panic"},
		{"panic", "panic in main", "panic in main"},
		{"panic", "\n  it\r\n\nis\tred\x1b[31m\n", "panic: it|is red [31m"},
	} {
		if got := strings.Join(reason(&engine.Failure{Kind: c.kind, Message: c.message}), "|"); got != c.want {
			t.Errorf("%q, %q: got %q, want %q", c.kind, c.message, got, c.want)
		}
	}
}

// TestFoot has a message of many lines, of which the first is printed again at the end.
func TestFoot(t *testing.T) {
	var b bytes.Buffer
	Table(&b, &engine.Failure{Kind: "deadlock", Message: "no goroutine can go on:" + strings.Repeat("\n  one waits", 9)}, Options{})
	if got := b.String(); !strings.HasSuffix(strings.TrimSpace(got), "deadlock: no goroutine can go on") {
		t.Errorf("it ends so:\n%s", got)
	}
}

func checkGolden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(name, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if want := bytes.ReplaceAll(want, []byte("\r\n"), []byte("\n")); !bytes.Equal(got, want) {
		t.Errorf("%s differs; run the test with -update and look at the change:\n%s", name, got)
	}
}

// busy is a long trace with six goroutines, made by a generator with a fixed seed.
func busy(t *testing.T, goroutines, steps int) *script {
	s := newScript(t, "assertion", "two are inside", goroutines)
	for n := 1; n <= goroutines; n++ {
		s.spawn(n, "mutex.go: func (m *mutex) lock")
	}
	random := rand.New(rand.NewPCG(1, 2))
	var state, count uint64
	waiting := map[int]bool{0: true}
	thread := 1
	for len(s.Trace) < steps {
		if random.IntN(3) == 0 || waiting[thread] {
			thread = 1 + random.IntN(goroutines)
		}
		if waiting[thread] {
			continue
		}
		s.waiting = s.waiting[:0]
		for n := 0; n <= goroutines; n++ {
			if waiting[n] {
				s.waiting = append(s.waiting, n)
			}
		}
		switch op := random.IntN(6); {
		case op < 2:
			s.word(thread, "CompareAndSwap", "word 1", state, state, "mutex.go: m.state.CompareAndSwap").Failed = true
		case op == 2:
			s.word(thread, "Or", "word 1", state, state|4, "mutex.go: m.state.Or")
			state |= 4
		case op == 3 && len(waiting) < goroutines:
			waiting[thread] = true
			s.waiting = append(s.waiting, thread)
			s.step(thread, "Park", "", "queue.go: q.full.Wait()")
		case op == 4:
			s.word(thread, "Add", "word 2", count, count+1, "counter.go: old := c.n.Load()")
			count++
		default:
			old := state
			state = uint64(random.IntN(8))
			st := s.word(thread, "And", "word 1", old, state, "mutex.go: m.state.And")
			for n := 1; n <= goroutines; n++ {
				if waiting[n] {
					st.Note = fmt.Sprintf("woke goroutine %d", n)
					delete(waiting, n)
					st.Waiting = slices.DeleteFunc(st.Waiting, func(w int) bool { return w == n })
					break
				}
			}
		}
	}
	for n := range s.Threads {
		s.Threads[n].Status = "can go on"
		if waiting[n] {
			s.waits(n, "Park", "queue.go: q.full.Wait()")
		}
	}
	return s
}

func TestSVG(t *testing.T) {
	for name, f := range failures(t) {
		checkSVG(t, name, f)
	}
	checkSVG(t, "medium", &busy(t, 3, 40).Failure)
	checkSVG(t, "large", &busy(t, 6, 300).Failure)
	checkSVG(t, "huge", &busy(t, 6, 1200).Failure)
}

// checkSVG compares the drawing of the small ones with their golden files, and checks that all are well-formed and
// the same each time.
func checkSVG(t *testing.T, name string, f *engine.Failure) {
	t.Helper()
	var a, b bytes.Buffer
	if err := errors.Join(SVG(&a, f, options), SVG(&b, f, options)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("%s: two drawings of one failure differ", name)
	}
	for d := xml.NewDecoder(&a); ; {
		_, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if dir := os.Getenv("OSYNC_REPORT_SVG"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".svg"), b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if name == "deadlock" || name == "lost-addition" {
		checkGolden(t, name+".svg", b.Bytes())
	}
}
