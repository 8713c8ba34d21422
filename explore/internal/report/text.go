// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report

import (
	"strconv"
	"strings"
	"unicode"
)

// printable returns s with each character that would move the cursor replaced by a space.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// columns returns the width of s in columns of a terminal.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

// runeColumns returns 2 for wide East Asian characters and pictographs, 0 for combining characters,
// and 1 for the others.
func runeColumns(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		return 0
	case r >= 0x1100 && r <= 0x115F, r >= 0x2E80 && r <= 0xA4CF, r >= 0xAC00 && r <= 0xD7A3, r >= 0xF900 && r <= 0xFAFF,
		r >= 0xFE30 && r <= 0xFE6F, r >= 0xFF00 && r <= 0xFF60, r >= 0xFFE0 && r <= 0xFFE6, r >= 0x1F000 && r <= 0x1FAFF,
		r >= 0x20000 && r <= 0x3FFFD:
		return 2
	}
	return 1
}

// cut splits s after as many characters as fit into n columns.
func cut(s string, n int) (head, tail string) {
	used := 0
	for i, r := range s {
		used += runeColumns(r)
		if used > n {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// clip shortens s to n columns.
func clip(s string, n int) string {
	if columns(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	head, _ := cut(s, n-1)
	return strings.TrimRight(head, " ") + "…"
}

// wrap breaks s into lines of at most n columns, between words where it can. n is at least 2.
func wrap(s string, n int) []string {
	var lines []string
	s = strings.TrimRight(s, " ")
	for columns(s) > n {
		head, tail := cut(s, n)
		if at := strings.LastIndexByte(head, ' '); at > 0 && tail[0] != ' ' && strings.TrimSpace(head[:at]) != "" {
			head, tail = head[:at], head[at:]+tail
		}
		lines = append(lines, strings.TrimRight(head, " "))
		s = strings.TrimLeft(tail, " ")
	}
	return append(lines, s)
}

// pad returns s padded with spaces to n columns.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-columns(s))) }

// number returns n with commas as thousands separators.
func number(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// count returns "1 step" or "2 steps".
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return number(n) + " " + what + "s"
}
