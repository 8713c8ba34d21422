// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

const module = "github.com/osync-go/osync/examples"

// findExamples returns the folder of the examples: dir, one above it, or the folder
// "examples" of one of them.
func findExamples(dir string) (string, error) {
	for at := dir; ; at = filepath.Dir(at) {
		for _, candidate := range []string{at, filepath.Join(at, "examples")} {
			mod, err := os.ReadFile(filepath.Join(candidate, "go.mod"))
			if err == nil && bytes.HasPrefix(mod, []byte("module "+module)) {
				return candidate, nil
			}
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("%s is in no checkout of osync, where the programs are built from: "+
				"git clone https://github.com/osync-go/osync, and go there", dir)
		}
	}
}

// checkGo returns an error if there is no go command, or it builds for another system than
// this one.
func checkGo(ctx context.Context) error {
	out, err := exec.CommandContext(ctx, "go", "env", "GOOS", "GOARCH").Output()
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("the go command builds the programs, and is not in PATH: see https://go.dev/dl")
	}
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	if pair := strings.Join(strings.Fields(string(out)), "/"); pair != runtime.GOOS+"/"+runtime.GOARCH {
		return fmt.Errorf("the go command builds for %s, and this is %s/%s", pair, runtime.GOOS, runtime.GOARCH)
	}
	return nil
}

// A batch is what one call of the go command builds into one folder.
type batch struct {
	race  bool
	stops []stop
}

// batches divides the programs into as few batches as possible: the go command writes two
// programs of one name to one file, and builds with or without the race detector.
func batches(chosen []stop, race bool) []batch {
	var all []batch
	for _, s := range chosen {
		i := 0
		for i < len(all) && !all[i].takes(s, race) {
			i++
		}
		if i == len(all) {
			all = append(all, batch{race: race && !s.races})
		}
		all[i].stops = append(all[i].stops, s)
	}
	return all
}

// takes reports whether s can be built with the others of b.
func (b batch) takes(s stop, race bool) bool {
	for _, other := range b.stops {
		if other.name == s.name {
			return false
		}
	}
	return b.race == (race && !s.races)
}

// A workshop builds programs from the folder examples into the folder bin.
type workshop struct {
	examples, bin string
	progress      func(string) // shows what is being built
}

// build builds the programs and returns their files, by path. One that does not compile
// has none; what the compiler says of it is in the error.
func (w workshop) build(ctx context.Context, chosen []stop, race bool) (map[string]string, error) {
	files := map[string]string{}
	var errs []error
	for i, b := range batches(chosen, race) {
		dir := filepath.Join(w.bin, strconv.Itoa(i))
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return nil, err
		}
		errs = append(errs, w.buildBatch(ctx, b, dir))
		for _, s := range b.stops {
			file := filepath.Join(dir, s.name)
			if runtime.GOOS == "windows" {
				file += ".exe"
			}
			if _, err := os.Stat(file); err == nil {
				files[s.path()] = file
			}
		}
	}
	return files, errors.Join(errs...)
}

// buildBatch calls the go command once.
func (w workshop) buildBatch(ctx context.Context, b batch, dir string) error {
	args := []string{"build", "-v", "-o", dir + string(filepath.Separator)}
	if b.race {
		args = append(args, "-race")
	}
	for _, s := range b.stops {
		args = append(args, "./"+s.path())
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = w.examples
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	var said strings.Builder
	for lines := bufio.NewScanner(stderr); lines.Scan(); { // -v: the names of packages
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "go: downloading "):
			w.progress(strings.TrimPrefix(line, "go: "))
		case isPackage(line):
			w.progress("compiling " + strings.TrimPrefix(line, module+"/"))
		default:
			fmt.Fprintln(&said, line)
		}
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, said.String())
	}
	return nil
}

// isPackage reports whether a line of the go command is an import path and nothing else.
func isPackage(line string) bool { return line != "" && !strings.ContainsAny(line, " \t:#") }
