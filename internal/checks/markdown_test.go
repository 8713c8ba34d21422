// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A block is a fenced block of a Markdown file. A comment on the line after it, invisible to
// readers, may say how it is checked:
//
//	<!-- go: func(mu *locks.Mutex) error -->   the block is the body of such a function
//	<!-- go: var mu locks.Mutex -->            the block needs this declaration, too
//	<!-- sh: not run: why -->                  the block is for another system, or too long
type block struct {
	file     string
	line     int
	language string // the word after the fence
	text     string
	note     string // of the comment, without "go:" or "sh:"
}

func (b block) String() string { return fmt.Sprintf("%s:%d", b.file, b.line) }

var fenced = regexp.MustCompile("(?ms)^```(\\S*)[^\n]*\n(.*?)^```\n(?:<!-- (?:go|sh): (.*?) -->)?")

// blocks returns the fenced blocks of the files.
func blocks(files []file) []block {
	var list []block
	for _, f := range files {
		for _, m := range fenced.FindAllStringSubmatchIndex(f.text, -1) {
			part := func(i int) string {
				if m[2*i] < 0 {
					return ""
				}
				return f.text[m[2*i]:m[2*i+1]]
			}
			list = append(list, block{f.path, 1 + strings.Count(f.text[:m[0]], "\n"), part(1), part(2), part(3)})
		}
	}
	return list
}

// TestBlocksSayWhatTheyAre requires a language at each fence, so that no block escapes the tests below.
func TestBlocksSayWhatTheyAre(t *testing.T) {
	languages := []string{"go", "sh", "text", "diff", "mermaid"}
	for _, b := range blocks(files(t, ".md")) {
		if !slices.Contains(languages, b.language) {
			t.Errorf("%v: a block of %q; want one of %q", b, b.language, languages)
		}
	}
}

// TestGoBlocks compiles the Go code of all Markdown files.
func TestGoBlocks(t *testing.T) {
	sources, args := map[string]string{}, []string{"build"}
	for i, b := range blocks(files(t, ".md")) {
		if b.language == "go" {
			pkg := fmt.Sprintf("internal/checks/block%d", i)
			sources[pkg+"/main.go"] = b.source()
			args = append(args, "./"+pkg)
		}
	}
	if len(sources) < 5 {
		t.Fatalf("found %d blocks of Go only", len(sources))
	}
	goTool(t, nil, slices.Insert(args, 1, overlay(t, sources))...)
}

// imported are the packages that Go fragments may use, by name.
var imported = map[string]string{
	"atomic": "sync/atomic", "context": "context", "errors": "errors", "fmt": "fmt", "math": "math", "os": "os",
	"exec": "os/exec", "net": "net", "syscall": "syscall", "unix": "golang.org/x/sys/unix", "unsafe": "unsafe",
	"http": "net/http", "log": "log", "runtime": "runtime", "sync": "sync", "synctest": "testing/synctest", "testing": "testing", "time": "time",
	"explore": module + "/explore", "futex": module + "/sys/futex", "guard": module + "/locks/guard", "shared": module + "/locks/shared", "linux": module + "/sys/linux",
	"locks": module + "/locks", "locktest": module + "/locks/locktest", "native": module + "/locks/native", "park": module + "/locks/park",
	"pthread": module + "/pthread", "spin": module + "/locks/spin", "thread": module + "/locks/thread", "watch": module + "/locks/watch",
}

// source makes a Go file from the block. Positions in the compiler's messages are those of the block.
func (b block) source() string {
	line := fmt.Sprintf("//line %s:%d\n", path.Base(b.file), b.line+1)
	if strings.HasPrefix(b.text, "package ") {
		return line + b.text
	}
	body := line + b.text
	if signature, ok := strings.CutPrefix(b.note, "func("); ok {
		body = "func _(" + signature + " {\n" + body + "}\n"
	} else {
		body = b.note + "\n" + body
	}
	source := "package block\n\n"
	for name, path := range imported {
		if regexp.MustCompile(`\b` + name + `\.[A-Z]`).MatchString(body) {
			source += fmt.Sprintf("import %q\n", path)
		}
	}
	return source + body
}

