// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package rand_test

import (
	"fmt"
	"math"
	"testing"

	. "github.com/osync-go/osync/explore/internal/enginetest"
	"github.com/osync-go/osync/explore/math/rand/v2"
)

// tests has each function, and the two numbers that an exploration tries.
var tests = []struct {
	name        string
	number      func() any
	least, most any
}{
	{"Int", func() any { return rand.Int() }, int(0), math.MaxInt},
	{"Int32", func() any { return rand.Int32() }, int32(0), int32(math.MaxInt32)},
	{"Int64", func() any { return rand.Int64() }, int64(0), int64(math.MaxInt64)},
	{"Uint", func() any { return rand.Uint() }, uint(0), uint(math.MaxUint)},
	{"Uint32", func() any { return rand.Uint32() }, uint32(0), uint32(math.MaxUint32)},
	{"Uint64", func() any { return rand.Uint64() }, uint64(0), uint64(math.MaxUint64)},
	{"Float32", func() any { return rand.Float32() }, float32(0), float32(1 - 1.0/(1<<24))},
	{"Float64", func() any { return rand.Float64() }, 0.0, 1 - 1.0/(1<<53)},
	{"IntN", func() any { return rand.IntN(7) }, 0, 6},
	{"Int32N", func() any { return rand.Int32N(7) }, int32(0), int32(6)},
	{"Int64N", func() any { return rand.Int64N(7) }, int64(0), int64(6)},
	{"UintN", func() any { return rand.UintN(7) }, uint(0), uint(6)},
	{"Uint32N", func() any { return rand.Uint32N(7) }, uint32(0), uint32(6)},
	{"Uint64N", func() any { return rand.Uint64N(7) }, uint64(0), uint64(6)},
	{"N", func() any { return rand.N(int8(7)) }, int8(0), int8(6)},
	{"Perm", func() any { return fmt.Sprint(rand.Perm(2)) }, "[0 1]", "[1 0]"},
}

func TestExplored(t *testing.T) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			Outcomes(t, func() string { return fmt.Sprint(test.number()) }, fmt.Sprint(test.least), fmt.Sprint(test.most))
		})
	}
	if n := Outcomes(t, func() string { return fmt.Sprint(rand.IntN(1), rand.IntN(16) == 0) }, "0 true", "0 false"); n != 2 {
		t.Errorf("%d executions, want 2", n)
	}
	Fails(t, "panic", "invalid argument to IntN", func() { rand.IntN(0) })
	Fails(t, "panic", "invalid argument to N", func() { rand.N(0) })
	Fails(t, "panic", "invalid argument to Shuffle", func() { rand.Shuffle(-1, nil) })
}

func TestOutside(t *testing.T) {
	for _, test := range tests {
		seen := map[any]bool{}
		for range 1000 {
			seen[test.number()] = true
		}
		if len(seen) < 2 {
			t.Errorf("%s has returned the same number a thousand times", test.name)
		}
	}
}
