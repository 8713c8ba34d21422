// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"bytes"
	"context"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// loaded is a run with the replacements and the imports of the snippets.
var loaded = sync.OnceValues(func() (*run, error) {
	r := &run{Options: &Options{Env: os.Environ()}, fset: token.NewFileSet(), exports: exports{}, env: map[string]string{"GOOS": runtime.GOOS, "GOARCH": runtime.GOARCH}}
	patterns := []string{hookPath, "errors", "unsafe"}
	for _, path := range replaced {
		patterns = append(patterns, path, module+"/explore/"+path)
	}
	packages, err := r.list(context.Background(), nil, patterns...)
	if err != nil {
		return nil, err
	}
	r.exports.add(packages)
	r.plain = r.exports.importer(r.fset, nil)
	r.repl = replacements{}
	for _, path := range replaced {
		if r.repl[path], err = r.plain.Import(module + "/explore/" + path); err != nil {
			return nil, err
		}
	}
	return r, nil
})

// newRun returns a copy of loaded. It skips the test if there is no go command.
func newRun(t *testing.T) run {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip(err)
	}
	base, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return *base
}

// rewritten returns a source after rewriting, and the constructs that were not rewritten. It fails the test if the
// result does not compile.
func rewritten(t *testing.T, src, goVersion string, vars bool) (text, left string) {
	t.Helper()
	var said bytes.Buffer
	r := newRun(t)
	r.Options = &Options{Vars: vars, Folder: t.TempDir(), Verbose: &said}
	p := &listed{ImportPath: "p", Name: "p", Dir: t.TempDir()}
	p.Module = &modulePublic{GoVersion: goVersion}
	name := filepath.Join(p.Dir, "p.go")
	if err := os.WriteFile(name, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	u := &unit{run: &r, listed: p}
	f, err := u.parse(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := u.check(); err != nil {
		t.Fatalf("%v\n%s", err, src)
	}
	text, _ = f.rewrite()
	syntax, err := parser.ParseFile(r.fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	u = &unit{run: &r, listed: p, files: []*file{{syntax: syntax}}}
	if err := u.check(); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	return text, strings.ReplaceAll(said.String(), name, "p.go")
}

var lineComment = regexp.MustCompile(`/\*line [^*]*\*/`)

// plainly returns a text without its line comments.
func plainly(text string) string {
	text = lineComment.ReplaceAllString(text, "")
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "explore_", "")), " ")
}

const snippetHead = `package p

import "sync/atomic"

type node struct {
	next  *node
	n     int
	value atomic.Int32
	list  [2]int
	f     func(int) int
	m     map[string]int
	inner struct{ x int }
	chan_ chan int
}

func (p *node) pointer() int { return 0 }
func (p node) byValue() int  { return 0 }

func call() int { return 0 }

var (
	global int
	where  *node
	many   []node
)

`

// TestStatements shows how statements are rewritten. The package with all forms is testdata/forms.
func TestStatements(t *testing.T) {
	for from, to := range map[string]string{
		"go f()":                           "hook.Go(func() func() { f := f; return func() { f() } }())",
		"go call()":                        "hook.Go(func() func() { return func() { call() } }())",
		"go func() { f() }()":              "hook.Go(func() { f() })",
		"go g(c, 1, <-c)":                  "hook.Go(func() func() { f := g; 0, 2 := c, hook.Recv(c); return func() { f(0, 1, 2) } }())",
		"<-c":                              "hook.Recv(c)",
		"v, ok := <-c; _, _ = v, ok":       "v, ok := hook.Recv2(c); _, _ = v, ok",
		"c <- <-c":                         "hook.To(c) .Send( hook.Recv(c))",
		"close(c)":                         "hook.Close(c)",
		"_ = len(c) + cap(c)":              "_ = hook.Len(c) + hook.Cap(c)",
		"for range c { break }":            "for range hook.Range(c) { break }",
		"select {}":                        "for { hook.Select(false) }",
		"select { case c <- 1: default: }": "switch c0 := hook.OnSend(c).With(1); hook.Select(true, c0) { case 0: default: }",
		"select { case v, ok := <-c: _, _ = v, ok }":     `switch c0 := hook.OnRecv(c); hook.Select(false, c0) { case 0: v, ok := c0.Value2(); _, _ = v, ok ; default: panic("explore: no case of a select") }`,
		"atomic.AddInt32(&i, 1)":                         "atomic.AddInt32(&i, 1)",
		"type atomic struct{}; var a atomic; _ = a":      "type atomic struct{}; var a atomic; _ = a",
		"len := func(chan int) int { return 0 }; len(c)": "len := func(chan int) int { return 0 }; len(c)",
	} {
		text, _ := rewritten(t, snippetHead+"func _(c chan int, i int32, f func(), g func(chan int, ...int)) {\n\t"+from+"\n}\n", "1.26", false)
		_, body, _ := strings.Cut(text, "...int)) {\n")
		if got := plainly(strings.TrimSuffix(strings.TrimSpace(body), "}")); got != to {
			t.Errorf("%s\nbecomes %s\nwant    %s", from, got, to)
		}
	}
}

