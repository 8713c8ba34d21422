// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/mod/module"
	"golang.org/x/mod/sumdb/dirhash"
	modzip "golang.org/x/mod/zip"
)

// A packed module is one in a proxy.
type packed struct {
	release
	size  int64 // of the zip file
	sum   string
	files []packedFile
}

type packedFile struct {
	name   string // from the root of the module
	size   int64
	binary bool
}

// pack adds a module to the proxy in the folder out; repo is the result of borrow. The files are those that the go command requests from a proxy:
// see https://go.dev/ref/mod#goproxy-protocol.
func (t *tree) pack(m release, repo, out string) (*packed, error) {
	escaped, err := module.EscapePath(m.Path)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(out, filepath.FromSlash(escaped))
	versions := filepath.Join(dir, "@v")
	if err := os.MkdirAll(versions, 0o777); err != nil {
		return nil, err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{m.Version.Version, t.time})
	if err != nil {
		return nil, err
	}
	version := filepath.Join(versions, m.Version.Version)
	err = errors.Join(
		os.WriteFile(filepath.Join(dir, "@latest"), info, 0o666),
		os.WriteFile(filepath.Join(versions, "list"), []byte(m.Version.Version+"\n"), 0o666),
		os.WriteFile(version+".info", info, 0o666),
		os.WriteFile(version+".mod", m.gomod, 0o666),
	)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(version+".zip", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o666) // never over an existing release
	if err != nil {
		return nil, err
	}
	err = modzip.CreateFromVCS(file, m.Version, repo, t.commit, m.dir)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	return inspect(m, file.Name())
}

// inspect reads the zip file of a module.
func inspect(m release, name string) (*packed, error) {
	if _, err := modzip.CheckZip(m.Version, name); err != nil {
		return nil, err
	}
	p := &packed{release: m}
	var err error
	if p.sum, err = dirhash.HashZip(name, dirhash.Hash1); err != nil {
		return nil, err
	}
	stat, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	p.size = stat.Size()
	z, err := zip.OpenReader(name)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(r)
		if err := errors.Join(err, r.Close()); err != nil {
			return nil, err
		}
		p.files = append(p.files, packedFile{
			name:   strings.TrimPrefix(f.Name, m.Version.String()+"/"),
			size:   int64(len(data)),
			binary: !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0,
		})
	}
	return p, nil
}

// check returns an error if users would get a file that they cannot read, or no license.
func (p *packed) check() error {
	var errs []error
	for _, f := range p.files {
		if f.binary {
			errs = append(errs, fmt.Errorf("%s: %s is not text", p.Version, f.name))
		}
	}
	if !slices.ContainsFunc(p.files, func(f packedFile) bool { return f.name == "LICENSE" }) {
		errs = append(errs, fmt.Errorf("%s has no LICENSE", p.Version))
	}
	return errors.Join(errs...)
}

// print prints what users download.
func (p *packed) print(w io.Writer, largest int) {
	var sum int64
	for _, f := range p.files {
		sum += f.size
	}
	fmt.Fprintf(w, "%s: %d kB, %d files of %d kB together, %s\n", p.Version, kB(p.size), len(p.files), kB(sum), p.sum)
	files := slices.SortedStableFunc(slices.Values(p.files), func(a, b packedFile) int { return cmp.Compare(b.size, a.size) })
	for _, f := range files[:min(max(largest, 0), len(files))] {
		fmt.Fprintf(w, "%8d kB  %s\n", kB(f.size), f.name)
	}
}

func kB(bytes int64) int64 { return (bytes + 999) / 1000 }
