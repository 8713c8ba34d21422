// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux

import (
	"strconv"
	"strings"
)

// A timeChoice is the choice between the two versions of calls on 32-bit systems. 64-bit systems
// have each call only once; the choice is in this file so that its tests run on them, too.
type timeChoice struct {
	futex64 bool // futex_time64 also where no time is passed
	times64 bool // futex_time64 and clock_gettime64 where a time is passed
}

// chooseTimeCalls chooses by the kernel's release according to uname, and not by trying the calls:
// some filters kill the process for a call that they do not know (Android 8 to 10), and some
// vendors' kernels use the new numbers for something else. Go's runtime chooses in the same way,
// see golang/go#77621 and #77930, and uses the same calls.
//
// works32 tries futex, which a kernel without 32-bit times lacks, and which is harmless everywhere
// else; works64 tries futex_time64, and is called only if the release cannot be read.
func chooseTimeCalls(release string, works32, works64 func() bool) timeChoice {
	if !works32() {
		return timeChoice{futex64: true, times64: true}
	}
	major, minor, ok := parseRelease(release)
	if !ok {
		return timeChoice{times64: works64()}
	}
	return timeChoice{times64: major > 5 || major == 5 && minor >= 1}
}

// parseRelease returns the first two numbers of a kernel's release, such as "5.10.0-28-armmp".
func parseRelease(release string) (major, minor int, ok bool) {
	first, rest, _ := strings.Cut(release, ".")
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	if end >= 0 {
		rest = rest[:end]
	}
	major, err := strconv.Atoi(first)
	if err != nil {
		return 0, 0, false
	}
	minor, err = strconv.Atoi(rest)
	return major, minor, err == nil
}
