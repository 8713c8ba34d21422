// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

const prelude = `package ops

import "sync/atomic"

var _ atomic.Uint32

`

var opsChecker = sync.OnceValues(func() (*checker, error) { return newChecker("testdata/ops", "linux") })

// mutantsIn returns the mutants of a snippet, which is a declaration.
func mutantsIn(t *testing.T, snippet string) []*mutant {
	t.Helper()
	c, err := opsChecker()
	if err != nil {
		t.Fatal(err)
	}
	mutants, err := mutate(c, "snippet.go", "ops/snippet.go", []byte(prelude+snippet+"\n"))
	if err != nil {
		t.Fatal(err)
	}
	return mutants
}

// operatorTests has a snippet for each operator, and its result: before → after, or only before if
// it is dropped. "l" is a lock, "q" a queue, "w" a waiter, "s" and "x" are words.
var operatorTests = []struct {
	op, body string
	want     []string
}{
	{"drop-statement", `l.n++; l.n = 3; l.slow(); defer l.slow(); go l.slow(); l.n += 2`, []string{
		"l.n++", "l.n = 3", "l.slow()", "defer l.slow()", "go l.slow()", "l.n += 2",
	}},
	{"drop-statement", `c := make(chan int); c <- 1; for { if l.closed { break }; if l.slow() { return } }`, []string{"c <- 1", "break", "return"}},
	{"drop-statement", `a := 0; if l.closed { a = 1 }; l.n = a`, []string{"a = 1", "l.n = a"}},
	{"condition", `if l.slow() { l.n = 1 }`, []string{"l.slow() → !l.slow()", "l.slow() → true", "l.slow() → false"}},
	{"condition", `if l.n < 2 && l.closed { l.n = 1 }`, []string{
		"l.n < 2 && l.closed → !(l.n < 2 && l.closed)", "l.n < 2 && l.closed → true", "l.n < 2 && l.closed → false",
	}},
	{"condition", `for s == 0 { l.slow() }`, []string{"s == 0 → s != 0", "s == 0 → true", "s == 0 → false"}},
	{"condition", `switch { case !l.closed: l.n = 1; case l.n >= 2: l.n = 2 }`, []string{
		"!l.closed → l.closed", "!l.closed → true", "!l.closed → false", "l.n >= 2 → l.n < 2", "l.n >= 2 → true", "l.n >= 2 → false",
	}},
	{"condition", `if v := l.n; v > 1 { l.slow() }`, []string{"v > 1 → v <= 1", "v > 1 → true", "v > 1 → false"}},
	{"logic", `l.closed = l.slow() && l.n > 0`, []string{
		"l.slow() && l.n > 0 → l.slow() || l.n > 0", "l.slow() && l.n > 0 → l.slow()", "l.slow() && l.n > 0 → l.n > 0",
	}},
	{"comparison", `l.closed = l.n < 2`, []string{"l.n < 2 → l.n >= 2", "l.n < 2 → l.n <= 2"}},
	{"comparison", `l.closed = w != nil`, []string{"w != nil → w == nil"}},
	{"mask", `s = x | s; s = x &^ s; s = x & s`, []string{"x | s → x", "x | s → s", "x &^ s → x", "x & s → x"}},
	{"mask", `s = x & (flagA | flagB)`, []string{"x & (flagA | flagB) → x", "flagA | flagB → flagA", "flagA | flagB → flagB"}},
	{"bit", `s = x | flagA; s = x &^ (flagA | flagC)`, []string{
		"flagA → flagA|flagB", "flagA → flagA|flagC", "(flagA | flagC) → (flagA | flagC)|flagB",
	}},
	{"arithmetic", `l.n = l.n + 2; l.n -= 1; l.n++`, []string{"l.n + 2 → l.n - 2", "l.n -= 1 → l.n += 1", "l.n++ → l.n--"}},
	{"constant", `s = tokenRetry; s = flagA`, []string{"tokenRetry → tokenFree", "tokenRetry → tokenGranted"}},
	{"atomic-constant", `l.word.Store(1); l.word.CompareAndSwap(0, flagB); atomic.AddUint32(&l.plain, 5)`, []string{
		"1 → 0", "1 → 2", "0 → 1", "flagB → flagB+1", "5 → 5+1",
	}},
	{"cas-ignored", `l.closed = l.word.CompareAndSwap(s, x) || atomic.CompareAndSwapUint32(&l.plain, s, x)`, []string{
		"l.word.CompareAndSwap(s, x) → func() bool { l.word.Store(x); return true }()",
		"atomic.CompareAndSwapUint32(&l.plain, s, x) → func() bool { atomic.StoreUint32(&l.plain, x); return true }()",
	}},
	{"cas-fails", `l.word.CompareAndSwap(s, x); for !l.word.CompareAndSwap(s, x) { l.slow() }`, []string{
		"l.word.CompareAndSwap(s, x) → false, the first time",
	}},
	{"load-cached", `for { s = l.word.Load(); if l.head.Load() == nil { return } }`, []string{
		"l.word.Load() → mutantLoaded", "l.head.Load() → mutantLoaded",
	}},
	{"load-cached", `for s := l.word.Load(); s != 0; { func() { l.word.Load() }() }`, nil},
	{"load-cached", `again: for l.word.Load() != 0 { if l.slow() { continue again } }`, []string{"l.word.Load() → mutantLoaded"}},
	{"rmw-split", `l.word.Or(flagA); l.word.Swap(x); s = l.word.And(x)`, []string{
		"l.word.Or(flagA) → l.word.Store(l.word.Load() | (flagA))", "l.word.Or(flagA) → l.word.Store(flagA)",
		"l.word.Swap(x) → l.word.Store(x)",
		"l.word.And(x) → func() uint32 { mutantOld := l.word.Load(); l.word.Store(mutantOld & (x)); return mutantOld }()",
	}},
	{"rmw-split", `w = l.head.Swap(w); s = atomic.AddUint32(&l.plain, 1)`, []string{
		"l.head.Swap(w) → func() *waiter { mutantOld := l.head.Load(); l.head.Store(w); return mutantOld }()",
		"atomic.AddUint32(&l.plain, 1) → func() uint32 { mutantNew := atomic.LoadUint32(&l.plain) + (1); " +
			"atomic.StoreUint32(&l.plain, mutantNew); return mutantNew }()",
	}},
	{"other-call", `q.Push(w); w = q.Pop(); ws := q.PopAll(); l.n = min(ws.n, 2)`, []string{
		"q.Push(w) → q.PushFront(w)", "q.Pop() → q.Front()", "q.PopAll() → One(q.Pop())", "min(ws.n, 2) → max(ws.n, 2)",
	}},
	{"repeat-call", `w.Wake(); l.slow()`, []string{"w.Wake() → w.Wake(); w.Wake()"}},
	{"swap-statements", `l.n = 1; l.slow(); s, x = x, s; l.closed = true; if s > 0 { return }; l.slow()`, []string{
		"l.n = 1; l.slow()", "l.slow(); s, x = x, s", "l.closed = true; if s > 0 { return }", "if s > 0 { return }; l.slow()",
	}},
	{"return-early", `l.n = 1; l.slow(); for l.slow() { l.n = 2 }`, []string{
		"l.n = 1 → return; …", "l.slow() → return; …", "for l.slow() { l.n = 2 } → return; …",
	}},
	{"result", `f := func() (int, bool) { return 1, l.n == 1 && l.closed }; _ = f; l.closed = true`, []string{
		"l.n == 1 && l.closed → !(l.n == 1 && l.closed)", "true → false",
	}},
	{"branch", `for { if l.closed { break }; if l.slow() { continue } }`, []string{"break → continue", "continue → break"}},
}

