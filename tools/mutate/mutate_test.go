// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// gate runs the command over testdata/gate, whose test misses that a gate opens once.
func gate(t *testing.T, status int, survivors, cache string, flags ...string) string {
	t.Helper()
	lists := t.TempDir()
	writeList(t, filepath.Join(lists, "mutate/testdata/gate/gate.txt"), survivors)
	args := append([]string{"-root=..", "-suites=testdata/gate/suites.txt", "-survivors=" + lists, "-cache=" + cache}, flags...)
	var out, progress bytes.Buffer
	if got := run(t.Context(), args, &out, &progress); got != status {
		t.Fatalf("status %d, want %d\n%s%s", got, status, &out, &progress)
	}
	return out.String() + progress.String()
}

func writeList(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestCommand(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs tests")
	}
	defer func(d time.Duration) { hangsLeast = d }(hangsLeast)
	hangsLeast = 2 * time.Second
	cache := t.TempDir()
	out := gate(t, 1, "", cache)
	const entry = `mutate/testdata/gate/gate.go (*Gate).Open: cas-ignored "g.open.CompareAndSwap(0, 1)"`
	if !strings.Contains(out, entry) {
		t.Errorf("the report lacks %s:\n%s", entry, out)
	}
	var survivors strings.Builder
	for line := range strings.Lines(out) {
		if strings.Contains(line, " mutate/testdata/gate/gate.go (") {
			survivors.WriteString(line)
		}
	}
	reasons := survivors.String() + "\tspeed: the test\n\tdoes not say.\n"

	// Another run reads all of that from the file.
	var known int
	for line := range strings.Lines(gate(t, 0, reasons, cache, "-json")) {
		var m struct {
			Recalled bool
			Summary  *count
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err, line)
		}
		if m.Recalled {
			known++
		}
		if s := m.Summary; s != nil && (s.Mutants != known || s.Survived == 0 || s.Survived != s.Reasons || s.ByTime == 0 || s.Unbuilt != 0) {
			t.Errorf("%+v, %d recalled", s, known)
		}
	}

	if out := gate(t, 1, reasons+"12345678 mutate/testdata/gate/gate.go f: drop-statement \"g()\"\n\tequivalent: no.\n", cache); !strings.Contains(out, "no such mutant") {
		t.Error(out)
	}
	if out := gate(t, 1, "12345678 mutate/testdata/gate/gate.go f: x\n\tspeed: no.\n", cache, "-list"); !strings.Contains(out, "no such mutant") {
		t.Errorf("-list does not check the lists:\n%s", out)
	}
	list := gate(t, 0, "", cache, "-list", "-op=atomic-constant")
	id, _, _ := strings.Cut(list, " ")
	wrong := id + ` mutate/testdata/gate/gate.go (*Gate).Open: atomic-constant "0" → "1"` + "\n\tequivalent: it is not.\n"
	if out := gate(t, 1, wrong, cache, "-only="+id); !strings.Contains(out, "caught, though") {
		t.Error(out)
	}
	// A single mutant is an overlay without a batch.
	if out := gate(t, 0, "", cache, "-fresh", "-v", "-only="+id); !strings.Contains(out, "caught "+id) || !strings.Contains(out, "TestGate") {
		t.Error(out)
	}
}

// TestBuilds fills a build cache up to the bound, and then above it, and opens it while another command has it.
func TestBuilds(t *testing.T) {
	dir, temp := filepath.Join(t.TempDir(), "build"), t.TempDir()
	b, err := openBuilds(dir, temp)
	if err != nil {
		t.Fatal(err)
	}
	defer b.lock.Close()
	if other, err := openBuilds(dir, temp); err != nil || other.dir != temp {
		t.Errorf("two commands use %s: %v", dir, err)
	}
	b.dir, b.most = dir, 1000
	built := filepath.Join(dir, "built")
	for i := range 2*lookAfter + 1 {
		switch i {
		case 1:
			writeList(t, built, strings.Repeat("x", 1000))
		case lookAfter + 1:
			writeList(t, built, strings.Repeat("x", 1001))
		}
		out, err := b.run(t.Context(), ".", nil, []string{os.Args[0], "-test.run=^$"})
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if _, err := os.Stat(built); os.IsNotExist(err) != (i == 0 || i == 2*lookAfter) {
			t.Fatalf("after build %d of %d: %v", i, lookAfter, err)
		}
	}
	out, err := b.run(t.Context(), ".", nil, []string{"go", "env", "GOCACHE"})
	if err != nil || strings.TrimSpace(string(out)) != dir {
		t.Errorf("go builds in %s, want %s: %v", out, dir, err)
	}
}

