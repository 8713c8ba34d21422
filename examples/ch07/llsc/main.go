// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command llsc shows the loop of load-linked and store-conditional, of which a processor without
// atomic read-modify-write instructions makes them all. LDAXR loads and begins to watch the word;
// STLXR stores only if no other core has written it since, and says whether it did.
//
// Watch for: the addition between the two is an ordinary one. Any function of the old value would
// do, which is why a compare-and-swap loop is no loop around a loop there. The code is arm64's and
// is shown everywhere; on arm64 it runs, next to the one instruction of ARMv8.1 that replaces it.
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/osync-go/osync/examples/ch07/internal/disasm"
	"github.com/osync-go/osync/examples/internal/program"
)

const about = `llsc shows the loop of load-linked and store-conditional of arm64, and runs it there.`

func main() { program.Main(about, run) }

// The code of llsc_arm64.s, which a test there compares.
var (
	loopCode = []uint32{0xf94007e0, 0xb94013e1, 0xaa1f03e4, 0x885ffc02, 0x0b010042, 0x8803fc02, 0x34000063, 0x11000484, 0x17fffffb, 0xb9001be4, 0xd65f03c0}
	oneCode  = []uint32{0xf94007e0, 0xb94013e1, 0xb8e10002, 0xd65f03c0}
)

func run(out io.Writer) error {
	fmt.Fprintln(out, "An atomic addition on arm64, as a loop and as one instruction:")
	loop, one := decode(loopCode), decode(oneCode)
	disasm.Print(out, "loop", loop)
	disasm.Print(out, "ARMv8.1", one)
	if !disasm.Has(loop, "LDAXRW") || !disasm.Has(loop, "STLXRW") || !disasm.Has(one, "LDADDALW") {
		return errors.New("the code is not what it should be")
	}
	fmt.Fprintln(out, `
STLXR fails when another core has written the line in between, but also for no reason of the
program's: an interrupt, or another word of the same line. So it always stands in a loop, and
little may stand between the two. sync/atomic has both ways and asks the processor (see assembly).
amd64 has nothing like it: LOCK holds the line for one instruction, and CMPXCHG compares values,
so that a word which was changed and changed back (ABA) looks untouched. LL/SC would notice.`)
	return show(out)
}

func decode(code []uint32) []disasm.Inst {
	var bytes []byte
	for _, word := range code {
		bytes = binary.LittleEndian.AppendUint32(bytes, word)
	}
	return disasm.ARM64(bytes)
}
