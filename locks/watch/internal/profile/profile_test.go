// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package profile

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

func example() *Profile {
	var pcs [10]uintptr
	stack := Frames(pcs[:runtime.Callers(1, pcs[:])])
	return &Profile{
		Types:    []Type{{"waits", "count"}, {"age", "nanoseconds"}},
		Time:     time.Unix(1, 0),
		Duration: time.Second,
		Period:   100,
		Samples: []Sample{
			{Values: []int64{3, 4e9}, Stack: stack, Labels: []Label{{"lock", "cache"}, {"for", "read"}}},
			{Values: []int64{2, 5e9}, Stack: stack[1:]},
			{Values: []int64{0, -1}},
		},
	}
}

// TestProto has go tool pprof read a profile.
func TestProto(t *testing.T) {
	if testing.Short() {
		t.Skip("builds go tool pprof")
	}
	goTool, err := exec.LookPath("go")
	if err != nil {
		t.Skip(err)
	}
	path := filepath.Join(t.TempDir(), "profile.pb.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := example().Write(f, 0); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(goTool, "tool", "pprof", "-raw", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	raw := regexp.MustCompile(`[ \t]+`).ReplaceAllString(string(out), " ")
	for _, want := range []string{
		"PeriodType: waits count\nPeriod: 100\n",
		"Duration: 1s\n",
		"waits/count age/nanoseconds",
		" 3 4000000000: 1 2 3",
		" for:[read] lock:[cache]\n",
		" 2 5000000000: 2 3",
		" 0 -1: \n",
		"profile.example ",
		"/profile_test.go:22",
		"profile.TestProto ",
		"[FN][FL][LN][IN]",
	} {
		if !strings.Contains(raw, want) {
			t.Errorf("%q is not in what go tool pprof read:\n%s", want, raw)
		}
	}
}

func TestText(t *testing.T) {
	var b bytes.Buffer
	if err := example().Write(&b, 1); err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`^waits/count  age/nanoseconds  \(3 stacks\)

3 4000000000 @ lock="cache" for="read"
#\t\S*profile\.example\t\S*/profile_test\.go:22
#\t\S*profile\.TestText\t\S*/profile_test\.go:\d+
#\ttesting\.tRunner`)
	if !want.Match(b.Bytes()) {
		t.Errorf("the text is:\n%s", &b)
	}
	if err := example().Write(broken{}, 1); err == nil {
		t.Error("no error of the Writer in text form")
	}
	if err := example().Write(broken{}, 0); err == nil {
		t.Error("no error of the Writer")
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestRegister(t *testing.T) {
	const name = "osync.test"
	write := func(w io.Writer, debug int) error { return example().Write(w, debug) }
	registered := Register(name, write, func() int { return 42 })
	if registered != inside {
		t.Errorf("Register returned %v: have the fields of pprof.Profile changed?", registered)
	}
	p := pprof.Lookup(name)
	var b bytes.Buffer
	if err := p.WriteTo(&b, 1); err != nil {
		t.Fatal(err)
	}
	wantCount, want := 42, `lock="cache"`
	if !registered {
		wantCount, want = 1, "onlyTheHandlerOfPackageWatchHasThisProfile"
	}
	if p.Name() != name || p.Count() != wantCount || !strings.Contains(b.String(), want) {
		t.Errorf("%s has %d stacks:\n%s", p.Name(), p.Count(), &b)
	}
}
