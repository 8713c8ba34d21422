// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package disasm turns machine code into text, in the syntax of Go's assembler.
package disasm

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"unsafe"
)

// An Inst is one instruction.
type Inst struct {
	At     int    // its offset in the code
	Text   string // "MOVL 0(AX), AX"
	Target int    // the offset that it may jump to, or -1
}

// Supported returns an [errors.ErrUnsupported] with the reason if this program cannot read its
// own code, or if nothing here understands it.
func Supported() error {
	if a := runtime.GOARCH; a != "amd64" && a != "arm64" {
		return fmt.Errorf("%w: it reads the code of amd64 and arm64, and this is %s", errors.ErrUnsupported, a)
	}
	if runtime.GOOS == "openbsd" {
		return fmt.Errorf("%w: OpenBSD lets nobody read code, only run it", errors.ErrUnsupported)
	}
	return nil
}

// Func disassembles f, a Go function of this program. The processor is one of Supported's.
func Func[F any](f F) []Inst {
	// A func value points to a word that holds the address of the code.
	return At(**(**unsafe.Pointer)(unsafe.Pointer(&f)))
}

// At disassembles the function of this program whose code begins there. Code is no memory of the
// garbage collector, which leaves pointers to it alone.
func At(code unsafe.Pointer) []Inst {
	n := uintptr(1)
	for inside(code, n) {
		n++
	}
	bytes := unsafe.Slice((*byte)(code), n)
	if runtime.GOARCH == "arm64" {
		return ARM64(bytes)
	}
	return AMD64(bytes)
}

// inside reports whether the function that begins at code reaches to its byte n.
func inside(code unsafe.Pointer, n uintptr) bool {
	f := runtime.FuncForPC(uintptr(code) + n)
	return f != nil && f.Entry() == uintptr(code)
}

// Print writes the instructions to out, after a name, many to a line. It marks those that are
// jumped to, and leaves out what fills gaps.
func Print(out io.Writer, name string, code []Inst) {
	const indent, width = 18, 100
	targets := map[int]bool{}
	for _, i := range code {
		targets[i.Target] = true
	}
	line := fmt.Sprintf("%-*s", indent, name)
	for n, i := range code {
		word := i.Text
		if strings.HasPrefix(word, "NO") { // NOP, NOOP
			continue
		}
		if targets[i.At] {
			word = fmt.Sprintf("%#x: %s", i.At, word)
		}
		if n < len(code)-1 {
			word += "; "
		}
		if len(line)+len(word) > width {
			fmt.Fprintln(out, strings.TrimRight(line, " "))
			line = strings.Repeat(" ", indent)
		}
		line += word
	}
	fmt.Fprintln(out, line)
}

// Has reports whether one of the instructions begins with the given words.
func Has(code []Inst, words string) bool {
	for _, i := range code {
		if strings.HasPrefix(i.Text, words) {
			return true
		}
	}
	return false
}
