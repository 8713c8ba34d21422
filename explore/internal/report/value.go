// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package report

import (
	"math/bits"
	"strconv"
	"strings"

	"github.com/osync-go/osync/explore/internal/engine"
)

// A base is the format of the values of a word.
type base uint8

const (
	decimal base = iota // a counter, or a value of one bit
	binary              // flags, up to 8 bits
	hex                 // flags and more
	pointer             // nil, or the number of the pointer
)

// A notation formats the values of the words of a trace, those of each word in the same way from the first step to the
// last.
type notation struct {
	bases    map[string]base // by object
	bits     map[string]int  // the number of digits of a binary word
	pointers map[uint64]int  // the number of each non-nil value, in order of appearance
}

// newNotation examines all values of each word. A word that only changes by 1 is a counter; otherwise a value with
// several bits set means that the word holds flags.
func newNotation(trace []engine.TraceStep) *notation {
	n := &notation{bases: map[string]base{}, bits: map[string]int{}, pointers: map[uint64]int{}}
	counts, several := map[string]bool{}, map[string]bool{}
	for i := range trace {
		s := &trace[i]
		switch s.Word {
		case engine.NoWord:
			continue
		case engine.WordPointer:
			n.bases[s.Object] = pointer
			for _, v := range []uint64{s.Before, s.After} {
				if v != 0 && n.pointers[v] == 0 {
					n.pointers[v] = len(n.pointers) + 1
				}
			}
			continue
		}
		if _, known := counts[s.Object]; !known {
			counts[s.Object] = true
		}
		if d := signed(s, s.After-s.Before); d < -1 || d > 1 {
			counts[s.Object] = false
		}
		for _, v := range []uint64{s.Before, s.After} {
			several[s.Object] = several[s.Object] || bits.OnesCount64(v) > 1
			n.bits[s.Object] = max(n.bits[s.Object], bits.Len64(v))
		}
	}
	for object, counter := range counts {
		switch {
		case n.bases[object] == pointer || counter:
		case n.bits[object] > 16:
			n.bases[object] = hex
		case several[object] && n.bits[object] <= 8:
			n.bases[object] = binary
		case several[object]:
			n.bases[object] = hex
		}
	}
	return n
}

// signed returns v as a signed number of the word's size.
func signed(s *engine.TraceStep, v uint64) int64 {
	if s.Word == engine.Word32 {
		return int64(int32(v))
	}
	return int64(v)
}

// value formats v, a value of the word of s.
func (n *notation) value(s *engine.TraceStep, v uint64) string {
	switch b := n.bases[s.Object]; {
	case b == pointer && v == 0:
		return "nil"
	case b == pointer && len(n.pointers) < 2:
		return "ptr"
	case b == pointer:
		return "ptr" + strconv.Itoa(n.pointers[v])
	case b == binary:
		text := strconv.FormatUint(v, 2)
		return "0b" + strings.Repeat("0", max(0, n.bits[s.Object]-len(text))) + text
	case b == hex && v > 9:
		return "0x" + strconv.FormatUint(v, 16)
	}
	if d := signed(s, v); d < 0 {
		return strconv.FormatInt(d, 10) // a counter below zero
	}
	return strconv.FormatUint(v, 10)
}

// step formats a step: "CAS word 1: 0→1", "Load word 1 = 3", "Mutex.Lock", "failed CAS word 1 = 3".
func (n *notation) step(s *engine.TraceStep) string {
	text := printable(strings.Replace(s.Op, "CompareAndSwap", "CAS", 1))
	if s.Failed {
		text = "failed " + text
	}
	if s.Object != "" {
		text += " " + printable(s.Object)
	}
	switch {
	case s.Word == engine.NoWord:
		return text
	case reads(s):
		return text + " = " + n.value(s, s.Before)
	}
	return text + ": " + n.value(s, s.Before) + "→" + n.value(s, s.After)
}

// reads reports whether s only reads its word.
func reads(s *engine.TraceStep) bool {
	op := strings.ToLower(s.Op)
	return s.Failed || s.Before == s.After && (strings.Contains(op, "load") || strings.Contains(op, "read"))
}