func TestOperators(t *testing.T) {
	tested := map[string]bool{}
	for _, test := range operatorTests {
		tested[test.op] = true
		var got []string
		for _, m := range mutantsIn(t, "func f(l *lock, q queue, w *waiter, s, x uint32) { "+test.body+" }") {
			if m.op == test.op {
				change := m.before
				if m.after != "" {
					change += " → " + m.after
				}
				got = append(got, change)
			}
		}
		// The order of two mutants at one place is that of the operators.
		slices.Sort(got)
		want := slices.Sorted(slices.Values(test.want))
		if !slices.Equal(got, want) {
			t.Errorf("%s of %s\ngot  %q\nwant %q", test.op, test.body, got, want)
		}
	}
	for _, op := range operators {
		if !tested[op.name] {
			t.Errorf("operator %s has no test", op.name)
		}
	}
}

// TestMutatedText compares complete files: the place of a change, and the insertions that make it compile.
func TestMutatedText(t *testing.T) {
	for _, test := range []struct{ before, op, want string }{
		{
			"func f(l *lock) {\n\tfor {\n\t\ts := l.word.Load()\n\t\tif l.word.CompareAndSwap(s, 1) {\n\t\t\treturn\n\t\t}\n\t}\n}", "load-cached",
			"func f(l *lock) {\n\tmutantLoaded := l.word.Load(); for {\n\t\ts := mutantLoaded\n\t\tif l.word.CompareAndSwap(s, 1) {\n\t\t\treturn\n\t\t}\n\t}\n}",
		},
		{
			"func f(l *lock) {\n\ta := l.n\n\tl.n = a\n}", "drop-statement",
			"func f(l *lock) {\n\ta := l.n; _ = a\n\t\n}",
		},
		{
			"func f(l *lock) {\n\tif a := l.n; a > 0 {\n\t\tl.slow()\n\t}\n}", "condition",
			"func f(l *lock) {\n\tif a := l.n; a <= 0 {\n\t\tl.slow()\n\t}\n}",
		},
		{
			"func f(l *lock) {\n\tl.slow()\n\tl.n = 2 // two\n}", "swap-statements",
			"func f(l *lock) {\n\tl.n = 2\n\tl.slow() // two\n}",
		},
		{
			"func f(l *lock) bool { return l.slow() || l.closed && l.n > 0 }", "logic",
			"func f(l *lock) bool { return (l.slow() && l.closed && l.n > 0) }",
		},
	} {
		for _, m := range mutantsIn(t, test.before) {
			if m.op == test.op {
				if got := strings.TrimSpace(strings.TrimPrefix(string(m.text), prelude)); got != test.want {
					t.Errorf("%s of\n%s\ngot\n%s\nwant\n%s", test.op, test.before, got, test.want)
				}
				break
			}
		}
	}
}

