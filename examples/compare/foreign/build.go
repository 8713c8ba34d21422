// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package foreign

import (
	"context"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

//go:embed c cpp rust
var sources embed.FS

// A program is how to build a peer.
type program struct {
	name      string
	compiler  compiler
	needs     string // what to install where the compiler is there and fails
	arguments []string
	output    string // what the compiler writes
}

// A compiler is a program under any of some names.
type compiler struct {
	install string
	names   []string
}

var (
	cc    = compiler{"gcc", []string{"cc", "gcc", "clang"}}
	cxx   = compiler{"g++", []string{"c++", "g++", "clang++"}}
	rustc = compiler{"rustc", []string{"rustc"}}
	cargo = compiler{"cargo", []string{"cargo"}}
)

// programs returns how to build each peer.
func programs() []program {
	c := []string{"-std=gnu11", "-O2", "-pthread", "-o", "peer.exe"}
	cpp := []string{"-std=c++20", "-O2", "-pthread", "-o", "peer.exe"}
	crates := []string{"build", "--release", "--offline", "--manifest-path=rust/Cargo.toml", "--target-dir=target"}
	// The packages librust-*-dev of Debian and Ubuntu put the sources of crates there. On other
	// systems cargo has parking_lot if another build has downloaded it before.
	const packaged = "/usr/share/cargo/registry"
	if _, err := os.Stat(packaged); err == nil {
		crates = append(crates, "--config=source.crates-io.replace-with='packaged'",
			"--config=source.packaged.directory='"+packaged+"'")
	}
	release := "target/release/peer"
	if runtime.GOOS == "windows" {
		release += ".exe"
	}
	return []program{
		{"pthread", cc, "libc6-dev", append(c, "c/pthread.c"), "peer.exe"},
		{"nsync", cc, "libnsync-dev", append(c, "c/nsync.c", "-lnsync"), "peer.exe"},
		{"C++ std", cxx, "g++ 11 or newer", append(cpp, "cpp/std.cpp"), "peer.exe"},
		{"C++ atomic::wait", cxx, "g++ 11 or newer", append(cpp, "cpp/atomic_wait.cpp"), "peer.exe"},
		{"Rust std", rustc, "rustc 1.63 or newer", []string{"--edition=2021", "-O", "-o", "peer.exe", "rust/main.rs"}, "peer.exe"},
		{"parking_lot", cargo, "librust-parking-lot-dev", crates, release},
	}
}

// build returns the path of the program in the folder cache, where an earlier build may have left
// it. The error says what to install.
func (p program) build(ctx context.Context, cache string, progress func(string)) (string, error) {
	path, err := p.compiler.find()
	if err != nil {
		return "", fmt.Errorf("install %s (%w)", p.compiler.install, err)
	}
	key, err := p.key(ctx, path)
	if err != nil {
		return "", err
	}
	built := filepath.Join(cache, key)
	if _, err := os.Stat(built); err == nil {
		return built, nil
	}

	progress("building " + p.name)
	dir, err := os.MkdirTemp(cache, "build-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, sources); err != nil {
		return "", err
	}
	cmd := exec.CommandContext(ctx, path, p.arguments...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("install %s (%s)", p.needs, complaint(string(out), err))
	}
	return built, os.Rename(filepath.Join(dir, p.output), built)
}

func (c compiler) find() (string, error) {
	for _, name := range c.names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no %s is found", strings.Join(c.names, ", "))
}

// key returns the name of the file for what the compiler makes from the sources. It ends in .exe on
// all systems, since Windows starts no other.
func (p program) key(ctx context.Context, compiler string) (string, error) {
	version, err := exec.CommandContext(ctx, compiler, "--version").Output()
	if err != nil {
		return "", fmt.Errorf("%s --version: %w", compiler, err)
	}
	hash := sha256.New()
	fmt.Fprintln(hash, compiler, string(version), p.arguments)
	err = fs.WalkDir(sources, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := sources.ReadFile(path)
		fmt.Fprintln(hash, path, len(text))
		hash.Write(text)
		return err
	})
	return fmt.Sprintf("%x.exe", hash.Sum(nil)[:12]), err
}

// complaint returns the line of a compiler's output that says what is wrong.
func complaint(output string, err error) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	if i := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, "error") }); i >= 0 {
		return strings.TrimSpace(lines[i])
	}
	return fmt.Sprint(err, " ", lines[len(lines)-1])
}
