// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command shared shows who owns a value that several goroutines use: all of them, and the
// garbage collector keeps the account.
//
// Rust leaks the value, makes it static, or counts its owners in an Arc. In Go a pointer is
// enough. Watch for when the memory is given back: not while one goroutine can still reach it,
// and some collection after that. For memory that is all one needs; a file or a lock that must
// be released at once, by its last owner, is the subject of chapter 6.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"
	"weak"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows that the garbage collector does for shared values what Rust's Arc does."

func main() { program.Main(about, run) }

type table struct{ squares [1000]int }

func run(out io.Writer) error {
	freed := make(chan struct{})
	watch, release, owners := start(freed)

	runtime.GC()
	if watch.Value() == nil {
		return errors.New("the table was collected while two goroutines use it")
	}
	fmt.Fprintln(out, "the function that made the table has returned; two goroutines use it: it is alive")

	close(release)
	owners.Wait()
	for range 1000 { // a collection frees what is unreachable when it starts
		runtime.GC()
		select {
		case <-freed:
			fmt.Fprintln(out, "both have ended: the collector has freed it and called its cleanup")
			if watch.Value() != nil {
				return errors.New("a weak pointer still finds the freed table")
			}
			return nil
		case <-time.After(10 * time.Millisecond):
		}
	}
	return errors.New("the table was not freed in a thousand collections")
}

// start makes a table that belongs to two goroutines until release is closed. A weak pointer
// looks at the table and owns it not.
func start(freed chan struct{}) (watch weak.Pointer[table], release chan struct{}, owners *sync.WaitGroup) {
	t := new(table)
	for i := range t.squares {
		t.squares[i] = i * i
	}
	runtime.AddCleanup(t, func(c chan struct{}) { close(c) }, freed)

	release, owners = make(chan struct{}), new(sync.WaitGroup)
	for i := range 2 {
		owners.Go(func() {
			<-release
			if t.squares[i+10] != (i+10)*(i+10) {
				panic("the table changed while it was shared")
			}
		})
	}
	return weak.Make(t), release, owners
}
