// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"strings"
	"testing"
)

// These tests break documentation on purpose, and check that the break is noticed.

func TestBrokenLinksAreFound(t *testing.T) {
	text := "# A title, here\n[a](b.md) [b](#a-title-here) [c](#elsewhere) [d](missing.md) [e](https://example.com)\n" +
		"`go run ./examples/none`\n<img alt=\"\" src=\"none.svg\">\n"
	here := map[string]string{"docs/a.md": text, "docs/b.md": ""}
	problems := brokenLinks([]file{{"docs/a.md", text}}, func(name string) ([]byte, error) {
		if text, ok := here[name]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	})
	want := []string{"#elsewhere", "missing.md", "none.svg", "./examples/none"}
	if len(problems) != len(want) {
		t.Fatalf("found %q, want those about %q", problems, want)
	}
	for i, p := range problems {
		if !strings.Contains(p, want[i]) && !strings.Contains(strings.Join(problems, " "), want[i]) {
			t.Errorf("found %q, none about %s", problems, want[i])
		}
	}
}

func TestMissingTestsAreFound(t *testing.T) {
	tests := []file{{"x/x_test.go", "package x\n\nfunc TestHere(t *testing.T) {}\n"}}
	for _, tt := range []struct{ path, text, want string }{
		{"T.md", "`TestHere` and `TestGone`", "TestGone"},
		{"T.md", "`x`: `TestHere`; `y`: `TestHere`", `TestHere, and there is no such function in "y"`},
		{"TESTING.md", "| a | `x`: `TestHere` |\n| b | `TestHere` |\n", "TestHere without its package"},
	} {
		problems := missingTests([]file{{tt.path, tt.text}}, tests)
		if len(problems) != 1 || !strings.Contains(problems[0], tt.want) {
			t.Errorf("%s: found %q, want one that says %q", tt.text, problems, tt.want)
		}
	}
}

func TestMissingNamesAreFound(t *testing.T) {
	source := "package x\n\ntype T struct{ F int }\n\nfunc (t *T) M() {}\n\nfunc New() {}\n"
	parsed, err := parser.ParseFile(token.NewFileSet(), "x.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := declaredNames(map[string][]*ast.File{"locks/x": {parsed}})
	paths := []string{"locks/x/x.go"}
	for _, tt := range []struct{ path, text, want string }{
		{"a.md", "`x.T`, x.New(1), `x.T.M`, x.T.F, y.Gone, [x.T.M] `locks/x`", ""},
		{"a.md", "`x.Gone`", "x.Gone"},
		{"a.md", "a call of x.T.Gone", "x.T.Gone"},
		{"a.go", "x.Gone() // see [x.Old]", "x.Old"},
		{"a.md", "`locks/x/gone.go`", "locks/x/gone.go"},
		{"a.md", "set OSYNC_GONE=1", "OSYNC_GONE"},
		{"a.md", "the tag `osync_gone`", "osync_gone"},
	} {
		text := []file{{tt.path, tt.text}}
		problems := append(missingNames(text, declared), missingThings(text, paths, source)...)
		if found := strings.Join(problems, "; "); (found == "") != (tt.want == "") || !strings.Contains(found, tt.want) {
			t.Errorf("%s: found %q, want one about %q", tt.text, found, tt.want)
		}
	}
}

func TestBrokenBlocksAreFound(t *testing.T) {
	text := "```go\nfmt.Println(x)\n```\n<!-- go: func(x int) -->\n\n```sh\nexit 3\n```\n<!-- sh: not run: why -->\n\n```\nplain\n```\n"
	list := blocks([]file{{"a.md", text}})
	if len(list) != 3 || list[0].language != "go" || list[1].note != "not run: why" || list[2].language != "" || list[1].line != 6 {
		t.Fatalf("found the blocks %+v", list)
	}
	source := list[0].source()
	for _, want := range []string{`import "fmt"`, "func _(x int) {", "//line a.md:2\nfmt.Println(x)\n"} {
		if !strings.Contains(source, want) {
			t.Errorf("the source lacks %q:\n%s", want, source)
		}
	}
	if err := compiles(t, source); err != nil {
		t.Errorf("good code is refused: %v", err)
	}
	if err := compiles(t, strings.Replace(source, "x int", "y int", 1)); err == nil {
		t.Error("code that does not compile is accepted")
	}
	if _, err := shell(t, list[1].text); err == nil {
		t.Error("a command that fails is accepted")
	}
}
