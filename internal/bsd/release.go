// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package bsd

import (
	"strconv"
	"strings"
)

// Major returns the number at the beginning of a release from the sysctl kern.osrelease, such as "10.1_STABLE" or
// "9.99.104", or 0 if there is none.
func Major(release string) int {
	end := strings.IndexFunc(release+".", func(r rune) bool { return r < '0' || r > '9' })
	major, err := strconv.Atoi(release[:end])
	if err != nil {
		return 0
	}
	return major
}
