// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package rewrite rewrites the source of Go packages so that the explorer sees each step of their goroutines. The
// command explore passes the rewritten source to "go test" as an overlay; it does not modify the source itself.
//
// Changes are made in the text, at offsets of the original, and keep every line in its place: panics, traces and
// coverage name the lines of the source. The types decide what to change: the packages are loaded with the export data
// of their imports.
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
// The types of channels do not change, nor does anything that is not listed here. On request the reads and writes of
// variables become calls, too: see vars.go.
//
// Code that the explorer cannot run, such as a system call, needs a seam: a function in the folder testdata/explore of
// its package, which replaces the function of the same name. Each rewritten package registers a function with package
// hook that resets the package's variables to their initial values.
package rewrite