// TestTypeParameter receives from a channel of one type or of another.
func TestTypeParameter(t *testing.T) {
	for constraint, is := range map[string]bool{"~chan T | ~<-chan T": true, "~<-chan T | chan T": true, "~chan T | ~[]T": false} {
		text, _ := rewritten(t, snippetHead+"func _[C "+constraint+", T any](c C) int {\n\treturn len(c)\n}\n", "1.26", false)
		if strings.Contains(plainly(text), "hook.Len(c)") != is {
			t.Errorf("%s: %s", constraint, text)
		}
	}
}

// TestVariables shows which reads and writes are recorded, and how.
func TestVariables(t *testing.T) {
	for from, to := range map[string]string{
		"_ = global":                    "_ = (*hook.R(&global))",
		"global = i":                    "(*hook.W(&global)) = i",
		"global++":                      "(*hook.W(&global))++",
		"global += i":                   "(*hook.W(&global)) += i",
		"i = i + 1":                     "i = i + 1",
		"p.n = p.next.n":                "(*hook.W(&p.n)) = (*hook.R(&(*hook.R(&p.next)).n))",
		"p.n = call()":                  "{ w0 := &p.n; *w0 = call() ; hook.W(w0) }",
		"p.n, i, p.list[0] = <-c, 1, 2": "{ w0, w1 := &p.n, &p.list[0]; *w0, i, *w1 = hook.Recv(c), 1, 2 ; hook.W(w0); hook.W(w1) }",
		"p.n += call()":                 "{ w0 := &p.n; *w0 += call() ; hook.W(w0) }",
		"if p.n = call(); i == 0 {}":    "if p.n = call(); i == 0 {}",
		"_ = many[i].inner.x":           "_ = (*hook.R(&(*hook.R(&many))[i].inner.x))",
		"_ = &p.next.n":                 "_ = &(*hook.R(&p.next)).n",
		"_ = local.n + local.list[0]":   "_ = local.n + local.list[0]",
		"_ = local.next.n":              "_ = (*hook.R(&local.next.n))",
		"_ = *q":                        "_ = (*hook.R(&*q))",
		"*q = 1":                        "(*hook.W(&*q)) = 1",
		"_ = p.value.Load()":            "_ = p.value.Load()",
		"_ = p.pointer() + p.byValue()": "_ = p.pointer() + p.byValue()",
		"_ = p.next.pointer()":          "_ = (*hook.R(&p.next)).pointer()",
		"_ = p.f(1)":                    "_ = (*hook.R(&p.f))(1)",
		"_ = p.m[\"a\"]":                "_ = (*hook.R(&p.m))[\"a\"]",
		"p.m[\"a\"] = p.n":              "(*hook.R(&p.m))[\"a\"] = (*hook.R(&p.n))",
		"_ = p.list[:]":                 "_ = p.list[:]",
		"_ = len(p.list)":               "_ = len(p.list)",
		"for range p.list {}":           "for range p.list {}",
		"for p.n = range s {}":          "for (*hook.W(&p.n)) = range s {}",
		"for i := range p.n { _ = i }":  "for i := range (*hook.R(&p.n)) { _ = i }",
		"_ = node{n: global}":           "_ = node{n: (*hook.R(&global))}",
		"_ = func() int { return i }":   "_ = func() int { return (*hook.R(&i)) }",
		"i, err := 1, error(nil); _ = func() { _, _ = i, err }": "i, err := 1, error(nil); _ = func() { _, _ = (*hook.R(&i)), (*hook.R(&err)) }",
		"s[0], s[i] = s[1], 2":                                      "(*hook.W(&s[0])), (*hook.W(&s[i])) = (*hook.R(&s[1])), 2",
		"global <<= unsafe.Sizeof(p.n)":                             "(*hook.W(&global)) <<= unsafe.Sizeof(p.n)",
		"var a [len(p.list)]int; _ = a":                             "var a [len(p.list)]int; _ = a",
		"p.chan_ <- p.n":                                            "hook.To((*hook.R(&p.chan_))) .Send( (*hook.R(&p.n)))",
		"select { case p.n = <-c: }":                                `switch c0 := hook.OnRecv(c); hook.Select(false, c0) { case 0: (*hook.W(&p.n)) = c0.Value(); ; default: panic("explore: no case of a select") }`,
		"select { default: p.n = call() }":                          "switch hook.Select(true) { default: { w0 := &p.n; *w0 = call(); hook.W(w0) } }",
		"switch p.n { case global: }":                               "switch (*hook.R(&p.n)) { case (*hook.R(&global)): }",
		"L: for { p.n = call(); break L }":                          "L: for { { w0 := &p.n; *w0 = call(); hook.W(w0) }; break L }",
		"var e any = p.n; switch v := e.(type) { case int: _ = v }": "var e any = (*hook.R(&p.n)); switch v := e.(type) { case int: _ = v }",
		"_ = (*node)(nil) == p || (p.next) == nil":                  "_ = (*node)(nil) == p || ((*hook.R(&p.next))) == nil",
	} {
		head := strings.Replace(snippetHead, "import \"sync/atomic\"", "import (\n\t\"sync/atomic\"\n\t\"unsafe\"\n)\nvar _ unsafe.Pointer", 1)
		text, _ := rewritten(t, head+"func _(c chan int, i int, p *node, q *int, s []int) {\n\tvar local node; _ = local\n\t"+from+"\n}\n", "1.26", true)
		_, body, _ := strings.Cut(text, "_ = local\n")
		got, want := plainly(strings.TrimSuffix(strings.TrimSpace(body), "}")), strings.Join(strings.Fields(to), " ")
		if strings.ReplaceAll(got, " ;", ";") != strings.ReplaceAll(want, " ;", ";") {
			t.Errorf("%s\nbecomes %s\nwant    %s", from, got, want)
		}
	}
}

