// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"path"
	"regexp"
	"strings"
	"testing"
)

const header = "// Copyright 2026 The osync Authors\n// SPDX-License-Identifier: BSD-3-Clause\n\n"

func TestHeaders(t *testing.T) {
	for _, f := range files(t, ".go", ".s", ".c", ".h", ".cpp", ".rs") {
		if !strings.HasPrefix(f.text, header) {
			t.Errorf("%s does not start with these two lines and an empty one:\n%s", f.path, header)
		}
	}
	const bash = "#!/usr/bin/env bash\n"
	script := strings.ReplaceAll(strings.TrimSpace(header), "//", "#") + "\n#\n"
	for _, f := range files(t, "") {
		switch {
		case strings.HasPrefix(f.text, "#!"):
			if !strings.HasPrefix(f.text, bash+script) || !strings.Contains(f.text, "\nset -euo pipefail\n") {
				t.Errorf("%s does not start with these lines, or does not set -euo pipefail:\n%s", f.path, bash+script)
			}
		case strings.HasSuffix(f.path, ".sh") && !strings.HasPrefix(f.text, script):
			t.Errorf("%s does not start with these lines:\n%s", f.path, script)
		}
	}
}

// TestStandsAlone checks that no file refers to anything outside the checkout.
func TestStandsAlone(t *testing.T) {
	up := regexp.MustCompile(`(\.\./)+`)
	for _, f := range files(t, "") {
		for _, at := range up.FindAllStringIndex(f.text, -1) {
			if (at[1]-at[0])/3 > strings.Count(f.path, "/") {
				t.Errorf("%s:%d: %q leads out of the checkout", f.path, 1+strings.Count(f.text[:at[0]], "\n"), f.text[at[0]:at[1]])
			}
		}
	}
}

func TestFileLength(t *testing.T) {
	const limit = 600
	for _, f := range files(t, ".go", ".s", ".c", ".h", ".cpp", ".rs") {
		if n := strings.Count(f.text, "\n"); n > limit && !f.generated() {
			t.Errorf("%s has %d lines, more than %d: one file is one concept; which two are these?", f.path, n, limit)
		}
	}
}

func TestFileNames(t *testing.T) {
	for _, f := range files(t, ".go") {
		switch name := path.Base(f.path); strings.TrimSuffix(strings.TrimSuffix(name, ".go"), "_test") {
		case "util", "utils", "common", "misc", "helper", "helpers":
			t.Errorf("%s: a function that finds no file belongs to the type that calls it", f.path)
		}
	}
}

// leftovers are things that must not remain in a file, each with the reason.
var leftovers = []struct {
	pattern *regexp.Regexp
	why     string
}{
	{regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`), "do it, or file an issue and say so in prose"},
	{regexp.MustCompile(`/(ro` + `ot|wo` + `rk|ho` + `me/\w+)/`), "a path of a particular machine"},
	{regexp.MustCompile(`\$\{?root\}?/\.\.`), "a path out of the checkout"},
	{regexp.MustCompile(`(?m)[ \t]+$`), "a space at the end of a line"},
	{regexp.MustCompile("\r"), "lines end in LF"},
}

func TestLeftovers(t *testing.T) {
	for _, f := range files(t, "") {
		for _, l := range leftovers {
			if at := l.pattern.FindStringIndex(f.text); at != nil {
				t.Errorf("%s:%d: %q: %s", f.path, 1+strings.Count(f.text[:at[0]], "\n"), f.text[at[0]:at[1]], l.why)
			}
		}
	}
}