func TestUsage(t *testing.T) {
	for _, test := range []struct {
		status int
		flags  string
		want   string
	}{
		{0, "-h", "swap-statements"},
		{2, "-op=nothing", "there is no operator nothing"},
		{2, "mutate/main.go", "has no suites"},
		{2, "-only=00000000", "no mutant is chosen"},
		{2, "-jobs=0", "less than 1"},
		{0, "-list -sample=3", "gate.go:"},
		{0, "-list -diff -only=mutate/testdata/gate/gate.go:19", "-\tif g.open.Load() > 0 {"},
	} {
		if out := gate(t, test.status, "", t.TempDir(), strings.Fields(test.flags)...); !strings.Contains(out, test.want) {
			t.Errorf("%s: no %q in\n%s", test.flags, test.want, out)
		}
	}
	if a, b := gate(t, 0, "", t.TempDir(), "-list", "-sample=3"), gate(t, 0, "", t.TempDir(), "-list", "-sample=3", "-seed=2"); a == b || strings.Count(a, "\n") != 3 {
		t.Errorf("two samples are\n%s\n%s", a, b)
	}
}

func TestReadSurvivors(t *testing.T) {
	lists := t.TempDir()
	list := filepath.Join(lists, "a", "f.txt")
	for text, want := range map[string]string{
		"":           "",
		"# none\n\n": "",
		"a1 a/f.go f: x\n\tequivalent: so\n\tit is\n":    "",
		"\tequivalent: so\n":                             "a reason without an entry",
		"a1 a/f.go f: x\n":                               "the last entry has no reason",
		"a1 a/f.go f: x\n\tbecause\n":                    "a reason begins with",
		"a1 a/f.go\n\tspeed: x\na1 a/f.go\n\tspeed: x\n": "a second entry",
		"a1 a/g.go\n\tspeed: x\n":                        "no entry of a/f.go",
		"a1\n\tspeed: x\n":                               "no entry of a/f.go",
	} {
		writeList(t, list, text)
		if _, _, err := readSurvivors(lists); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	writeList(t, list, "a1 a/f.go f: x\nb2 a/f.go f: y\n\tspeed: so\n\tit is\nc3 a/f.go f: z\n\tequivalent: no\n")
	reasons, entries, err := readSurvivors(lists)
	if err != nil || reasons["a1"] != "speed: so it is" || reasons["b2"] != reasons["a1"] || reasons["c3"] != "equivalent: no" || entries["b2"] != "b2 a/f.go f: y" {
		t.Error(reasons, entries, err)
	}
}

func TestReadSuites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "suites.txt")
	const good = "suite gate test ./mutate/testdata/gate 30s X=1 -race -short -run=^TestGate$\nfile a.go goos=darwin gate\n"
	for text, want := range map[string]string{
		good:               "",
		"sweet gate\n":     "neither a suite nor a file",
		"file a.go gate\n": "no suite gate above",
		good + good:        "a second suite gate",
		"suite x test ./mutate/testdata/gate 5 -run=x\n":       "missing unit",
		"suite x test ./mutate/testdata/gate 5s -run=^TestX\n": "no test in ./mutate/testdata/gate matches",
	} {
		writeList(t, path, text)
		targets, err := readSuites("..", path)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if want == "" {
			s := targets[0].suites[0]
			if targets[0].goos != "darwin" || len(s.env) != 1 || !s.race() || len(s.flags) != 2 {
				t.Errorf("%+v %+v", targets[0], s)
			}
		}
	}
	const explores = "suite gate explore ./mutate/testdata/gate 30s -mode=pct -short -executions=9\nfile a.go gate\n"
	writeList(t, path, explores)
	targets, err := readSuites("..", path)
	if err != nil {
		t.Fatal(err)
	}
	if s := targets[0].suites[0]; len(s.env) != 1 || s.env[0] != "OSYNC_EXPLORE=mode=pct executions=9" || len(s.flags) != 1 {
		t.Errorf("%+v", s)
	}
}

func TestVerdict(t *testing.T) {
	var out tail
	for range 10 {
		out.Write(bytes.Repeat([]byte("x"), kept))
	}
	if n := len(out.bytes()); n > 4*kept {
		t.Errorf("%d bytes kept", n)
	}
	if o, err := verdict([]byte("panic: test timed out after 5s\n"), errTooLong); err != nil || o.Result != timeout {
		t.Error(o, err)
	}
	if _, err := verdict([]byte("testing: warning: no tests to run\nPASS\n"), nil); err == nil {
		t.Error("no tests are no error")
	}
}