// TestShellBlocks runs the commands of all Markdown files, in the root of the checkout.
func TestShellBlocks(t *testing.T) {
	if testing.Short() || raceDetector() {
		t.Skip("runs programs for half a minute; not in short mode, and once is enough")
	}
	for _, b := range blocks(files(t, ".md")) {
		if b.language != "sh" {
			continue
		}
		t.Run(strings.ReplaceAll(b.String(), "/", "_"), func(t *testing.T) {
			if why, ok := strings.CutPrefix(b.note, "not run: "); ok {
				t.Skip(why)
			}
			if out, err := shell(t, b.text); err != nil {
				if strings.HasSuffix(strings.TrimSpace(out), "exit status 77") { // the programs report in this way that the system cannot run them
					t.Skip(out)
				}
				t.Errorf("%v: %v\n%s\n%s", b, err, b.text, out)
			}
		})
	}
}

var (
	link       = regexp.MustCompile(`\]\(([^)#\s]*)(?:#([^)\s]*))?\)`)
	picture    = regexp.MustCompile(`<img[^>]* src="([^"]+)"`)
	runCommand = regexp.MustCompile("`[^`\n]*go run (\\./[^ `]+)")
	testName   = regexp.MustCompile("`([a-z][a-z0-9/]*)`: |`((?:Test|Example|Benchmark|Fuzz)[A-Za-z0-9_]+)`")
)

func TestLinks(t *testing.T) {
	dir := root(t)
	for _, problem := range brokenLinks(files(t, ".md"), func(name string) ([]byte, error) {
		return os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	}) {
		t.Error(problem)
	}
}

// brokenLinks checks links within the repository, to files, folders and headings, and the programs
// that the text tells readers to run.
func brokenLinks(files []file, read func(name string) ([]byte, error)) []string {
	var problems []string
	exists := func(name string) bool {
		_, err := read(name)
		return err == nil || strings.Contains(err.Error(), "is a directory")
	}
	for _, f := range files {
		text := fenced.ReplaceAllString(f.text, "")
		targets := link.FindAllStringSubmatch(text, -1)
		for _, p := range picture.FindAllStringSubmatch(text, -1) {
			targets = append(targets, []string{p[0], p[1], ""})
		}
		for _, l := range targets {
			if strings.Contains(l[1], ":") {
				continue // on another host
			}
			target := f.path
			if l[1] != "" {
				target = path.Join(path.Dir(f.path), l[1])
			}
			if !exists(target) {
				problems = append(problems, fmt.Sprintf("%s links to %s, which is not there", f.path, l[1]))
			} else if there, _ := read(target); l[2] != "" && !slices.Contains(anchors(string(there)), l[2]) {
				problems = append(problems, fmt.Sprintf("%s links to %s#%s: no such heading", f.path, l[1], l[2]))
			}
		}
		for _, c := range runCommand.FindAllStringSubmatch(f.text, -1) {
			if !exists(strings.TrimPrefix(c[1], "./")) {
				problems = append(problems, fmt.Sprintf("%s says to run %s, which is not there", f.path, c[1]))
			}
		}
	}
	return problems
}

var heading = regexp.MustCompile(`(?m)^#+ (.*)$`)

// anchors returns the names by which a link reaches the headings of a Markdown text.
func anchors(text string) []string {
	var list []string
	for _, h := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		name := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r > 127:
				return r
			}
			return -1
		}, strings.ToLower(h[1]))
		list = append(list, name)
	}
	return list
}

// TestNamedTests checks that the tests that the documentation names as proof exist. A line may name their package
// before them, as in "`locks`: `TestScale`, `TestMemory`"; each row of TESTING.md must.
func TestNamedTests(t *testing.T) {
	for _, problem := range missingTests(files(t, ".md"), files(t, "_test.go")) {
		t.Error(problem)
	}
}

func missingTests(texts, tests []file) []string {
	var problems []string
	for _, f := range texts {
		for line := range strings.Lines(f.text) {
			pkg := ""
			for _, m := range testName.FindAllStringSubmatch(line, -1) {
				if m[1] != "" {
					pkg = m[1]
					continue
				}
				if pkg == "" && f.path == "TESTING.md" && strings.HasPrefix(line, "|") {
					problems = append(problems, fmt.Sprintf("%s names %s without its package", f.path, m[2]))
				}
				declaration := "\nfunc " + m[2] + "("
				if !slices.ContainsFunc(tests, func(test file) bool {
					return (pkg == "" || pkg == path.Dir(test.path)) && strings.Contains(test.text, declaration)
				}) {
					problems = append(problems, fmt.Sprintf("%s names %s, and there is no such function in %q", f.path, m[2], pkg))
				}
			}
		}
	}
	return problems
}
