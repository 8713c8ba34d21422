// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rewrite

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The go command does not accept an overlay of files in the module cache. So a module with packages to rewrite is
// copied from there, once for each version, and a replace directive refers to the copy.

// copyModule copies the module of p if it is in the module cache.
func (r *run) copyModule(p *listed) error {
	from := p.Module.Dir
	if _, done := r.copies[from]; done || !under(from, r.env["GOMODCACHE"]) {
		return nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return fmt.Errorf("no folder for the copy of module %s: %w", p.Module.Path, err)
	}
	// The sum distinguishes modules that had the same version.
	key := fmt.Sprintf("%x", sha256.Sum256([]byte(from+p.Module.Sum)))[:12]
	to := filepath.Join(cache, "osync", "explore", key, strings.ReplaceAll(filepath.Base(from), "@", "-")) // "go work edit" splits at an @
	r.copies[from] = to
	r.replace = append(r.replace, p.Module.Path+"@"+p.Module.Version+"="+to)
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(to), "copy")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	if err := copyTree(filepath.Join(temp, "m"), from); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(temp, "m"), to); err != nil {
		if _, other := os.Stat(to); other != nil { // else another process was faster
			return err
		}
	}
	r.say("%s: copied to %s", from, to)
	return nil
}

// under reports whether a path is in a folder.
func under(name, folder string) bool {
	rel, err := filepath.Rel(folder, name)
	return err == nil && folder != "" && filepath.IsLocal(rel)
}

// copyTree copies the files of a folder. The copies are writable, so that they can be removed.
func copyTree(to, from string) error {
	return filepath.WalkDir(from, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o777)
		}
		content, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), content, 0o666)
	})
}

// actual returns the path where the go command is to look for a file of a package.
func (r *run) actual(name string) string {
	for from, to := range r.copies {
		if rel, err := filepath.Rel(from, name); err == nil && filepath.IsLocal(rel) {
			return filepath.Join(to, rel)
		}
	}
	return name
}

// redirect returns the flags and the environment that make the go command use the copies.
func (r *run) redirect(ctx context.Context) (flags, env []string, err error) {
	if len(r.replace) == 0 {
		return nil, r.Env, nil
	}
	if r.env["GOWORK"] != "" && r.env["GOWORK"] != "off" {
		work, err := r.workspace(ctx)
		return nil, append(r.Env, "GOWORK="+work), err
	}
	from := r.env["GOMOD"]
	for i, flag := range r.BuildFlags {
		name, value, given := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		if name == "modfile" {
			if !given {
				value = r.BuildFlags[i+1]
			}
			from = filepath.Join(r.Dir, value)
			if filepath.IsAbs(value) {
				from = value
			}
		}
	}
	modfile := filepath.Join(r.Folder, "explore.mod")
	if err := copyWithSum(modfile, filepath.Join(r.Folder, "explore.sum"), from, strings.TrimSuffix(from, ".mod")+".sum"); err != nil {
		return nil, nil, err
	}
	args := []string{"mod", "edit"}
	for _, replace := range r.replace {
		args = append(args, "-replace="+replace)
	}
	_, err = r.goCommand(ctx, append(args, modfile)...)
	return []string{"-modfile=" + modfile}, r.Env, err
}

// workspace writes a go.work with the replacements, and returns its name.
func (r *run) workspace(ctx context.Context) (string, error) {
	work := filepath.Join(r.Folder, "go.work")
	if err := copyWithSum(work, work+".sum", r.env["GOWORK"], r.env["GOWORK"]+".sum"); err != nil {
		return "", err
	}
	out, err := r.goCommand(ctx, "work", "edit", "-json", work)
	if err != nil {
		return "", err
	}
	var have struct {
		Use     []struct{ DiskPath string }
		Replace []struct {
			Old, New struct{ Path, Version string }
		}
	}
	if err := json.Unmarshal(out, &have); err != nil {
		return "", err
	}
	absolute := func(name string) string {
		if filepath.IsAbs(name) {
			return name
		}
		return filepath.Join(filepath.Dir(r.env["GOWORK"]), name)
	}
	args := []string{"work", "edit"}
	for _, use := range have.Use {
		args = append(args, "-dropuse="+use.DiskPath, "-use="+absolute(use.DiskPath))
	}
	for _, replace := range have.Replace {
		if replace.New.Version == "" { // a folder
			old := replace.Old.Path
			if replace.Old.Version != "" {
				old += "@" + replace.Old.Version
			}
			args = append(args, "-replace="+old+"="+absolute(replace.New.Path))
		}
	}
	for _, replace := range r.replace {
		args = append(args, "-replace="+replace)
	}
	_, err = r.goCommand(ctx, append(args, work)...)
	return work, err
}

// copyWithSum copies a file and its checksum file, if there is one.
func copyWithSum(to, toSum, from, fromSum string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if err := os.WriteFile(to, content, 0o666); err != nil {
		return err
	}
	if content, err = os.ReadFile(fromSum); err != nil {
		return nil
	}
	return os.WriteFile(toSum, content, 0o666)
}
