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
	"sync"
)

// A memory keeps outcomes from one run of the command to the next, one to a line of a file.
type memory struct {
	mu    sync.Mutex
	known map[string]outcome
	file  *os.File
}

// remembered is a line of the file.
type remembered struct {
	Key string
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
	mem := &memory{known: map[string]outcome{}, file: f}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var r remembered
		if json.Unmarshal(lines.Bytes(), &r) == nil { // the last line may be half a line
			mem.known[r.Key] = r.outcome
		}
	}
	return mem, nil
}

// key identifies what decides an outcome: the mutated file, the suite and its tests. What else the tests
// use may have changed meanwhile; -fresh is for that.
func key(m *mutant, s *suite) string {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version(), m.file, s.line, s.digest)
	h.Write(m.text)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (mem *memory) recall(m *mutant, s *suite) (outcome, bool) {
	mem.mu.Lock()
	defer mem.mu.Unlock()
	o, ok := mem.known[key(m, s)]
	return o, ok
}

func (mem *memory) note(m *mutant, s *suite, o outcome) error {
	mem.mu.Lock()
	defer mem.mu.Unlock()
	k := key(m, s)
	mem.known[k] = o
	line, err := json.Marshal(remembered{k, o})
	if err != nil {
		return err
	}
	_, err = mem.file.Write(append(line, '\n'))
	return err
}
