// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/osync-go/osync"

// root returns the folder of the checkout. Tests run in the folder of their package.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		t.Skipf("not in a checkout: %v", err)
	}
	return dir
}

// goTool runs the go command in the checkout, with env added to the environment, and
// returns what it printed to standard output and standard error.
func goTool(t *testing.T, env []string, args ...string) (stdout, stderr string) {
	t.Helper()
	stdout, stderr, err := tryGoTool(t, env, args...)
	if err != nil {
		t.Fatalf("%s go %s: %v\n%s", strings.Join(env, " "), strings.Join(args, " "), err, stderr)
	}
	return stdout, stderr
}

// tryGoTool is goTool, but leaves a failure to its caller.
func tryGoTool(t *testing.T, env []string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	path, err := exec.LookPath("go")
	if err != nil {
		t.Skipf("needs the go command: %v", err)
	}
	var out, errs bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Dir = root(t)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.String(), errs.String(), err
}

// compiles builds a Go file as a package of the checkout.
func compiles(t *testing.T, source string) error {
	t.Helper()
	_, _, err := tryGoTool(t, nil, "build", overlay(t, map[string]string{"internal/checks/compiled/a.go": source}), "./internal/checks/compiled")
	return err
}

// shell runs commands in the root of the checkout, and returns their output.
func shell(t *testing.T, commands string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", commands)
	cmd.Dir = root(t)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// overlay returns the -overlay flag that makes the go command see files as if they were in the
// checkout. The keys are slash-separated paths from its root, and the values are contents.
func overlay(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{}
	for i, name := range slices.Sorted(maps.Keys(files)) {
		tmp := filepath.Join(dir, string(rune('a'+i))+filepath.Base(name))
		writeFile(t, tmp, []byte(files[name]))
		replace[filepath.Join(root(t), filepath.FromSlash(name))] = tmp
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "overlay.json")
	writeFile(t, path, list)
	return "-overlay=" + path
}

func writeFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

// A file is one text file of the checkout.
type file struct {
	path string // slash-separated, from the root
	text string
}

// files returns all files of the checkout whose name ends in one of the given suffixes.
func files(t *testing.T, suffixes ...string) []file {
	t.Helper()
	dir := root(t)
	var list []file
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == ".git" { // a file in a worktree
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			return nil
		}
		if !slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(path, s) }) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		list = append(list, file{filepath.ToSlash(name), string(text)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// generated reports whether f was written by a program.
func (f file) generated() bool {
	return strings.HasPrefix(filepath.Base(f.path), "z") && strings.Contains(f.text, "\n// Code generated ")
}

// raceDetector reports whether this test was built with -race.
var raceDetector = sync.OnceValue(func() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
})
