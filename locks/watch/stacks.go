// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"bytes"
	"runtime"
	"strconv"
	"strings"
)

// WaitsWithStacks is [Waits] with the stacks of the goroutines.
//
// To take the stacks, it stops the program, as a goroutine dump does, for about 3 µs for each goroutine of the program,
// whether it waits or not: for 0.3 s if there are 100,000. It takes at most 64 MiB of stacks, which are those of some
// ten thousand goroutines; the other goroutines have no stacks.
func WaitsWithStacks() []Wait {
	waits := Waits()
	if len(waits) == 0 {
		return nil
	}
	const perGoroutine, most = 2 << 10, 64 << 20
	buf := make([]byte, min(max(runtime.NumGoroutine()*perGoroutine, 64<<10), most))
	n := runtime.Stack(buf, true)
	for n == len(buf) && n < most {
		buf = make([]byte, min(2*n, most))
		n = runtime.Stack(buf, true)
	}
	stacks := parseDump(buf[:n])
	for i := range waits {
		waits[i].Stack = stacks[waits[i].Goroutine]
	}
	return waits
}

// parseDump returns the stacks of a dump by the numbers of the goroutines.
func parseDump(dump []byte) map[uint64]Stack {
	stacks := map[uint64]Stack{}
	for text := range bytes.SplitSeq(dump, []byte("\n\n")) {
		if number, s := parseStack(string(text)); number != 0 {
			stacks[number] = s
		}
	}
	return stacks
}

// parseStack reads one goroutine of a dump:
//
//	goroutine 18 [sync.Cond.Wait, 2 minutes]:
//	main.(*server).reload(0xc000012345)
//		/src/server.go:123 +0x1b
//	created by main.main in goroutine 1
//		/src/main.go:12 +0x2c
//
// It omits the calls inside the method of the lock, and the creator of the goroutine.
func parseStack(dump string) (number uint64, s Stack) {
	head, rest, _ := strings.Cut(dump, "\n")
	head, _, _ = strings.Cut(strings.TrimPrefix(head, "goroutine "), " ")
	number, err := strconv.ParseUint(head, 10, 64)
	if err != nil {
		return 0, nil
	}
	for rest != "" {
		var call, place string
		call, rest, _ = strings.Cut(rest, "\n")
		place, rest, _ = strings.Cut(rest, "\n")
		if strings.HasPrefix(call, "created by ") || !strings.HasPrefix(place, "\t") {
			break
		}
		var f runtime.Frame
		f.Function = call
		if i := strings.LastIndexByte(call, '('); i > 0 { // the arguments, which have no parentheses
			f.Function = call[:i]
		}
		place, _, _ = strings.Cut(strings.TrimSpace(place), " ")
		if i := strings.LastIndexByte(place, ':'); i > 0 {
			f.File = place[:i]
			f.Line, _ = strconv.Atoi(place[i+1:])
		}
		s = append(s, f)
	}
	return number, fromLock(s)
}

// fromLock returns the part of a stack that begins with the function of the lock that was called by code outside of
// osync.
func fromLock(s Stack) Stack {
	first := 0
	for i, f := range s {
		if ofLocks(f.Function) {
			first = i
		} else if !ofRuntime(f.Function) {
			break
		}
	}
	return s[min(first, len(s)):]
}

// ofLocks reports whether a function belongs to osync's locks, or to the packages on which they are
// built.
func ofLocks(function string) bool {
	rest, ok := strings.CutPrefix(function, "github.com/osync-go/osync/")
	pkg, _, _ := strings.Cut(rest, ".")
	return ok && !strings.HasSuffix(pkg, "_test") && (pkg == "locks" || strings.HasPrefix(pkg, "locks/"))
}

func ofRuntime(function string) bool {
	for _, prefix := range []string{"runtime.", "sync.", "internal/", "syscall.", "github.com/osync-go/osync/sys/", "github.com/osync-go/osync/internal/"} {
		if strings.HasPrefix(function, prefix) {
			return true
		}
	}
	return false
}
