// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/cpu"
)

// addLoop adds delta to *p by load-linked and store-conditional, and returns how often the
// store has failed.
//
//go:noescape
func addLoop(p *uint32, delta uint32) (failed uint32)

// addOne adds delta to *p by one instruction, which ARMv8.1 has.
//
//go:noescape
func addOne(p *uint32, delta uint32)

// storeAfterClear loads and watches *p, stops watching, stores 1, and reports whether the store
// has failed.
//
//go:noescape
func storeAfterClear(p *uint32) (failed uint32)

// code returns where the code of addLoop and addOne is.
func code() (loop, one unsafe.Pointer)

func show(out io.Writer) error {
	var word uint32
	if storeAfterClear(&word) == 0 || word != 0 {
		return errors.New("a store-conditional without its load-linked has stored")
	}
	fmt.Fprintln(out, "\nCLREX between LDXR and STXR stops the watching: the store fails, as it should.")

	if err := count(out, "loop", addLoop); err != nil {
		return err
	}
	if !cpu.ARM64.HasATOMICS {
		fmt.Fprintln(out, "The one instruction: not on this processor.")
		return nil
	}
	return count(out, "ARMv8.1", func(p *uint32, delta uint32) uint32 {
		addOne(p, delta)
		return 0
	})
}

// count lets goroutines add to one word, and checks the sum.
func count(out io.Writer, name string, add func(p *uint32, delta uint32) uint32) error {
	const goroutines, rounds = 4, 50_000
	var word uint32
	var wg sync.WaitGroup
	var failed [goroutines]uint32
	start := time.Now()
	for i := range goroutines {
		wg.Go(func() {
			for range rounds {
				failed[i] += add(&word, 1)
			}
		})
	}
	wg.Wait()
	each := time.Since(start) / (goroutines * rounds)
	if word != goroutines*rounds {
		return fmt.Errorf("%s: counted %d, want %d", name, word, goroutines*rounds)
	}
	fmt.Fprintf(out, "%-8s %d goroutines added 1 %d times each: %d, %v each, %d stores failed\n",
		name, goroutines, rounds, word, each, failed[0]+failed[1]+failed[2]+failed[3])
	return nil
}
