// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package disasm

import "golang.org/x/arch/x86/x86asm"

// AMD64 disassembles a function of amd64.
func AMD64(code []byte) []Inst {
	var list []Inst
	for at := 0; at < len(code) && code[at] != padding; {
		i, err := x86asm.Decode(code[at:], 64)
		if err != nil {
			return append(list, Inst{at, "?", -1})
		}
		target := -1
		if rel, ok := i.Args[0].(x86asm.Rel); ok {
			target = at + i.Len + int(rel)
		}
		list = append(list, Inst{at, x86asm.GoSyntax(i, uint64(at), nil), target})
		at += i.Len
	}
	return list
}

// The linker fills the gap between two functions with INT $3.
const padding = 0xcc
