// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package watch

import (
	"runtime"
	"strconv"
	"strings"
	"time"
)

const (
	dumpSize  = 1 << 20 // the stacks of some thousand goroutines
	dumpShare = 100     // a dump is taken no more often than that its time is this part of all
)

// A dumper takes the stacks of goroutines that wait. That stops the program for about a microsecond for each goroutine,
// so it does it rarely, and looks at no more than fits into its buffer.
type dumper struct {
	next time.Time
	buf  []byte
}

// stacks returns the stacks of the goroutines that are asleep in package park, by their numbers, or nil if it is too
// soon.
func (d *dumper) stacks() map[uint64]Stack {
	begin := time.Now()
	if begin.Before(d.next) {
		return nil
	}
	if d.buf == nil {
		d.buf = make([]byte, dumpSize)
	}
	n := runtime.Stack(d.buf, true)
	d.next = time.Now().Add(time.Since(begin) * dumpShare)
	stacks := map[uint64]Stack{}
	for text := range strings.SplitSeq(string(d.buf[:n]), "\n\n") {
		if number, s := parseStack(text); s != nil {
			stacks[number] = s
		}
	}
	return stacks
}

// parseStack returns the stack of a goroutine that is asleep in package park, without what is inside. A dump is
//
//	goroutine 18 [sync.Cond.Wait, 2 minutes]:
//	sync.runtime_notifyListWait(0xc000012090, 0x0)
//		/usr/local/go/src/runtime/sema.go:617 +0x15d
//	…
//	created by main.main in goroutine 1
//		/home/me/main.go:12 +0x1d
func parseStack(text string) (goroutine uint64, s Stack) {
	lines := strings.Split(text, "\n")
	head, _, _ := strings.Cut(strings.TrimPrefix(lines[0], "goroutine "), " ")
	goroutine, err := strconv.ParseUint(head, 10, 64)
	if err != nil {
		return 0, nil
	}
	inPark := false
	for i := 1; i+1 < len(lines); i += 2 {
		function, place := lines[i], strings.TrimPrefix(lines[i+1], "\t")
		if strings.HasPrefix(function, "created by ") {
			break
		}
		if args := strings.LastIndexByte(function, '('); args > 0 {
			function = function[:args]
		}
		if strings.HasPrefix(function, parkPrefix) {
			inPark, s = true, nil // those inside called back
		} else if inPark {
			place, _, _ = strings.Cut(place, " +0x")
			colon := strings.LastIndexByte(place, ':')
			line, err := strconv.Atoi(place[colon+1:])
			if colon < 0 || err != nil {
				break
			}
			s = append(s, runtime.Frame{Function: function, File: place[:colon], Line: line})
		}
	}
	return goroutine, s
}