// TestFiles shows how the rest of a file is rewritten.
func TestFiles(t *testing.T) {
	for _, test := range []struct{ name, from, to, left, version string }{
		{name: "imports", from: "import s \"sync\"\nvar m s.Mutex", to: `package p; import sync "github.com/osync-go/osync/explore/sync" import _ "sync" var m sync.Mutex`},
		{name: "dot", from: "import . \"sync\"\nvar m struct{ Mutex }", to: `package p; import sync "github.com/osync-go/osync/explore/sync" import _ "sync" var m struct{ sync.Mutex }`},
		{name: "some left", from: "import \"runtime\"\nvar _ = runtime.GOOS\nvar _ = runtime.Gosched", to: `package p; import runtime "github.com/osync-go/osync/explore/runtime" import "runtime" var _ = runtime.GOOS var _ = runtime.Gosched`},
		{name: "nothing", from: "import \"errors\"\nvar _ = errors.New", to: `package p import "errors" var _ = errors.New`},
		{
			name: "old Go", from: "func _(c chan int) { for range c { <-c } }", version: "1.22", left: "p.go:2:22: a range over a channel, in a file for Go before 1.23, is not rewritten",
			to: `package p; import hook "github.com/osync-go/osync/explore/hook" func _(c chan int) { for range c { hook.Recv(c) } }`,
		},
		{
			name: "own bool", from: "type b bool\nfunc _(c chan int) { var ok b; _, ok = <-c; _ = ok }", left: "p.go:3:40: a receive whose ok is not of type bool is not rewritten",
			to: "package p type b bool func _(c chan int) { var ok b; _, ok = <-c; _ = ok }",
		},
		{
			name: "directives", from: "//go:norace\nfunc _(p *int) { *p = 1 }\n//go:noinline\nfunc _(p *int) { *p = 1 }",
			to: `package p; import hook "github.com/osync-go/osync/explore/hook" //go:norace func _(p *int) { *p = 1 } //go:noinline func _(p *int) { (*hook.W(&*p)) = 1 }`,
		},
	} {
		if test.version == "" {
			test.version = "1.26"
		}
		text, left := rewritten(t, "package p\n"+test.from+"\n", test.version, test.name == "directives")
		if got := plainly(text); got != test.to {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.to)
		}
		if got := strings.TrimSpace(strings.TrimPrefix(left, "explore: ")); got != test.left {
			t.Errorf("%s: left is %q, want %q", test.name, got, test.left)
		}
		if strings.Count(text, "\n") != strings.Count(test.from, "\n")+2 {
			t.Errorf("%s: the lines moved\n%s", test.name, text)
		}
	}
}

