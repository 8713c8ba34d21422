// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestVersion compares the version of the library that the examples require with the one that go.work replaces by the
// tree, and with the newest in CHANGELOG.md.
func TestVersion(t *testing.T) {
	type version struct{ Path, Version string }
	var examples struct {
		Require []version
		Replace []any
	}
	var work struct {
		Replace []struct{ Old, New version }
	}
	for args, to := range map[string]any{"mod edit -json examples/go.mod": &examples, "work edit -json": &work} {
		out, _ := goTool(t, nil, strings.Fields(args)...)
		if err := json.Unmarshal([]byte(out), to); err != nil {
			t.Fatal(err)
		}
	}
	var required string
	for _, r := range examples.Require {
		if r.Path == module {
			required = r.Version
		}
	}
	if required == "" || len(examples.Replace) > 0 {
		t.Errorf("examples/go.mod requires version %q, and replaces %v", required, examples.Replace)
	}
	if len(work.Replace) != 1 || work.Replace[0].Old != (version{module, required}) || work.Replace[0].New.Path != "./" {
		t.Errorf("go.work replaces %v; the examples require %s %s", work.Replace, module, required)
	}
	changes, err := os.ReadFile(filepath.Join(root(t), "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	newest := regexp.MustCompile(`(?m)^## \[(\d+\.\d+\.\d+)\]`).FindSubmatch(changes)
	if newest == nil {
		t.Fatal("CHANGELOG.md has no version")
	}
	if v := "v" + string(newest[1]); v != required {
		t.Errorf("the newest version in CHANGELOG.md is %s; the examples require %s", v, required)
	}
}
