// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command assembly takes itself apart: it reads the machine code of its own functions, each of
// which is one operation of sync/atomic, and shows what the compiler has made of it.
//
// Watch for: an atomic load and a plain one are the same MOV on amd64, but an atomic store is an
// exchange. Whether the old value is asked for decides between one instruction and a loop. On
// arm64 loads and stores have forms of their own (LDAR, STLR), and the others exist twice: as one
// instruction for processors since ARMv8.1, and as a loop for those before.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"

	"github.com/osync-go/osync/examples/ch07/internal/disasm"
	"github.com/osync-go/osync/examples/internal/program"
)

const about = `assembly shows the machine code of each atomic operation, read from its own memory.`

func main() { program.Main(about, run) }

// The operations, each a function that the compiler may not inline. What is not returned is
// not asked for.

//go:noinline
func plainLoad(p *uint32) uint32 { return *p }

//go:noinline
func plainStore(p *uint32, v uint32) { *p = v }

//go:noinline
func load(p *atomic.Uint32) uint32 { return p.Load() }

//go:noinline
func store(p *atomic.Uint32, v uint32) { p.Store(v) }

//go:noinline
func swap(p *atomic.Uint32, v uint32) uint32 { return p.Swap(v) }

//go:noinline
func add(p *atomic.Uint32, v uint32) { p.Add(v) }

//go:noinline
func addUsed(p *atomic.Uint32, v uint32) uint32 { return p.Add(v) }

//go:noinline
func or(p *atomic.Uint32, v uint32) { p.Or(v) }

//go:noinline
func orUsed(p *atomic.Uint32, v uint32) uint32 { return p.Or(v) }

//go:noinline
func compareAndSwap(p *atomic.Uint32, old, v uint32) bool { return p.CompareAndSwap(old, v) }

func run(out io.Writer) error {
	if err := disasm.Supported(); err != nil {
		return err
	}
	fmt.Fprintf(out, "The operations of sync/atomic on %s, as this program has them:\n\n", runtime.GOARCH)
	for _, op := range []struct {
		name         string
		code         []disasm.Inst
		amd64, arm64 string // the claim: what is among its instructions
	}{
		{"plain load", disasm.Func(plainLoad), "MOVL 0(AX)", "MOVWU (R0)"},
		{"Load", disasm.Func(load), "MOVL 0(AX)", "LDAR"},
		{"plain store", disasm.Func(plainStore), "MOVL BX, 0(AX)", "MOVW R1, (R0)"},
		{"Store", disasm.Func(store), "XCHG", "STLR"},
		{"Swap", disasm.Func(swap), "XCHG", "SWPAL"},
		{"Add", disasm.Func(add), "LOCK XADD", "LDADDAL"},
		{"Add, result used", disasm.Func(addUsed), "LOCK XADD", "LDADDAL"},
		{"Or", disasm.Func(or), "LOCK OR", "LDORAL"},
		{"Or, result used", disasm.Func(orUsed), "LOCK CMPXCHG", "LDORAL"},
		{"CompareAndSwap", disasm.Func(compareAndSwap), "LOCK CMPXCHG", "CASAL"},
	} {
		if disasm.Has(op.code, "CALL") {
			return fmt.Errorf("%w: in this build atomics are calls (-race, or without optimization)", errors.ErrUnsupported)
		}
		disasm.Print(out, op.name, op.code)
		claim := op.amd64
		if runtime.GOARCH == "arm64" {
			claim = op.arm64
		}
		if !disasm.Has(op.code, claim) {
			return fmt.Errorf("%s has no %s", op.name, claim)
		}
	}
	if runtime.GOARCH == "amd64" {
		fmt.Fprintln(out, "\nThe processor keeps stores in order, and loads: a MOV is acquire and release as it is.\n"+
			"Only that a store may be overtaken by a later load must be forbidden: hence XCHG.")
	} else {
		fmt.Fprintln(out, "\nA and L in a name are acquire and release. The bit that TBZ asks for says whether the\n"+
			"processor has the instruction that follows, or needs the loop from LDAXR to CBNZ.")
	}
	return nil
}
