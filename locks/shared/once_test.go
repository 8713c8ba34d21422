// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/osync-go/osync/locks/shared"
)

type onces struct {
	each        [64]shared.Once
	begun, done [64]int64
	killed      int64
}

// perform is what the onces do, and may be killed at any time.
func (o *onces) perform(i int) error {
	return o.each[i].Do(func() {
		o.begun[i]++
		time.Sleep(time.Duration(rand.IntN(100)) * time.Microsecond)
		o.done[i]++
	})
}

func init() {
	roles["once"] = func(args []string) error {
		o, _, err := opened[onces](args[0])
		if err != nil {
			return err
		}
		fmt.Println("ready")
		for i := range o.each {
			if err := o.perform(i); err != nil {
				return err
			}
		}
		time.Sleep(time.Hour)
		return nil
	}
}

// TestKillOnce kills processes while they perform actions: each is performed, and no longer begun once it has been.
func TestKillOnce(t *testing.T) {
	o, name := placed[onces](t)
	for range max(*kills/10, 1) {
		a, b := worker(t, "once", name), worker(t, "once", name)
		time.Sleep(time.Duration(rand.IntN(6000)) * time.Microsecond)
		if err := kill(a); err != nil {
			t.Fatal(err)
		}
		if err := kill(b); err != nil {
			t.Fatal(err)
		}
		for i := range o.each {
			if err := within(func() error { return o.perform(i) }); err != nil {
				t.Fatal(err)
			}
			// A process that is killed between the end of its function and the return of that has done it once more.
			if o.done[i] < 1 || o.done[i] > o.begun[i] || o.begun[i] > 3 {
				t.Fatalf("action %d was begun %d times and done %d times", i, o.begun[i], o.done[i])
			}
			if o.begun[i] > 1 {
				o.killed++
			}
		}
		clear(o.begun[:])
		clear(o.done[:])
		clear(o.each[:])
	}
	t.Logf("%d actions were begun again", o.killed)
}

// TestKillOnceInside kills a process in its function, while others wait for it.
func TestKillOnceInside(t *testing.T) {
	o, name := placed[onces](t)
	w := worker(t, "oncestuck", name)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if err := o.perform(0); err != nil {
				t.Error(err)
			}
		})
	}
	if err := o.each[0].DoContext(soon(t), func() { t.Error("called while another process is in its function") }); err != context.DeadlineExceeded {
		t.Error(err)
	}
	if err := kill(w); err != nil {
		t.Fatal(err)
	}
	if err := within(func() error { wg.Wait(); return nil }); err != nil {
		t.Fatal(err)
	}
	if o.begun[0] != 2 || o.done[0] != 1 {
		t.Errorf("begun %d times, done %d times", o.begun[0], o.done[0])
	}
	if err := o.each[0].DoContext(t.Context(), func() { t.Error("called again") }); err != nil {
		t.Error(err)
	}
}

func init() {
	roles["oncestuck"] = func(args []string) error {
		o, _, err := opened[onces](args[0])
		if err != nil {
			return err
		}
		return o.each[0].Do(func() {
			o.begun[0]++
			fmt.Println("ready")
			time.Sleep(time.Hour)
		})
	}
}

// TestOncePanic performs an action again after its function has panicked, or ended its goroutine.
func TestOncePanic(t *testing.T) {
	o, _ := placed[onces](t)
	mustPanic(t, "Do of a function that panics", func() { o.each[0].Do(func() { panic("an accident") }) })
	var wg sync.WaitGroup
	wg.Go(func() { o.each[0].Do(runtime.Goexit) })
	wg.Wait()
	n := 0
	for range 3 {
		if err := o.each[0].Do(func() { n++ }); err != nil {
			t.Error(err)
		}
	}
	if n != 1 {
		t.Errorf("the function was called %d times", n)
	}
	var nowhere shared.Once
	mustPanic(t, "Do of a Once in no region", func() { nowhere.Do(func() {}) })
}

func TestOnceCrowd(t *testing.T) {
	o, _ := placed[onces](t)
	inside, leave := make(chan struct{}), make(chan struct{})
	go o.each[0].Do(func() { close(inside); <-leave })
	<-inside
	n := 0
	crowded(t, 1000, func() error { return o.each[0].Do(func() { n++ }) }, sync.OnceValue(func() error { close(leave); return nil }))
	if n != 0 {
		t.Error("called twice")
	}
}

func TestOnceHostile(t *testing.T) {
	o, _ := placed[onces](t)
	hostile(t, &o.each[0], func() {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		defer func() { recover() }() // an unlock of what another has taken
		o.each[0].DoContext(ctx, func() {})
	})
}
