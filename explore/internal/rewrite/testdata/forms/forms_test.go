// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package forms

import (
	"errors"
	"io"
	"math"
	renamed "sync"
	"sync/atomic"
	"testing"
)

func equal[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestGo(t *testing.T) {
	c := make(chan int, 1)
	e := &embedded{c: make(ints, 1)}
	anys, words, yeses := make(chan any), make(chan uint64), make(chan yes)

	go func() { c <- 1 }()
	equal(t, <-c, 1)
	go func() int { c <- 2; return 0 }()
	equal(t, <-c, 2)
	i := 3
	go func(v int) { c <- v }(i)
	i++
	equal(t, <-c, 3)
	go e.put(i)
	i++
	equal(t, e.get(), 4)
	go (*embedded).put(e, i)
	i++
	equal(t, e.get(), 5)
	go put(c, i)
	equal(t, <-c, 6)
	go put[int](c, 7)
	equal(t, <-c, 7)
	go sum(c, 1, i, 1)
	equal(t, <-c, 8)
	go sum(c, []int{4, 5}...)
	equal(t, <-c, 9)
	go sum(c)
	equal(t, <-c, 0)
	go accept(anys, nil)
	equal(t, <-anys, nil)
	go accept(anys, 1)
	equal(t, <-anys, any(1))
	go accept(anys, i == 6)
	equal(t, <-anys, any(true))
	go large(words, math.MaxUint64)
	equal(t, <-words, math.MaxUint64)
	go large(words, 1<<i)
	equal(t, <-words, 64)
	go flag(yeses, i == 6 && !(i < 3))
	equal(t, <-yeses, true)
	go apply(c, double)
	equal(t, <-c, 4)
	go apply(c, func(n int) int {
		return n + i
	})
	equal(t, <-c, 8)
	go func(a int, b string) { c <- a + len(b) }(two())
	equal(t, <-c, 4)
	go func(c chan int, more ...any) { c <- len(more) }(c, 1,
		"two", // the second
		i, nil,
	)
	equal(t, <-c, 4)
	go second(two())
	m := map[int]bool{1: true}
	done := make(chan struct{})
	go close(done)
	<-done
	go delete(m, 1)
	var method interface{ put(int) } = e
	go method.put(10)
	method = nil
	equal(t, <-e.c, 10)
	f := func() { c <- 11 }
	go f()
	f = nil
	equal(t, <-c, 11)
	if i == 6 {
		go put(c, <-func() chan int { d := make(chan int, 1); d <- 12; return d }())
	}
	equal(t, <-c, 12)
	for i := range 1 {
		go func() { defer func() { c <- i + 13; recover() }(); panic(i) }()
	}
	equal(t, <-c, 13)
}

func TestReceive(t *testing.T) {
	c := make(chan int, 9)
	chans := make(chan chan int, 1)
	for i := range 9 {
		c <- i + 1
	}
	equal(t, <-c, 1)
	chans <- c
	equal(t, <-<-chans, 2)
	a := []int{0, 0}
	a[<-c-3] = <-c
	equal(t, a[0], 4)
	if v, ok := <-c; ok {
		equal(t, v, 5)
	}
	var x any
	var ok bool
	x, ok = <-c
	equal(t, x, any(6))
	x, a[1] = <-c, <-c
	equal(t, x, any(7))
	equal(t, a[1], 8)
	v := <-c
	equal(t, v, 9)
	close(c)
	w, more := <-c
	equal(t, w, 0)
	equal(t, more, false)
	_, ok = (<-c)
	equal(t, ok, false)
	x, _ = <-(<-chan int)(c)
	switch v := x.(type) {
	case int:
		equal(t, v, 0)
	}
	var own yes
	_, own = <-c
	equal(t, own, false)
	for <-c != 0 || len(c) > 0 {
	}
	if -<-c == 0 && !ok {
		return
	}
	t.Error("unreachable")
}

func TestSend(t *testing.T) {
	type errs chan<- error
	c := make(chan error, 3)
	errs(c) <- nil
	errs(c) <- errors.ErrUnsupported
	c <- /* a comment */ io.EOF
	equal(t, <-c, nil)
	f := make(chan float64, 1)
	f <- 1
	equal(t, <-f, 1)
	bytes := make(chan byte, 2)
	for bytes <- 1; len(bytes) < cap(bytes); bytes <- 2 {
	}
	equal(t, len(bytes), 2)
	equal(t, len((chan<- byte)(bytes)), 2)
	equal(t, cap((<-chan byte)(bytes)), 2)
	equal(t, len("two"), 3)
	funcs := make(chan func() int, 1)
	funcs <- func() int {
		return 3
	}
	equal(t, (<-funcs)(), 3)
	var none chan int
	equal(t, len(none), 0)
	defer close(c)
}

func TestRange(t *testing.T) {
	c := make(chan int, 3)
	fill := func() chan int {
		c = make(ints, 3)
		c <- 1
		c <- 2
		c <- 3
		close(c)
		return c
	}
	equal(t, count(fill()), 6)
	n := 0
	for v := range fill() {
		n += v
	}
	for range fill() {
		n++
	}
	var v int
	a := []int{0}
	for v = range fill() {
		n += v
	}
	for a[0] = range fill() {
		if a[0] == 2 {
			continue
		}
		defer func() { equal(t, n, 31) }()
		n += 4
	}
outer:
	for {
		for v := range fill() {
			switch {
			case v == 1:
				continue
			case v == 2:
				n += 8
				break outer
			}
		}
	}
	equal(t, n, 31)
	equal(t, func() int {
		for v := range fill() {
			return v
		}
		return 0
	}(), 1)
	for v := range 1 {
		equal(t, v, 0)
	}
}

func TestSelect(t *testing.T) {
	c, d := make(chan int, 1), make(chan int)
	words := make(chan uint64, 1)
	anys := make(chan any, 1)
	var none chan int
	order := ""
	note := func(s string, c chan int) chan int { order += s; return c }
	for range 2 {
		select {
		case v := <-note("a", c):
			equal(t, v, 5)
		case note("b", c) <- func() int { order += "c"; return 5 }():
		case <-note("d", none):
		}
	}
	equal(t, order, "abcdabcd")
	select {
	case <-d:
		t.Error("received")
	default:
		order = "default"
	}
	equal(t, order, "default")
	select {
	case words <- math.MaxUint64:
	case v := <-c:
		_ = v
	}
	equal(t, <-words, math.MaxUint64)
	select {
	case anys <- nil:
	}
	c <- 1
	a := []int{0}
	var x any
	var ok bool
	select {
	case a[0] = <-c:
	case a[0], ok = <-d:
	}
	equal(t, a[0], 1)
	c <- 2
	select {
	case x, ok = <-c:
		equal(t, x, any(2))
		equal(t, ok, true)
	case <-d:
	}
	close(c)
loop:
	for {
		select {
		case _, ok := <-c:
			if ok {
				t.Error("ok")
			}
			break loop
		case d <- 1:
			continue loop
		}
	}
label:
	select {
	case <-c:
		if order == "default" {
			order = "again"
			goto label
		}
		if order == "again" {
			break label
		}
		t.Error("not left")
	}
	var own yes
	select {
	case _, own = <-c:
	case <-d:
	}
	equal(t, own, false)
	select {
	case <-c:
	default:
		t.Error("default")
	}
	select {
	default:
	}
	func() {
		select {
		case v, ok := <-c:
			func() {
				select {
				case <-c:
					equal(t, v, 0)
				}
			}()
			equal(t, ok, false)
		}
	}()
	d = make(chan int, 2)
	d <- 1
	d <- 2
	equal(t, either(d, none), 1)
	equal(t, oneLine(d), 2)
	d = make(chan int, 1)
	d <- 1
	v, ok := take(d)
	equal(t, v, 1)
	equal(t, ok, true)
	if false {
		forever()
	}
}

func TestSelectors(t *testing.T) {
	var m renamed.Mutex
	var e embedded
	e.Lock()
	e.Unlock()
	equal(t, e.Uint32.Add(1), 1)
	var l renamed.Locker = &m
	l.Lock()
	l.Unlock()
	renamed.OnceFunc(func() {})()
	var p atomic.Pointer[embedded]
	p.Store(&e)
	var n int32
	atomic.AddInt32(&n, 1)
	add := (*atomic.Int64).Add
	var big atomic.Int64
	add(&big, 1)
	pool := renamed.Pool{New: func() any { return &embedded{Mutex: renamed.Mutex{}} }}
	pool.Put(pool.Get())
	sync := &e // no package
	sync.Lock()
	sync.Unlock()
}
