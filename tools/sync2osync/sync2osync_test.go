// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write the results into the archives of testdata")

// The modules that the programs of testdata import.
const semaphoreSource = `package semaphore

import "context"

type Weighted struct{ n int64 }

func NewWeighted(n int64) *Weighted                            { return &Weighted{n} }
func (s *Weighted) Acquire(ctx context.Context, n int64) error { return ctx.Err() }
func (s *Weighted) TryAcquire(n int64) bool                    { return true }
func (s *Weighted) Release(n int64)                            {}
`

const errgroupSource = `package errgroup

type Group struct{ n int }

func (g *Group) Go(f func() error) { g.n++ }
func (g *Group) Wait() error       { return nil }
`

// other is a package that is never moved, and wants types of package sync.
const otherSource = `package other

import "sync"

func Wait(wg *sync.WaitGroup) { wg.Wait() }

func Lock(l sync.Locker) { l.Lock() }

type Acquirer interface{ TryAcquire(n int64) bool }
`

// unpack writes a program of testdata to a folder.
func unpack(t *testing.T, a *txtar.Archive, dir string) {
	t.Helper()
	files := append([]txtar.File{
		{Name: "go.mod", Data: []byte("module example.com/p\n\ngo 1.26.0\n\nrequire golang.org/x/sync v0.0.0\nrequire example.com/other v0.0.0\n" +
			"replace golang.org/x/sync => ./xsync\nreplace example.com/other => ./other\n")},
		{Name: "xsync/go.mod", Data: []byte("module golang.org/x/sync\n\ngo 1.26.0\n")},
		{Name: "xsync/semaphore/semaphore.go", Data: []byte(semaphoreSource)},
		{Name: "xsync/errgroup/errgroup.go", Data: []byte(errgroupSource)},
		{Name: "other/go.mod", Data: []byte("module example.com/other\n\ngo 1.26.0\n")},
		{Name: "other/other.go", Data: []byte(otherSource)},
	}, a.Files...)
	for _, f := range files {
		if strings.HasPrefix(f.Name, "want/") || f.Name == "report" {
			continue
		}
		path := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// isolate keeps the environment of the tests from the commands that they run.
func isolate(t *testing.T) {
	t.Setenv("GOWORK", "off")
	t.Setenv("GOFLAGS", "-mod=mod")
	t.Setenv("GOPROXY", "off")
	t.Setenv("GOSUMDB", "off")
	t.Setenv("NO_COLOR", "1")
}

// goFiles returns the Go files of the module in a folder, by path.
func goFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (path == "xsync" || path == "other") {
			return fs.SkipDir
		}
		if err == nil && strings.HasSuffix(path, ".go") {
			var data []byte
			if data, err = os.ReadFile(filepath.Join(dir, path)); err == nil {
				all[path] = string(data)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Each archive of testdata has a program, and its flags in the first line of its comment. The files under want are those
// that the command has changed, and report is its output and its exit status.
func TestPrograms(t *testing.T) {
	isolate(t)
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no archives in testdata", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if out, _ := exec.Command("go", "env", "CGO_ENABLED").Output(); strings.Contains(string(a.Comment), "needs cgo") && string(out) != "1\n" {
				t.Skip("there is no cgo")
			}
			dir := t.TempDir()
			unpack(t, a, dir)
			if strings.Contains(string(a.Comment), "requires osync") {
				requireOsync(t, dir)
			}
			before := goFiles(t, dir)
			first, _, _ := strings.Cut(string(a.Comment), "\n")
			var stdout, stderr bytes.Buffer
			status := run(strings.Fields(strings.TrimPrefix(first, "flags:")), dir, &stdout, &stderr)
			if stdout.Len() > 0 {
				t.Errorf("it prints %q", stdout.String())
			}
			report := stderr.String() + fmt.Sprintf("exit status %d\n", status)
			if i := strings.Index(report, "next, in each module:"); i >= 0 {
				report = report[:i] + fmt.Sprintf("exit status %d\n", status) // that text has a test of its own
			}

			got := map[string]string{"report": report}
			for path, text := range goFiles(t, dir) {
				if text != before[path] {
					got["want/"+path] = text
				}
			}
			if *update {
				kept := a.Files[:0]
				for _, f := range a.Files {
					if !strings.HasPrefix(f.Name, "want/") && f.Name != "report" {
						kept = append(kept, f)
					}
				}
				a.Files = kept
				for _, f := range append([]txtar.File{}, kept...) {
					if text, ok := got["want/"+f.Name]; ok {
						a.Files = append(a.Files, txtar.File{Name: "want/" + f.Name, Data: []byte(text)})
					}
				}
				a.Files = append(a.Files, txtar.File{Name: "report", Data: []byte(report)})
				if err := os.WriteFile(name, txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			for _, f := range a.Files {
				if strings.HasPrefix(f.Name, "want/") || f.Name == "report" {
					if got[f.Name] != string(f.Data) {
						t.Errorf("%s is\n%s\nand should be\n%s", f.Name, got[f.Name], f.Data)
					}
					delete(got, f.Name)
				}
			}
			for path, text := range got {
				t.Errorf("%s should not have changed, and is\n%s", path, text)
			}

			if testing.Short() {
				return
			}
			// A second run finds nothing more to do, and go vet accepts the result.
			requireOsync(t, dir)
			if !strings.Contains(string(a.Comment), "does not compile") {
				vet := []string{"vet"}
				for _, flag := range strings.Fields(first) {
					if strings.HasPrefix(flag, "-tags") {
						vet = append(vet, flag)
					}
				}
				goRun(t, dir, append(vet, "./...")...)
			}
			after := goFiles(t, dir)
			if again := run(strings.Fields(strings.TrimPrefix(first, "flags:")), dir, &stdout, &stderr); again != status {
				t.Errorf("a second run exits with %d, the first with %d: %s", again, status, stderr.String())
			}
			for path, text := range goFiles(t, dir) {
				if text != after[path] {
					t.Errorf("a second run changes %s to\n%s", path, text)
				}
			}
		})
	}
}

// requireOsync makes a program require the osync beside this module.
func requireOsync(t *testing.T, dir string) {
	t.Helper()
	beside(t)
	goRun(t, dir, "mod", "edit", "-require="+modulePath+"@v0.0.0", "-replace="+modulePath+"="+root(t))
	sums, err := os.ReadFile("../../go.sum")
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
	goRun(t, dir, "mod", "tidy", "-e")
}

// beside skips a test if osync is not beside this module.
func beside(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("../../locks/semaphore.go"); err != nil {
		t.Skip("osync is not beside this module: ", err)
	}
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func goRun(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

const small = `-- go.mod --
module example.com/p

go 1.21
-- a.go --
package p

import "sync"

var mu sync.Mutex
-- vendor/modules.txt --
`

// With -diff nothing is written.
func TestDiff(t *testing.T) {
	isolate(t)
	t.Setenv("GOFLAGS", "-mod=mod")
	for _, name := range []string{"-diff", "-n"} {
		dir := t.TempDir()
		unpack(t, txtar.Parse([]byte(small)), dir)
		before := goFiles(t, dir)
		var stdout, stderr bytes.Buffer
		if status := run([]string{name}, dir, &stdout, &stderr); status != exitLeft {
			t.Errorf("exit status %d: %s", status, stderr.String())
		}
		want := strings.ReplaceAll(`--- a/a.go
+++ b/a.go
@@ -1,5 +1,5 @@
 package p
_
-import "sync"
+import sync "github.com/osync-go/osync/locks"
_
 var mu sync.Mutex
`, "\n_\n", "\n \n")
		if stdout.String() != want {
			t.Errorf("it prints\n%s\nand should\n%s", stdout.String(), want)
		}
		if after := goFiles(t, dir); after["a.go"] != before["a.go"] {
			t.Error("the file was changed")
		}
		for _, hint := range []string{"would change 1 files in 1 packages", "go get github.com/osync-go/osync@latest", "go mod vendor", "go.mod says go 1.21"} {
			if !strings.Contains(stderr.String(), hint) {
				t.Errorf("it does not say %q: %s", hint, stderr.String())
			}
		}
	}
}

// A package of another module of the workspace is checked, too.
func TestWorkspace(t *testing.T) {
	isolate(t)
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOWORK", "")
	dir := t.TempDir()
	unpack(t, txtar.Parse([]byte(`-- go.work --
go 1.26.0

use ./a
use ./b
-- a/go.mod --
module example.com/a

go 1.26.0
-- a/a.go --
package a

import "sync"

func F(*sync.WaitGroup) {}
-- a/x/x.go --
package x

import "sync"

var mu sync.Mutex
-- b/go.mod --
module example.com/b

go 1.26.0
-- b/b.go --
package b

import (
	"sync"

	"example.com/a"
)

func F() { a.F(new(sync.WaitGroup)) }
`)), dir)
	for _, c := range []struct{ folder, left, changed string }{
		{"b", "b.go:9:16: example.com/b stays as it is: it would not compile", "changed 0 files in 0 packages; left alone: 1"},
		{"a", "b/b.go:9:16: example.com/a stays as it is: example.com/b, which is not moved", "changed 1 files in 1 packages; left alone: 1"},
	} {
		var stdout, stderr bytes.Buffer
		run(nil, filepath.Join(dir, c.folder), &stdout, &stderr)
		for _, text := range []string{c.left, c.changed} {
			if !strings.Contains(stderr.String(), text) {
				t.Errorf("in %s it does not say %q: %s", c.folder, text, stderr.String())
			}
		}
	}
}

// Files of Windows keep their line endings.
func TestLineEnds(t *testing.T) {
	isolate(t)
	dir := t.TempDir()
	unpack(t, &txtar.Archive{}, dir)
	const text = "package p\r\n\r\nimport (\r\n\t\"fmt\"\r\n\t\"sync\"\r\n)\r\n\r\nvar mu sync.Mutex\r\nvar _ = fmt.Sprint(&mu)\r\n"
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	if status := run(nil, dir, &stdout, &stderr); status != exitDone {
		t.Errorf("exit status %d: %s", status, stderr.String())
	}
	want := strings.Replace(text, "\t\"sync\"\r\n", "\r\n\tsync \"github.com/osync-go/osync/locks\"\r\n", 1)
	if got := goFiles(t, dir)["a.go"]; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestColors(t *testing.T) {
	if got, want := colored("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n z\n"), "\x1b[1m--- a\x1b[m\n\x1b[1m+++ b\x1b[m\n\x1b[36m@@ -1 +1 @@\x1b[m\n\x1b[31m-x\x1b[m\n\x1b[32m+y\x1b[m\n z\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A file that has changed meanwhile is not overwritten.
func TestChangedMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.go")
	if err := os.WriteFile(path, []byte("new"), 0o666); err != nil {
		t.Fatal(err)
	}
	f := file{path: path, old: []byte("old"), new: []byte("ours")}
	if err := f.write(); err == nil {
		t.Error("it is overwritten")
	}
	if now, _ := os.ReadFile(path); string(now) != "new" {
		t.Errorf("it is %q", now)
	}
}

func TestFlags(t *testing.T) {
	isolate(t)
	var stdout, stderr bytes.Buffer
	if status := run([]string{"-h"}, "", &stdout, &stderr); status != exitDone || !strings.Contains(stdout.String(), "-rename") || stderr.Len() > 0 {
		t.Errorf("-h: %d, %q, %q", status, stdout.String(), stderr.String())
	}
	stdout.Reset()
	if status := run([]string{"-nonsense"}, "", &stdout, &stderr); status != exitFailed || stdout.Len() > 0 {
		t.Errorf("-nonsense: %d, %q, %q", status, stdout.String(), stderr.String())
	}
	if status := run(nil, t.TempDir(), &stdout, &stderr); status != exitFailed {
		t.Errorf("in an empty folder: %d, %q", status, stderr.String())
	}
}

// The stub has the names of the packages: all names of package sync, and those of the source of package locks.
func TestStub(t *testing.T) {
	stub := signatures(t, map[string]string{"stub.go": stubText})
	for name := range signatures(t, sources(t, filepath.Join(goroot(t), "src", "sync"))) {
		if stub[name] == "" && !strings.HasPrefix(name, "Map.") && !strings.HasPrefix(name, "Pool.") {
			t.Errorf("the stub has no %s", name)
		}
	}
	beside(t)
	locks := signatures(t, sources(t, "../../locks"))
	for name, signature := range stub {
		if locks[name] != signature {
			t.Errorf("%s: %q in the stub, and %q in package locks", name, signature, locks[name])
		}
	}
	if len(stub) < 25 {
		t.Errorf("the stub has %d names", len(stub))
	}
}

func goroot(t *testing.T) string {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func sources(t *testing.T, dir string) map[string]string {
	all := map[string]string{}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatal(dir, err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(data)
	}
	return all
}

// signatures returns the types of exported functions and methods, without the names of parameters, and "type" for types.
func signatures(t *testing.T, files map[string]string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, text := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				name := d.Name.Name
				if d.Recv != nil {
					recv, _, _ := strings.Cut(strings.TrimPrefix(types.ExprString(d.Recv.List[0].Type), "*"), "[")
					if !ast.IsExported(recv) {
						continue
					}
					name = recv + "." + name
				}
				if d.Name.IsExported() {
					all[name] = fields(d.Type.Params) + " " + fields(d.Type.Results)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok && s.Name.IsExported() {
						all[s.Name.Name] = "type"
					}
				}
			}
		}
	}
	return all
}

func fields(list *ast.FieldList) string {
	var all []string
	if list != nil {
		for _, f := range list.List {
			for range max(1, len(f.Names)) {
				all = append(all, types.ExprString(f.Type))
			}
		}
	}
	return "(" + strings.Join(all, ", ") + ")"
}
