// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command fence shows fences: they order what comes before them with what comes after, for any
// words, where a release or an acquire is about one word.
//
// Ten goroutines each compute a value and say that it is ready. Main looks at the ten flags by plain
// loads, and has one acquire fence for all that it found. Watch for what the fence is: on arm64
// an instruction, on amd64 nothing, as loads stay in order anyway. Go has no fences, so these
// are functions in assembly, which its compiler moves nothing across. To the memory model and the
// race detector this is a race, so it is not built with -race: use atomics in real programs.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
)

const (
	about   = "Shows a fence that orders many words at once."
	workers = 10
)

func main() { program.Main(about, run) }

// A slot is what one worker leaves.
type slot struct {
	data  uint64
	ready uint32
}

func run(out io.Writer) error {
	if acquire == nil {
		return fmt.Errorf("there is no assembly for %s: %w", runtime.GOARCH, errors.ErrUnsupported)
	}
	slots := new([workers]slot)
	for w := range workers {
		go func() {
			slots[w].data = compute(w)
			release()                 // all before it is seen
			store(&slots[w].ready, 1) // before this is
		}()
	}

	var found [workers]bool
	fences, deadline := 0, time.Now().Add(30*time.Second)
	for n := 0; n < workers; {
		fresh := []int(nil)
		for w := range workers {
			if !found[w] && load(&slots[w].ready) == 1 {
				found[w] = true
				fresh = append(fresh, w)
			}
		}
		if len(fresh) == 0 {
			if time.Now().After(deadline) {
				return errors.New("not all values were ready in 30 s")
			}
			runtime.Gosched()
			continue
		}
		acquire() // one for all: what comes after is loaded after all the flags
		fences++
		for _, w := range fresh {
			if got, want := slots[w].data, compute(w); got != want {
				return fmt.Errorf("worker %d was ready with %d, want %d", w, got, want)
			}
		}
		n += len(fresh)
	}
	fmt.Fprintf(out, "on %s the acquire fence is %s, the release fence %s\n", runtime.GOARCH, acquireName, releaseName)
	fmt.Fprintf(out, "%d values were read behind %d acquire fences, and all were complete\n", workers, fences)
	return nil
}

// compute takes longer for some than for others.
func compute(n int) uint64 {
	x := uint64(n) + 1
	for range 1000 * (n + 1) {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}
