// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package dragonfly_test

import (
	"testing"

	"github.com/osync-go/osync/internal/layout"
)

// TestConstants compares the numbers with sys/sys/rtprio.h of DragonFly.
func TestConstants(t *testing.T) {
	want := map[string]int64{
		"RTP_LOOKUP": 0, "RTP_SET": 1, "RTP_PRIO_MIN": 0, "RTP_PRIO_MAX": 31,
		"RTP_PRIO_REALTIME": 0, "RTP_PRIO_NORMAL": 1, "RTP_PRIO_IDLE": 2, "RTP_PRIO_THREAD": 3, "RTP_PRIO_FIFO": 4,
	}
	p := layout.Load(t, ".", "dragonfly", "amd64")
	for name, n := range want {
		p.Want(name, n)
	}
	for _, name := range p.Constants() {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is not compared with a header", name)
		}
	}
}

// TestLayouts compares the structs with sys/sys/rtprio.h, _timespec.h and sys/cpu/x86_64/include/cpumask.h.
func TestLayouts(t *testing.T) {
	p := layout.Load(t, ".", "dragonfly", "amd64")
	for name, want := range map[string]int64{
		"Timespec":      16,
		"Timespec.Sec":  0,
		"Timespec.Nsec": 8,
		"Rtprio":        4,
		"Rtprio.Type":   0,
		"Rtprio.Prio":   2,
		"Cpumask":       256 / 8,
	} {
		p.Want(name, want)
	}
}
