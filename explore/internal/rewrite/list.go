// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
)

// A listed is the description of a package by "go list".
type listed struct {
	ImportPath, Name, Dir, Export, ForTest string
	GoFiles, CgoFiles, SFiles, Imports     []string
	ImportMap                              map[string]string
	Standard, DepOnly                      bool
	Module                                 *modulePublic
}

// A modulePublic is the description of a module by "go list".
type modulePublic struct {
	Path, Version, Sum, Dir, GoVersion string
	Main                               bool
}

const listedFields = "-json=ImportPath,Name,Dir,Export,ForTest,GoFiles,CgoFiles,SFiles,Imports,ImportMap,Standard,DepOnly,Module"

// path returns the import path of the package as written in the source: for packages that are
// recompiled for a test, "go list" prints "p [q.test]".
func (p *listed) path() string {
	path, _, _ := strings.Cut(p.ImportPath, " ")
	return path
}

// external reports whether p is the package p_test.
func (p *listed) external() bool { return p.ForTest != "" && p.path() == p.ForTest+"_test" }

// tested returns the import path of the package in whose folder p is.
func (p *listed) tested() string {
	if p.external() {
		return p.ForTest
	}
	return p.path()
}

// goCommand runs the go command and returns its standard output, or an error with its messages.
func (o *Options) goCommand(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	var said bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = o.Dir, o.Env, &said
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, bytes.TrimSpace(said.Bytes()))
	}
	return out, err
}

// list returns the packages that match the patterns, and all their dependencies, dependencies
// first.
func (o *Options) list(ctx context.Context, flags []string, patterns ...string) ([]*listed, error) {
	args := append([]string{"list", "-export", "-deps", listedFields}, flags...)
	out, err := o.goCommand(ctx, append(append(append(args, o.BuildFlags...), "--"), patterns...)...)
	if err != nil {
		return nil, err
	}
	var packages []*listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := d.Decode(p); err == io.EOF {
			return packages, nil
		} else if err != nil {
			return nil, err
		}
		packages = append(packages, p)
	}
}

// exports holds the files of export data by the import path of "go list".
type exports map[string]string

func (e exports) add(packages []*listed) {
	for _, p := range packages {
		if p.Export != "" {
			e[p.ImportPath] = p.Export
		}
	}
}

// importer returns an importer for the source of a package with the given ImportMap.
func (e exports) importer(fset *token.FileSet, names map[string]string) types.Importer {
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if mapped := names[path]; mapped != "" {
			path = mapped
		}
		if e[path] == "" {
			return nil, fmt.Errorf("no export data for %q", path)
		}
		return os.Open(e[path])
	})
}
