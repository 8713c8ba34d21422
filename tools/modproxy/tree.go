// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// released are the folders of the modules that a release tags: the library, and the commands of "go run module@latest".
// The other modules, tools and pthread/internal/cgobench, are for work in a clone.
var released = []string{"", "examples", "tools/osyncvet", "tools/sync2osync"}

// A tree is a commit of a repository.
type tree struct {
	root   string // of the work tree
	commit string
	time   time.Time
}

// A release is a module of a tree, with its version.
type release struct {
	module.Version
	dir   string // from the root of the tree; "" there
	gomod []byte
}

func open(ctx context.Context, dir, rev string) (*tree, error) {
	t := &tree{root: dir}
	root, err := t.git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	t.root = strings.TrimSpace(string(root))
	about, err := t.git(ctx, "log", "-1", "--format=%H %cI", rev, "--")
	if err != nil {
		return nil, err
	}
	commit, date, _ := strings.Cut(strings.TrimSpace(string(about)), " ")
	t.commit = commit
	if t.time, err = time.Parse(time.RFC3339, date); err != nil {
		return nil, err
	}
	t.time = t.time.UTC()
	return t, nil
}

func (t *tree) git(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = t.root
	out, err := cmd.Output()
	if err != nil {
		message := ""
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			message = ": " + string(bytes.TrimSpace(exit.Stderr))
		}
		return nil, fmt.Errorf("git %s: %w%s", strings.Join(args, " "), err, message)
	}
	return out, nil
}

// read returns a file of the commit.
func (t *tree) read(ctx context.Context, name string) ([]byte, error) {
	return t.git(ctx, "cat-file", "blob", t.commit+":"+name)
}

// gomod parses the go.mod of a folder.
func (t *tree) gomod(ctx context.Context, dir string) (*modfile.File, []byte, error) {
	name := path.Join(dir, "go.mod")
	data, err := t.read(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	f, err := modfile.Parse(name, data, nil)
	return f, data, err
}

// requiredVersion returns the version of the library that the examples require: that of the last release or, while a
// release is being made, that of the next one.
func (t *tree) requiredVersion(ctx context.Context) (string, error) {
	library, _, err := t.gomod(ctx, "")
	if err != nil {
		return "", err
	}
	examples, _, err := t.gomod(ctx, "examples")
	if err != nil {
		return "", err
	}
	for _, r := range examples.Require {
		if r.Mod.Path == library.Module.Mod.Path {
			return r.Mod.Version, nil
		}
	}
	return "", fmt.Errorf("examples/go.mod does not require %s: name the -version", library.Module.Mod.Path)
}

// modules returns the modules of a release, and an error if users could not use one of them.
func (t *tree) modules(ctx context.Context, version string) ([]release, error) {
	if !semver.IsValid(version) || semver.Canonical(version) != version {
		return nil, fmt.Errorf("%q is not a version such as v0.1.0", version)
	}
	var all []release
	var files []*modfile.File
	paths := map[string]bool{}
	for _, dir := range released {
		f, data, err := t.gomod(ctx, dir)
		if err != nil {
			return nil, err
		}
		m := release{dir: dir, gomod: data, Version: module.Version{Path: f.Module.Mod.Path, Version: version}}
		if err := module.Check(m.Path, version); err != nil {
			return nil, err
		}
		all, files = append(all, m), append(files, f)
		paths[m.Path] = true
	}
	var errs []error
	for i, f := range files {
		errs = append(errs, usable(all[i], f, paths))
	}
	return all, errors.Join(errs...)
}

// usable returns an error if "go run module@version" refuses the go.mod of m, or if m would be built with another
// version of a module of the same release.
func usable(m release, f *modfile.File, together map[string]bool) error {
	name := path.Join(m.dir, "go.mod")
	var errs []error
	if len(f.Replace) > 0 || len(f.Exclude) > 0 {
		errs = append(errs, fmt.Errorf("%s: replace and exclude are only for main modules: \"go run %s/...@%s\" refuses them",
			name, m.Path, m.Version.Version))
	}
	for _, r := range f.Require {
		if together[r.Mod.Path] && r.Mod.Version != m.Version.Version {
			errs = append(errs, fmt.Errorf("%s requires %s %s, not %s", name, r.Mod.Path, r.Mod.Version, m.Version.Version))
		}
	}
	return errors.Join(errs...)
}

// tag is the name of the tag that makes the go command see the module.
func (m release) tag() string { return path.Join(m.dir, m.Version.Version) }

// borrow makes a repository in dir that has the objects of t, and returns dir. A tree may be that of a linked worktree,
// which x/mod/zip does not accept. As in the repositories of the go command, the attributes of the tree exclude no file
// from an archive.
func (t *tree) borrow(ctx context.Context, dir string) (string, error) {
	objects, err := t.git(ctx, "rev-parse", "--path-format=absolute", "--git-path", "objects")
	if err != nil {
		return "", err
	}
	if _, err := t.git(ctx, "init", "--quiet", dir); err != nil {
		return "", err
	}
	info := filepath.Join(dir, ".git", "info")
	return dir, errors.Join(
		os.WriteFile(filepath.Join(dir, ".git", "objects", "info", "alternates"), objects, 0o666),
		os.MkdirAll(info, 0o777),
		os.WriteFile(filepath.Join(info, "attributes"), []byte("* -export-subst -export-ignore\n"), 0o666),
	)
}
