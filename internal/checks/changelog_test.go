// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const repository = "https://github.com/osync-go/osync"

var (
	releaseHeading = regexp.MustCompile(`^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$`)
	linkDefinition = regexp.MustCompile(`(?m)^\[[^\]]+\]: .*$`)
)

// releases returns the versions of a changelog, and the errors in its form: the unreleased changes come first, then the
// releases with their dates, newest first, and at the end the links of the headings.
func releases(text string) (versions, problems []string) {
	var headings []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSuffix(line, "\n"); strings.HasPrefix(line, "## ") {
			headings = append(headings, line)
		}
	}
	if len(headings) == 0 || headings[0] != "## [Unreleased]" {
		return nil, []string{"the first section is not ## [Unreleased]"}
	}
	date := "9999"
	for _, heading := range headings[1:] {
		m := releaseHeading.FindStringSubmatch(heading)
		if m == nil {
			problems = append(problems, fmt.Sprintf("%q is not like ## [1.2.3] - 2026-01-31", heading))
			continue
		}
		if _, err := time.Parse(time.DateOnly, m[2]); err != nil {
			problems = append(problems, err.Error())
		}
		if n := len(versions); m[2] > date || n > 0 && version.Compare("go"+m[1], "go"+versions[n-1]) >= 0 {
			problems = append(problems, heading+" is not older than what stands above it")
		}
		versions, date = append(versions, m[1]), m[2]
	}
	var links []string
	for i, v := range versions {
		if i == 0 {
			links = append(links, "[Unreleased]: "+repository+"/compare/v"+v+"...HEAD")
		}
		if i+1 < len(versions) {
			links = append(links, "["+v+"]: "+repository+"/compare/v"+versions[i+1]+"...v"+v)
		} else {
			links = append(links, "["+v+"]: "+repository+"/releases/tag/v"+v)
		}
	}
	want := strings.Join(links, "\n")
	if got := strings.Join(linkDefinition.FindAllString(text, -1), "\n"); got != want {
		problems = append(problems, "the links at the end should be\n"+want+"\nnot\n"+got)
	}
	return versions, problems
}

func TestChangelog(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(root(t), "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	versions, problems := releases(string(data))
	for _, problem := range problems {
		t.Error("CHANGELOG.md: " + problem)
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip(err)
	}
	notes := func(version string) (string, error) {
		cmd := exec.Command(bash, ".ci/notes", version)
		cmd.Dir = root(t)
		out, err := cmd.Output()
		return string(out), err
	}
	for _, v := range versions {
		text, err := notes("v" + v)
		if err != nil {
			t.Errorf(".ci/notes v%s: %v", v, err)
		}
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "\n") || strings.Contains(text, "\n## ") || linkDefinition.MatchString(text) {
			t.Errorf(".ci/notes v%s prints more or less than the section:\n%s", v, text)
		}
		for _, m := range regexp.MustCompile(`\]\(([^)]*)\)|\n  .*`).FindAllStringSubmatch(text, -1) {
			if !strings.HasPrefix(m[1], "https://") {
				t.Errorf(".ci/notes v%s: GitHub would not show this as it should: %q", v, m[0])
			}
		}
	}
	if text, err := notes("v9.9.9"); err == nil {
		t.Errorf(".ci/notes v9.9.9 prints %q", text)
	}
}

func TestBrokenChangelogsAreFound(t *testing.T) {
	good := "## [Unreleased]\n\n## [0.2.0] - 2027-01-02\n\n## [0.1.0] - 2026-12-31\n\n" +
		"[Unreleased]: " + repository + "/compare/v0.2.0...HEAD\n" +
		"[0.2.0]: " + repository + "/compare/v0.1.0...v0.2.0\n" +
		"[0.1.0]: " + repository + "/releases/tag/v0.1.0\n"
	if _, problems := releases(good); len(problems) > 0 {
		t.Error(problems)
	}
	for _, change := range [][2]string{
		{"## [Unreleased]", "## Unreleased"},
		{"## [0.2.0] - 2027-01-02", "## [0.2.0]"},
		{"2027-01-02", "2027-02-30"},
		{"2027-01-02", "2026-01-02"},
		{"0.2.0] - ", "0.0.9] - "},
		{"compare/v0.2.0", "compare/v0.1.0"},
		{"[0.1.0]: ", "[0.1]: "},
	} {
		if _, problems := releases(strings.Replace(good, change[0], change[1], 1)); len(problems) == 0 {
			t.Errorf("with %q for %q nothing is wrong", change[1], change[0])
		}
	}
}
