// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// A memory keeps outcomes from one run of the command to the next, one to a line of a file.
type memory struct {
	mu    sync.Mutex
	known map[string]remembered
	file  *os.File
}

// remembered is a line of the file.
type remembered struct {
	Key, Digest string // the digest is that of the suite's tests
	outcome
}

func openMemory(path string) (*memory, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, err
	}
	mem := &memory{known: map[string]remembered{}, file: f}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var r remembered
		if json.Unmarshal(lines.Bytes(), &r) == nil { // the last line may be half a line
			mem.known[r.Key] = r
		}
	}
	return mem, nil
}

// key identifies a mutated file and a suite.
func key(m *mutant, s *suite) string {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), m.file, s.line)
	h.Write(m.text)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// recall returns the outcome of an earlier run, if the suite's tests are still the same, or if the one that
// failed still exists. Other things that the tests use may have changed meanwhile; -fresh is for that.
func (mem *memory) recall(m *mutant, s *suite) (outcome, bool) {
	mem.mu.Lock()
	defer mem.mu.Unlock()
	r, ok := mem.known[key(m, s)]
	name, _, _ := strings.Cut(r.Test, "/")
	return r.outcome, ok && (r.Digest == s.digest || r.Result != passed && slices.Contains(s.tests, name))
}

func (mem *memory) note(m *mutant, s *suite, o outcome) error {
	mem.mu.Lock()
	defer mem.mu.Unlock()
	r := remembered{key(m, s), s.digest, o}
	mem.known[r.Key] = r
	line, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = mem.file.Write(append(line, '\n'))
	return err
}
