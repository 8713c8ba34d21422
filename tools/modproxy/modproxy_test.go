// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/module"
)

// small is a tree with the folders of osync's.
var small = map[string]string{
	"LICENSE":                          "all rights\n",
	"go.mod":                           "module github.com/osync-go/osync\n\ngo 1.26.0\n",
	"go.work":                          "go 1.26.0\n\nuse (\n\t.\n\t./examples\n)\n",
	"locks/locks.go":                   "package locks\n\nconst Name = \"locks\"\n",
	"docs/old.md":                      "# Old\n",
	".gitattributes":                   "docs/old.md export-ignore\n",
	"examples/go.mod":                  "module github.com/osync-go/osync/examples\n\ngo 1.26.0\n\nrequire github.com/osync-go/osync v0.7.0\n",
	"examples/doctor/main.go":          "package main\n\nimport \"github.com/osync-go/osync/locks\"\n\nfunc main() { println(locks.Name, \"works\") }\n",
	"tools/go.mod":                     "module github.com/osync-go/osync/tools\n\ngo 1.26.0\n",
	"tools/tools.go":                   "package tools\n",
	"tools/osyncvet/go.mod":            "module github.com/osync-go/osync/tools/osyncvet\n\ngo 1.26.0\n",
	"tools/osyncvet/main.go":           "package main\n\nfunc main() {}\n",
	"tools/sync2osync/go.mod":          "module github.com/osync-go/osync/tools/sync2osync\n\ngo 1.26.0\n",
	"tools/sync2osync/main.go":         "package main\n\nfunc main() {}\n",
	"pthread/internal/cgobench/go.mod": "module github.com/osync-go/osync/pthread/internal/cgobench\n\nreplace github.com/osync-go/osync => ../../..\n",
}

// repository makes a repository with one commit: the files of small, and changes to them.
func repository(t *testing.T, changes map[string]string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skipf("needs git: %v", err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	dir := t.TempDir()
	git(t, dir, "init", "--quiet")
	write(t, dir, small)
	write(t, dir, changes)
	commit(t, dir)
	return dir
}

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
}

func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func commit(t *testing.T, dir string) {
	t.Helper()
	git(t, dir, "add", "--all")
	git(t, dir, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "--message=change")
}

// proxy makes a proxy of a repository, and returns its folder and what was printed.
func proxy(t *testing.T, repo string, flags ...string) (dir, stdout, stderr string, status int) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "proxy")
	var out, errs bytes.Buffer
	status = run(t.Context(), append([]string{"-repo", repo, "-o", dir}, flags...), &out, &errs)
	return dir, out.String(), errs.String(), status
}