// TestRemove removes declarations that seams replace.
func TestRemove(t *testing.T) {
	const directive = "//go:" + "linkname"
	src := "package p\n\nimport _ \"unsafe\"\n\n// F has no body.\n//\n" + directive + " F runtime.f\nfunc F()\n\n" + directive + " g runtime.g\n\nfunc g()\n\n" +
		"const (\n\ta = iota\n\tb\n)\n\nvar x, y = 1, 2\n\ntype T[K any] struct{}\n\nfunc (*T[K]) m() {}\n\nfunc (T[K]) n() {}\n"
	name := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(name, []byte(src), 0o666); err != nil {
		t.Fatal(err)
	}
	u := &unit{run: &run{Options: &Options{}, fset: token.NewFileSet()}}
	f, err := u.parse(name)
	if err != nil {
		t.Fatal(err)
	}
	gone := f.remove(map[string]bool{"F": true, "g": true, "a": true, "x": true, "T.m": true, "new": true})
	if got, want := strings.Join(gone, " "), "F g a x T.m"; got != want {
		t.Errorf("gone are %s, want %s", got, want)
	}
	text := f.render(0, len(f.src), f.edits)
	want := "package p import _ \"unsafe\" const ( _ = iota b ) var _, y = 1, 2 type T[K any] struct{} func (T[K]) n() {}"
	if got := plainly(text); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if strings.Count(text, "\n") != strings.Count(src, "\n") {
		t.Errorf("the lines moved:\n%s", text)
	}
}

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		pattern, path string
		want          bool
	}{
		{"a/b", "a/b", true},
		{"a/b", "a/bc", false},
		{"a/...", "a", true},
		{"a/...", "a/b/c", true},
		{"a/...", "ab", false},
		{"a/.../c", "a/b/c", true},
		{"...", "a", true},
		{"a.b/...", "axb/c", false},
	} {
		if got := matches([]string{"none", test.pattern}, test.path); got != test.want {
			t.Errorf("%s matches %s: %v", test.pattern, test.path, got)
		}
	}
}

// TestLarge looks for the message about a variable that takes long to copy.
func TestLarge(t *testing.T) {
	for src, says := range map[string]bool{
		"package p\nvar edges [1 << 16]uint64\nfunc f() { edges[0]++ }":                     true,
		"package p\nvar edges = new([1 << 16]uint64)\nfunc f() { edges = nil; edges[0]++ }": false,
	} {
		var said bytes.Buffer
		r := newRun(t)
		r.Options, r.overlay = &Options{Folder: t.TempDir(), Verbose: &said}, map[string]string{}
		p := &listed{ImportPath: "p", Name: "p", Dir: t.TempDir()}
		p.Module = &modulePublic{GoVersion: "1.26"}
		syntax, err := parser.ParseFile(r.fset, "p.go", src, 0)
		if err != nil {
			t.Fatal(err)
		}
		u := &unit{run: &r, listed: p, files: []*file{{syntax: syntax}}}
		if err := u.check(); err != nil {
			t.Fatal(err)
		}
		if err := u.generateReset(false, []*types.Var{u.pkg.Scope().Lookup("edges").(*types.Var)}); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(said.String(), "edges slows the exploration: its 512 KiB"); got != says {
			t.Errorf("%s\nsays %s", src, said.String())
		}
	}
}
