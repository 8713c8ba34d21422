// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
)

const library = "github.com/osync-go/osync"

// A step is a command that README.md or the README of a tool tells users to run.
type step struct {
	dir     string // one of users.txtar
	command string
	want    string // a part of its output
	fails   bool   // it must exit with a status other than 0
}

var steps = []step{
	{dir: "nothing", command: "go run " + library + "/examples/doctor@latest -quick", want: "osync works here"},

	// The program at the beginning of README.md.
	{dir: "locks", command: "go mod init example.com/locks"},
	{dir: "locks", command: "go get " + library + "/locks"},
	{dir: "locks", command: "go run .", want: "context deadline exceeded"},
	{dir: "locks", command: "go mod vendor"},
	{dir: "locks", command: "go run .", want: "context deadline exceeded"},

	// A lock that does not lock.
	{dir: "explored", command: "go mod init example.com/explored"},
	{dir: "explored", command: "go get " + library + "/explore"},
	{dir: "explored", command: "go run " + library + "/explore/cmd/explore ./mylock", want: "data race", fails: true},
	{dir: "explored", command: "go run " + library + "/explore/cmd/explore@latest ./mylock", want: "data race", fails: true},

	// A program that uses package sync, and forgets to unlock.
	{dir: "moved", command: "go mod init example.com/moved"},
	{dir: "moved", command: "go run " + library + "/tools/sync2osync@latest ./...", want: "changed 1 file"},
	{dir: "moved", command: "go get " + library + "@latest"},
	{dir: "moved", command: "go mod tidy"},
	{dir: "moved", command: "go run .", want: "moved"},
	{dir: "moved", command: "go install " + library + "/tools/osyncvet@latest"},
	{dir: "moved", command: "osyncvet ./...", want: "main.go:11:2", fails: true},
}

// users are the files of the folders in which the steps run.
//
//go:embed users.txtar
var users []byte

// try runs the steps with the proxy in the folder proxy, and with a module cache that is empty at first.
func try(ctx context.Context, t *tree, proxy string, stdout io.Writer) error {
	readme, err := t.read(ctx, "README.md")
	if err != nil {
		return err
	}
	program, err := firstProgram(readme)
	if err != nil {
		return err
	}
	home, err := os.MkdirTemp("", "modproxy-users")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	files := append(txtar.Parse(users).Files, txtar.File{Name: "locks/main.go", Data: program})
	for _, f := range files {
		name := filepath.Join(home, filepath.FromSlash(f.Name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o777), os.WriteFile(name, f.Data, 0o666)); err != nil {
			return err
		}
	}
	env, err := environment(ctx, proxy, home)
	if err != nil {
		return err
	}
	for _, s := range steps {
		fmt.Fprintf(stdout, "%s$ %s\n", s.dir, s.command)
		start := time.Now()
		if err := s.run(ctx, home, env); err != nil {
			return err
		}
		fmt.Fprintf(stdout, "%8.1f s\n", time.Since(start).Seconds())
	}
	return tellVendored(stdout, filepath.Join(home, "locks"))
}

// firstProgram returns the first complete program of a document in Markdown.
func firstProgram(markdown []byte) ([]byte, error) {
	_, program, ok := bytes.Cut(markdown, []byte("```go\npackage main\n"))
	program, _, closed := bytes.Cut(program, []byte("\n```"))
	if !ok || !closed {
		return nil, errors.New("README.md has no program that begins with \"package main\"")
	}
	return slices.Concat([]byte("package main\n"), program, []byte("\n")), nil
}

// environment returns the environment of a user who has the proxy, and an empty module cache below home. Modules that
// this machine already has are not downloaded again.
func environment(ctx context.Context, proxy, home string) ([]string, error) {
	proxy, err := filepath.Abs(proxy)
	if err != nil {
		return nil, err
	}
	out, err := exec.CommandContext(ctx, "go", "env", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GONOSUMDB").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	now := strings.Split(string(out), "\n")
	return append(os.Environ(),
		"GOMODCACHE="+filepath.Join(home, "modules"),
		"GOPROXY="+strings.Join([]string{fileURL(proxy), fileURL(filepath.Join(now[0], "cache", "download")), now[1]}, ","),
		// Files that can be removed, and object files that the next run finds in the build cache.
		"GOFLAGS="+strings.TrimSpace(now[2]+" -modcacherw -trimpath"),
		"GONOSUMDB="+strings.TrimPrefix(now[3]+","+library+","+library+"/*", ","),
		"GONOPROXY=none",
		"GOWORK=",
		"GOBIN="+filepath.Join(home, "bin"),
	), nil
}

func fileURL(dir string) string {
	dir = filepath.ToSlash(dir)
	if !strings.HasPrefix(dir, "/") {
		dir = "/" + dir // C:/Users
	}
	return (&url.URL{Scheme: "file", Path: dir}).String()
}

func (s step) run(ctx context.Context, home string, env []string) error {
	args := strings.Fields(s.command)
	if args[0] != "go" { // installed before
		args[0] = filepath.Join(home, "bin", args[0])
		if runtime.GOOS == "windows" {
			args[0] += ".exe"
		}
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Dir, cmd.Env = filepath.Join(home, s.dir), env
	out, err := cmd.CombinedOutput()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		return err
	}
	switch {
	case err != nil && !s.fails:
		return fmt.Errorf("%s: %w\n%s", s.command, err, out)
	case err == nil && s.fails:
		return fmt.Errorf("%s: it should fail\n%s", s.command, out)
	case !bytes.Contains(out, []byte(s.want)):
		return fmt.Errorf("%s: it does not print %q\n%s", s.command, s.want, out)
	}
	return nil
}

// A tally is the part of a vendor folder that a module adds.
type tally struct {
	files int
	size  int64
}

// vendored returns the part of each module in the folder vendor of dir.
func vendored(dir string) (map[string]tally, error) {
	all := map[string]tally{}
	list, err := os.ReadFile(filepath.Join(dir, "vendor", "modules.txt"))
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(list)) {
		words := strings.Fields(line)
		if len(words) < 3 || words[0] != "#" { // # module version
			continue
		}
		var n tally
		err := filepath.WalkDir(filepath.Join(dir, "vendor", filepath.FromSlash(words[1])), func(_ string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			stat, err := d.Info()
			if err != nil {
				return err
			}
			n.files++
			n.size += stat.Size()
			return nil
		})
		if err != nil {
			return nil, err
		}
		all[words[1]] = n
	}
	return all, nil
}

// tellVendored prints the contents of the folder vendor for a user of locks only. It returns an error if that, or go.sum,
// has a module other than osync and golang.org/x/sys.
func tellVendored(stdout io.Writer, dir string) error {
	modules, err := vendored(dir)
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		fmt.Fprintf(stdout, "vendor/%s: %d files, %d kB\n", name, modules[name].files, kB(modules[name].size))
	}
	sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(sums)) {
		name, _, _ := strings.Cut(line, " ")
		if _, ok := modules[name]; !ok {
			modules[name] = tally{}
		}
	}
	want := []string{library, "golang.org/x/sys"}
	if got := slices.Sorted(maps.Keys(modules)); !slices.Equal(got, want) {
		return fmt.Errorf("a program that uses %s/locks depends on %v, not on %v", library, got, want)
	}
	return nil
}