// TestUnusedImport drops the only use of a package.
func TestUnusedImport(t *testing.T) {
	c, err := opsChecker()
	if err != nil {
		t.Fatal(err)
	}
	mutants, err := mutate(c, "snippet.go", "ops/snippet.go", []byte("package ops\n\nimport \"runtime\"\n\nfunc f() { runtime.Gosched(); f() }\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := "package ops\n\nimport _ \"runtime\"\n\nfunc f() { ; f() }\n"
	if !slices.ContainsFunc(mutants, func(m *mutant) bool { return string(m.text) == want }) {
		t.Errorf("no mutant is %q", want)
	}
}

// TestNames checks that a mutant keeps its id when its lines move, and that no two ids are equal.
func TestNames(t *testing.T) {
	const body = "func (l *lock) f() {\n\tl.slow()\n\tif l.closed {\n\t\tl.slow()\n\t}\n}"
	before, after := mutantsIn(t, body), mutantsIn(t, "// moved\nvar _ = 1\n\n"+body)
	if len(before) == 0 || len(before) != len(after) {
		t.Fatal(len(before), len(after))
	}
	ids, texts := map[string]bool{}, map[string]bool{}
	for i, m := range before {
		if m.id != after[i].id || m.line != after[i].line-3 {
			t.Errorf("%s %s has become %s %s", m.id, m, after[i].id, after[i])
		}
		if ids[m.id] || texts[string(m.text)] {
			t.Errorf("%s %s is there twice", m.id, m)
		}
		ids[m.id], texts[string(m.text)] = true, true
	}
	const want = `ops/snippet.go:10 drop-statement "l.slow()" #2`
	if !slices.ContainsFunc(before, func(m *mutant) bool { return m.String() == want }) {
		t.Errorf("no mutant is called %s", want)
	}
}

// TestBatch checks that a batch of all mutants of some awkward functions compiles.
func TestBatch(t *testing.T) {
	mutants := mutantsIn(t, `
//go:noinline
func (*lock) unnamed(int, string) int { return 1 + len(one()) }

func one() string { return "1" }

func blank(_ int, _, b string) (n int) { n = len(b); return n + 2 }

func variadic(a int, more ...uint32) { for range more { a++ } }

type box[T any] struct{ v T }

func (b *box[T]) get(l *lock) T { if !l.word.CompareAndSwap(0, 1) { l.slow() }; return b.v }

func generic[A any, B *lock](l B) (a A) { (*lock)(l).slow(); (*lock)(l).n = 2; return a }`)
	for _, m := range mutants {
		if !m.batchable {
			t.Errorf("%s is not batchable", m)
		}
	}
	text, ok := batch(mutants)
	if !ok {
		t.Fatal("no batch")
	}
	c, _ := opsChecker()
	if _, _, errs, err := c.check("snippet.go", text, nil); err != nil || len(errs) > 0 {
		t.Errorf("%v %v in\n%s", err, errs, text)
	}
	for _, m := range mutantsIn(t, "var f = func(l *lock) { l.slow(); l.n = 3 }") {
		if m.batchable {
			t.Errorf("%s is batchable", m)
		}
	}
}
