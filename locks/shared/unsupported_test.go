// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux && !darwin && !windows

package shared_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/osync-go/osync/locks/shared"
)

// TestUnsupported makes and opens regions on a system that has none: each is an error, and leaves no file.
func TestUnsupported(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "region")
	region := func(_ *shared.Region, err error) error { return err }
	array := func(_ *shared.Array, err error) error { return err }
	memory := shared.Options{Memory: true}
	for what, err := range map[string]error{
		"Create":            region(shared.Create(name, 8)),
		"Open":              region(shared.Open(name)),
		"OpenOrCreate":      region(shared.OpenOrCreate(name, 8)),
		"OpenFile":          region(shared.OpenFile(os.Stdin)),
		"Anonymous":         region(shared.Anonymous(8)),
		"OpenOrCreateArray": array(shared.OpenOrCreateArray(name, 8)),
		"memory":            region(memory.OpenOrCreate("osync-test", 8)),
		"Unlink of memory":  memory.Unlink("osync-test"),
	} {
		if !errors.Is(err, shared.ErrUnsupported) || !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("%s: %v, want %v", what, err, shared.ErrUnsupported)
		}
	}
	if files, err := os.ReadDir(dir); len(files) > 0 || err != nil {
		t.Errorf("files are left: %v, %v", files, err)
	}
}
