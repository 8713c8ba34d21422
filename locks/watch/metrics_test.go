// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"bufio"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/osync-go/osync/locks"
)

// A sample is a line of the text format of Prometheus that is no comment.
type sample struct {
	name   string
	labels map[string]string
	value  float64
}

var (
	comment    = regexp.MustCompile(`^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$`)
	sampleLine = regexp.MustCompile(`^([a-zA-Z_:][a-zA-Z0-9_:]*)\{(.*)\} (\S+)$`)
	label      = regexp.MustCompile(`^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)`)
)

// parseMetrics parses the text format of Prometheus. Each family begins with its HELP and its TYPE, and a family
// of counters has a name in _total.
func parseMetrics(t *testing.T, text string) (samples []sample) {
	t.Helper()
	seen := map[string]string{} // types of the families
	family, help := "", ""
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		line := lines.Text()
		if c := comment.FindStringSubmatch(line); c != nil {
			switch {
			case c[1] == "HELP" && seen[c[2]] == "":
				help = c[2]
			case c[1] == "TYPE" && help == c[2] && seen[c[2]] == "":
				family, seen[c[2]] = c[2], c[3]
			default:
				t.Fatalf("%q is in the wrong place", line)
			}
			if c[3] == "counter" && !strings.HasSuffix(c[2], "_total") {
				t.Errorf("the name of a counter is %s", c[2])
			}
			continue
		}
		m := sampleLine.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("%q is no sample", line)
		}
		s := sample{name: m[1], labels: map[string]string{}}
		base := s.name
		if seen[family] == "histogram" {
			base = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(base, "_bucket"), "_sum"), "_count")
		}
		if base != family {
			t.Errorf("%q is in the family %s", line, family)
		}
		for rest := m[2]; rest != ""; {
			l := label.FindStringSubmatch(rest)
			if l == nil {
				t.Fatalf("%q has wrong labels", line)
			}
			s.labels[l[1]] = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n").Replace(l[2])
			rest = rest[len(l[0]):]
		}
		var err error
		if s.value, err = strconv.ParseFloat(m[3], 64); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		samples = append(samples, s)
	}
	return samples
}

func TestMetrics(t *testing.T) {
	name := fmt.Sprint("a \\ \"lock\"\nof mine, and\\no other ", time.Now()) // one that no lock has had
	m := new(locks.Mutex)
	Name(m, name)
	m.Lock()
	GiveUpAfter(t, time.Millisecond, m.LockContext)
	GiveUpAfter(t, 20*time.Millisecond, m.LockContext)
	var b strings.Builder
	if err := writeMetrics(&b); err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	bound, below := 0.0, 0.0
	for _, s := range parseMetrics(t, b.String()) {
		if s.labels["lock"] != name {
			continue
		}
		if s.labels["type"] != "locks.Mutex" {
			t.Errorf("the type is %q", s.labels["type"])
		}
		if s.name == "osync_wait_seconds_bucket" {
			le, err := strconv.ParseFloat(s.labels["le"], 64)
			if err != nil || le <= bound || s.value < below {
				t.Errorf("a bucket up to %q with %v is behind one up to %v with %v: %v", s.labels["le"], s.value, bound, below, err)
			}
			bound, below = le, s.value
			continue
		}
		values[s.name] = s.value
	}
	if !math.IsInf(bound, 1) || below != 2 || values["osync_wait_seconds_count"] != 2 {
		t.Errorf("the last bucket is up to %v with %v waits, want +Inf and 2", bound, below)
	}
	if sum, longest := values["osync_wait_seconds_sum"], values["osync_longest_wait_seconds"]; longest < 20e-3 || sum < longest+1e-3 || sum > 2*longest {
		t.Errorf("all waits took %v s, and the longest %v s", sum, longest)
	}
	if n := values["osync_waits_given_up_total"]; n != 2 {
		t.Errorf("%v waits gave up, want 2", n)
	}
	if n, ok := values["osync_waiters"]; n != 0 || !ok || len(values) != 6 {
		t.Errorf("%v waiters, and %d values", n, len(values))
	}
}
