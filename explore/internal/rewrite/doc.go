// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package rewrite changes the source of Go packages so that the explorer sees each step of their
// goroutines. The command explore shows the changed source to "go test" as an overlay; the source itself
// stays as it is.
//
// A change is made in the text, at the offsets of the original, and keeps every line where it is: panics,
// traces and coverage name the lines of the source. What to change is found by the types: the packages are
// loaded with the export data of what they import.
//
//	source                          what "go test" compiles
//	sync.Mutex, atomic.AddInt32     the same name of explore/sync, explore/sync/atomic, if it is there
//	go f(x)                         hook.Go(...), f and x evaluated first
//	<-ch, v, ok := <-ch             hook.Recv(ch), v, ok := hook.Recv2(ch)
//	ch <- v                         hook.To(ch).Send(v)
//	close(ch), len(ch), cap(ch)     hook.Close(ch), hook.Len(ch), hook.Cap(ch)
//	for v := range ch               for v := range hook.Range(ch)
//	select { case v := <-ch: ... }  switch c := hook.OnRecv(ch); hook.Select(false, c) { case 0: v := c.Value(); ... }
//
// The types of channels stay. So does everything that is not listed here. On demand the reads and writes
// of variables become calls, too: see vars.go.
//
// What the explorer cannot run, such as a system call, has a seam: a function in the folder testdata/explore of
// its package, which takes the place of the one of the same name. Each package that is rewritten registers a
// function with package hook, which puts its variables back to their first values.
package rewrite
