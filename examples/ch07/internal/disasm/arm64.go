// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package disasm

import (
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/arch/arm64/arm64asm"
)

// ARM64 disassembles a function of arm64.
func ARM64(code []byte) []Inst {
	var list []Inst
	for at := 0; at+4 <= len(code); at += 4 {
		word := binary.LittleEndian.Uint32(code[at:])
		if word == 0 { // the linker's filling
			break
		}
		target, text := -1, lse(word)
		if i, err := arm64asm.Decode(code[at:]); err == nil {
			text = arm64asm.GoSyntax(i, uint64(at), nil, nil)
			for _, a := range i.Args {
				if rel, ok := a.(arm64asm.PCRel); ok && i.Op != arm64asm.ADRP {
					target = at + int(rel)
					text = text[:strings.LastIndexByte(text, ' ')+1] + fmt.Sprintf("%#x", target) // not -3(PC)
				}
			}
		}
		list = append(list, Inst{at, text, target})
	}
	return list
}

// lse names the atomic instructions that came with ARMv8.1 ("large system extensions"), which
// x/arch does not know. See the Arm Architecture Reference Manual, C4.1, "Atomic memory
// operations" and "Compare and swap".
func lse(word uint32) string {
	rs, rn, rt := word>>16&31, word>>5&31, word&31
	size := []string{"B", "H", "W", "D"}[word>>30]
	order := func(acquire, release uint32) string {
		s := ""
		if word>>acquire&1 != 0 {
			s = "A"
		}
		if word>>release&1 != 0 {
			s += "L"
		}
		return s
	}
	operand := func(op string) string { return fmt.Sprintf("%s%s R%d, (R%d), R%d", op, size, rs, rn, rt) }
	switch {
	case word&0x3f20_8c00 == 0x3820_0000: // size 111000 A R 1 Rs 0 op 00 Rn Rt
		op := []string{"LDADD", "LDCLR", "LDEOR", "LDOR", "LDSMAX", "LDSMIN", "LDUMAX", "LDUMIN"}[word>>12&7]
		return operand(op + order(23, 22))
	case word&0x3f20_fc00 == 0x3820_8000: // the same with o3 = 1
		return operand("SWP" + order(23, 22))
	case word&0x3fa0_7c00 == 0x08a0_7c00: // size 0010001 A 1 Rs R 11111 Rn Rt
		return operand("CAS" + order(22, 15))
	}
	return "?"
}
