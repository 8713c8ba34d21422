// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package disasm

import (
	"encoding/binary"
	"strings"
	"testing"
)

func TestAMD64(t *testing.T) {
	code := []byte{0xf0, 0x0f, 0xc1, 0x18, 0x75, 0xfa, 0xc3, 0xcc, 0xcc}
	want := []Inst{{0, "LOCK XADDL BX, 0(AX)", -1}, {4, "JNE 0x0", 0}, {6, "RET", -1}}
	check(t, AMD64(code), want)
}

func TestARM64(t *testing.T) {
	var code []byte
	for _, word := range []uint32{0x885ffc02, 0xb8e10002, 0xb8e13002, 0x88fbfc02, 0xf8e08041, 0xb5ffffbb, 0xd65f03c0, 0} {
		code = binary.LittleEndian.AppendUint32(code, word)
	}
	check(t, ARM64(code), []Inst{
		{0, "LDAXRW (R0), R2", -1},
		{4, "LDADDALW R1, (R0), R2", -1},
		{8, "LDORALW R1, (R0), R2", -1},
		{12, "CASALW R27, (R0), R2", -1},
		{16, "SWPALD R0, (R2), R1", -1},
		{20, "CBNZ R27, 0x8", 8},
		{24, "RET", -1},
	})
}

func check(t *testing.T, got, want []Inst) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i].At != want[i].At || got[i].Target != want[i].Target || !strings.EqualFold(got[i].Text, want[i].Text) {
			t.Errorf("got %+v, want %+v", got[i], want[i])
		}
	}
}

//go:noinline
func double(x int) int { return 2 * x }

func TestFunc(t *testing.T) {
	if err := Supported(); err != nil {
		t.Skip(err)
	}
	if code := Func(double); !Has(code, "RET") {
		t.Errorf("no RET in %v", code)
	}
}