// packedFiles returns the names of the files of a module in a proxy, and the checksum.
func packedFiles(t *testing.T, dir, path string) (names []string, sum string) {
	t.Helper()
	m := release{Version: module.Version{Path: path, Version: "v0.7.0"}}
	p, err := inspect(m, filepath.Join(dir, filepath.FromSlash(path), "@v", "v0.7.0.zip"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.files {
		names = append(names, f.name)
	}
	slices.Sort(names)
	return names, p.sum
}

func TestModules(t *testing.T) {
	repo := repository(t, nil)
	write(t, repo, map[string]string{"locks/uncommitted.go": "package locks\n", "LICENSE": "changed\n"})
	dir, stdout, stderr, status := proxy(t, repo)
	if status != 0 {
		t.Fatal(stderr)
	}
	for path, want := range map[string][]string{
		library:                       {".gitattributes", "LICENSE", "docs/old.md", "go.mod", "go.work", "locks/locks.go"},
		library + "/examples":         {"LICENSE", "doctor/main.go", "go.mod"},
		library + "/tools/osyncvet":   {"LICENSE", "go.mod", "main.go"},
		library + "/tools/sync2osync": {"LICENSE", "go.mod", "main.go"},
	} {
		files, sum := packedFiles(t, dir, path)
		if !slices.Equal(files, want) {
			t.Errorf("%s has %v, want %v", path, files, want)
		}
		if !strings.Contains(stdout, path+"@v0.7.0: ") || !strings.Contains(stdout, sum) {
			t.Errorf("nothing is printed about %s with %s:\n%s", path, sum, stdout)
		}
		versions := filepath.Join(dir, filepath.FromSlash(path), "@v")
		if list, err := os.ReadFile(filepath.Join(versions, "list")); string(list) != "v0.7.0\n" {
			t.Errorf("%s: the list is %q, %v", path, list, err)
		}
		var info struct {
			Version string
			Time    time.Time
		}
		data, err := os.ReadFile(filepath.Join(versions, "v0.7.0.info"))
		if err == nil {
			err = json.Unmarshal(data, &info)
		}
		if err != nil || info.Version != "v0.7.0" || time.Since(info.Time).Abs() > time.Hour {
			t.Errorf("%s: the information is %s, %v", path, data, err)
		}
		if latest, err := os.ReadFile(filepath.Join(versions, "..", "@latest")); !bytes.Equal(latest, data) {
			t.Errorf("%s: the latest is %q, %v", path, latest, err)
		}
		gomod, err := os.ReadFile(filepath.Join(versions, "v0.7.0.mod"))
		if want := small[strings.TrimPrefix(strings.TrimPrefix(path, library)+"/go.mod", "/")]; string(gomod) != want {
			t.Errorf("%s: the go.mod is %q, %v, want %q", path, gomod, err, want)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(library), "tools", "@v")); err == nil {
		t.Error("the module of the tools for work in a clone is there")
	}
}

// A release of the library does not depend on the examples, so they can name its version before it exists.
func TestSum(t *testing.T) {
	repo := repository(t, nil)
	sum := func() string {
		t.Helper()
		dir, _, stderr, status := proxy(t, repo)
		if status != 0 {
			t.Fatal(stderr)
		}
		_, sum := packedFiles(t, dir, library)
		return sum
	}
	before := sum()
	write(t, repo, map[string]string{"examples/doctor/more.go": "package main\n", "tools/osyncvet/more.go": "package main\n"})
	commit(t, repo)
	if now := sum(); now != before {
		t.Errorf("a change of the examples makes %s of %s", now, before)
	}
	write(t, repo, map[string]string{"locks/more.go": "package locks\n"})
	commit(t, repo)
	if now := sum(); now == before {
		t.Error("a change of the library leaves the sum as it was")
	}
}

func TestRevision(t *testing.T) {
	repo := repository(t, nil)
	write(t, repo, map[string]string{"locks/more.go": "package locks\n"})
	commit(t, repo)
	other := filepath.Join(t.TempDir(), "other")
	git(t, repo, "worktree", "add", "--quiet", "--detach", other)
	for from, flags := range map[string][]string{
		repo:                          {"-rev", "HEAD~1"},
		other:                         {"-rev", "HEAD~1"},
		filepath.Join(repo, "locks"):  {"-rev", "HEAD~1"},
		filepath.Join(other, "tools"): {"-rev", "HEAD~1", "-version", "v0.7.0"},
	} {
		dir, _, stderr, status := proxy(t, from, flags...)
		if status != 0 {
			t.Errorf("in %s: %s", from, stderr)
			continue
		}
		if files, _ := packedFiles(t, dir, library); slices.Contains(files, "locks/more.go") {
			t.Errorf("in %s, with %v: it has the file of the next commit", from, flags)
		}
	}
	if _, _, stderr, status := proxy(t, repo, "-rev", "none"); status != 1 || !strings.Contains(stderr, "none") {
		t.Errorf("for a commit that is not there the status is %d: %s", status, stderr)
	}
}

func TestRefused(t *testing.T) {
	for name, test := range map[string]struct {
		changes map[string]string
		flags   []string
		want    string
	}{
		"replace": {
			changes: map[string]string{"examples/go.mod": small["examples/go.mod"] + "\nreplace github.com/osync-go/osync => ../\n"},
			want:    "examples/go.mod: replace and exclude",
		},
		"exclude": {
			changes: map[string]string{"go.mod": small["go.mod"] + "\nexclude golang.org/x/sys v0.1.0\n"},
			want:    "go.mod: replace and exclude",
		},
		"other version": {flags: []string{"-version", "v0.8.0"}, want: "requires github.com/osync-go/osync v0.7.0, not v0.8.0"},
		"no version":    {flags: []string{"-version", "0.7"}, want: `"0.7" is not a version`},
		"half a version": {
			flags: []string{"-version", "v0.7"}, want: `"v0.7" is not a version`,
		},
		"no requirement": {
			changes: map[string]string{"examples/go.mod": "module github.com/osync-go/osync/examples\n"},
			want:    "examples/go.mod does not require",
		},
		"major version": {
			changes: map[string]string{"examples/go.mod": strings.Replace(small["examples/go.mod"], "v0.7.0", "v2.0.0", 1)},
			want:    "v2.0.0",
		},
		"zero byte": {changes: map[string]string{"locks/a.bin": "a\x00b"}, want: "locks/a.bin is not text"},
		"not UTF-8": {changes: map[string]string{"examples/a.txt": "caf\xe9"}, want: "a.txt is not text"},
		"no license": {
			changes: map[string]string{"LICENSE/README": "none\n"}, want: "has no LICENSE",
		},
		"bad go.mod": {changes: map[string]string{"tools/osyncvet/go.mod": "what\n"}, want: "tools/osyncvet/go.mod:1"},
	} {
		t.Run(name, func(t *testing.T) {
			repo := repository(t, nil)
			for file := range test.changes {
				os.Remove(filepath.Join(repo, strings.Split(file, "/")[0])) // a file that becomes a folder
			}
			write(t, repo, test.changes)
			if len(test.changes) > 0 {
				commit(t, repo)
			}
			_, stdout, stderr, status := proxy(t, repo, test.flags...)
			if status != 1 || !strings.Contains(stderr, test.want) {
				t.Errorf("status %d, and it says\n%s%swant %q", status, stdout, stderr, test.want)
			}
		})
	}
}

// A proxy that already has the release is left unchanged.
func TestTwice(t *testing.T) {
	repo := repository(t, nil)
	dir, _, stderr, status := proxy(t, repo)
	if status != 0 {
		t.Fatal(stderr)
	}
	if _, _, stderr, status := proxy(t, repo, "-o", dir); status != 1 || !strings.Contains(stderr, "v0.7.0.zip") {
		t.Errorf("status %d: %s", status, stderr)
	}
}

func TestTags(t *testing.T) {
	_, stdout, stderr, status := proxy(t, repository(t, nil), "-tags")
	if want := "v0.7.0\nexamples/v0.7.0\ntools/osyncvet/v0.7.0\ntools/sync2osync/v0.7.0\n"; status != 0 || stdout != want {
		t.Errorf("the tags are %q, want %q: %d, %s", stdout, want, status, stderr)
	}
}

func TestUsage(t *testing.T) {
	for args, want := range map[string]struct {
		status int
		text   string
	}{
		"-h":    {0, "-largest"},
		"-what": {2, "-what"},
		"what":  {2, `what is "what"`},
	} {
		var out, errs bytes.Buffer
		if status := run(t.Context(), []string{args}, &out, &errs); status != want.status || !strings.Contains(errs.String(), want.text) {
			t.Errorf("%s: %d, %s", args, status, errs.String())
		}
	}
}

// The environment makes the go command find the modules of the proxy, and no work file.
func TestEnvironment(t *testing.T) {
	dir, _, stderr, status := proxy(t, repository(t, nil))
	if status != 0 {
		t.Fatal(stderr)
	}
	t.Setenv("GOWORK", filepath.Join(dir, "go.work")) // which is not there
	home := filepath.Join(t.TempDir(), "a home")
	write(t, home, map[string]string{"nothing/README": ""})
	env, err := environment(t.Context(), dir, home)
	if err != nil {
		t.Fatal(err)
	}
	ok := step{dir: "nothing", command: "go run " + library + "/examples/doctor@latest", want: "locks works"}
	if err := ok.run(t.Context(), home, env); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []step{
		{dir: ok.dir, command: ok.command, want: "locks fails"},
		{dir: ok.dir, command: ok.command, want: ok.want, fails: true},
		{dir: ok.dir, command: "go run " + library + "/examples/doctor@v0.6.0", want: "v0.6.0"},
	} {
		if err := wrong.run(t.Context(), home, env); err == nil {
			t.Errorf("%+v is fine", wrong)
		}
	}
}

func TestFirstProgram(t *testing.T) {
	program := "package main\n\nfunc main() {\n}\n"
	got, err := firstProgram([]byte("# A\n\n```go\nx := 1\n```\n\n```go\n" + program + "```\n\n```go\npackage main\n```\n"))
	if err != nil || string(got) != program {
		t.Errorf("%q, %v, want %q", got, err, program)
	}
	for _, text := range []string{"", "```go\npackage other\n```\n", "```go\npackage main\n"} {
		if got, err := firstProgram([]byte(text)); err == nil {
			t.Errorf("%q has the program %q", text, got)
		}
	}
}

func TestVendored(t *testing.T) {
	dir := t.TempDir()
	sums := library + " v0.7.0 h1:a\n" + library + " v0.7.0/go.mod h1:b\ngolang.org/x/sys v0.49.0 h1:c\n"
	list := "# " + library + " v0.7.0\n## explicit; go 1.26.0\n" + library + "/locks\n# golang.org/x/sys v0.49.0\n## explicit\ngolang.org/x/sys/unix\n"
	write(t, dir, map[string]string{
		"go.sum":                               sums,
		"vendor/modules.txt":                   list,
		"vendor/" + library + "/locks/a.go":    strings.Repeat("a", 1500),
		"vendor/" + library + "/LICENSE":       strings.Repeat("b", 1000),
		"vendor/golang.org/x/sys/unix/unix.go": "package unix\n",
	})
	var out bytes.Buffer
	want := "vendor/" + library + ": 2 files, 3 kB\nvendor/golang.org/x/sys: 1 files, 1 kB\n"
	if err := tellVendored(&out, dir); err != nil || out.String() != want {
		t.Errorf("%q, %v, want %q", out.String(), err, want)
	}
	for file, text := range map[string]string{
		"go.sum":             sums + "github.com/ebitengine/purego v0.11.3 h1:d\n",
		"vendor/modules.txt": list + "# golang.org/x/sync v0.25.0\n",
	} {
		t.Run(filepath.Base(file), func(t *testing.T) {
			write(t, dir, map[string]string{"go.sum": sums, "vendor/modules.txt": list, "vendor/golang.org/x/sync/a.go": "package sync\n"})
			write(t, dir, map[string]string{file: text})
			if err := tellVendored(&out, dir); err == nil {
				t.Error("one more module is fine")
			}
		})
	}
}

func TestFileURL(t *testing.T) {
	for dir, want := range map[string]string{"/tmp/a b": "file:///tmp/a%20b", "C:/Users": "file:///C:/Users"} {
		if got := fileURL(dir); got != want {
			t.Errorf("%s is %s, want %s", dir, got, want)
		}
	}
}
