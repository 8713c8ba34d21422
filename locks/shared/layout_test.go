// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

//lint:file-ignore U1000 fields stand for their places in a region

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks"
	"github.com/osync-go/osync/locks/shared"
)

// mapped maps a T in a new region of a size.
func mapped[T any](t *testing.T, size int64) error {
	t.Helper()
	r, err := orSize(filepath.Join(t.TempDir(), "region"), size)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	_, err = shared.Map[T](r)
	return err
}

func orSize(name string, size int64) (*shared.Region, error) { return shared.OpenOrCreate(name, size) }

type number int16

func TestTypes(t *testing.T) {
	if r, err := shared.Anonymous(1); err != nil {
		t.Skip(err)
	} else {
		r.Close()
	}
	good := map[string]error{
		"number": mapped[number](t, 2),
		"numbers": mapped[struct {
			_ [0]func() // not comparable
			a [3]number
			b bool
			c complex64
			d [2][2]float32
			e atomic.Int64
			f atomic.Bool
		}](t, 1000),
		"locks": mapped[struct {
			a shared.Mutex
			b [2]shared.RWMutex
			c struct{ shared.Event }
		}](t, 1000),
	}
	for what, err := range good {
		if err != nil {
			t.Errorf("Map of %s: %v", what, err)
		}
	}
	type inner struct{ p *int }
	bad := map[string]error{
		"a pointer":         mapped[*int](t, 100),
		"a nested pointer":  mapped[struct{ a [2]inner }](t, 100),
		"a map":             mapped[map[int]int](t, 100),
		"a slice":           mapped[struct{ b []byte }](t, 100),
		"a string":          mapped[struct{ s string }](t, 100),
		"a channel":         mapped[chan int](t, 100),
		"a function":        mapped[struct{ f func() }](t, 100),
		"an interface":      mapped[struct{ e error }](t, 100),
		"any":               mapped[any](t, 100),
		"a uintptr":         mapped[uintptr](t, 100),
		"an unsafe.Pointer": mapped[unsafe.Pointer](t, 100),
		"a sync.Mutex":      mapped[struct{ mu sync.Mutex }](t, 100),
		"a sync.Once":       mapped[sync.Once](t, 100),
		"a locks.Mutex":     mapped[struct{ mu [2]locks.Mutex }](t, 100),
		"an atomic.Value":   mapped[atomic.Value](t, 100),
		"an atomic.Pointer": mapped[atomic.Pointer[int]](t, 100),
		"a time.Time":       mapped[time.Time](t, 100),
		"a Region":          mapped[shared.Region](t, 1<<16),
	}
	for what, err := range bad {
		wants(t, "Map of "+what, err, shared.ErrType)
	}
	wants(t, "Map of no bytes", mapped[struct{}](t, 100), shared.ErrSize)
	wants(t, "Map of more than there is", mapped[[101]byte](t, 100), shared.ErrSize)
	wants(t, "Map in no bytes", mapped[byte](t, 0), shared.ErrSize)
}

func TestLayout(t *testing.T) {
	type first struct {
		a int32
		b [4]uint8
		m shared.Mutex
	}
	name := filepath.Join(t.TempDir(), "region")
	r, err := orSize(name, 100)
	if err != nil {
		t.Skip(err)
	}
	defer r.Close()
	if _, err := shared.Map[first](r); err != nil {
		t.Fatal(err)
	}
	again, err := shared.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	type count int32
	type same struct {
		a count
		b [4]uint8
		m shared.Mutex
	}
	if _, err := shared.Map[same](again); err != nil {
		t.Error("a type of other names:", err)
	}
	errs := map[string]error{}
	try := func(what string, err error) { errs[what] = err }
	_, err = shared.Map[struct {
		c int32
		b [4]uint8
		m shared.Mutex
	}](again)
	try("another name of a field", err)
	_, err = shared.Map[struct {
		a uint32
		b [4]uint8
		m shared.Mutex
	}](again)
	try("another kind", err)
	_, err = shared.Map[struct {
		a int32
		b [2]uint8
		m shared.Mutex
	}](again)
	try("another length", err)
	_, err = shared.Map[struct {
		b [4]uint8
		a int32
		m shared.Mutex
	}](again)
	try("another order", err)
	_, err = shared.Map[struct {
		a int32
		b [4]uint8
		m [2]uint64
	}](again)
	try("no lock", err)
	_, err = shared.Map[struct {
		a int32
		b [4]uint8
		m shared.Mutex
		c byte
	}](again)
	try("one more field", err)
	for what, err := range errs {
		wants(t, what, err, shared.ErrLayout)
	}
}

// TestLayoutRace maps different types at the same time: one of them wins.
func TestLayoutRace(t *testing.T) {
	for i := range 50 {
		r, err := orSize(filepath.Join(t.TempDir(), fmt.Sprint(i)), 100)
		if err != nil {
			t.Skip(err)
		}
		var won atomic.Int32
		var users sync.WaitGroup
		for _, f := range []func() error{
			func() error { _, err := shared.Map[[4]int32](r); return err },
			func() error { _, err := shared.Map[[4]uint32](r); return err },
			func() error { _, err := shared.Map[[5]int32](r); return err },
		} {
			users.Go(func() {
				if err := f(); err == nil {
					won.Add(1)
				} else {
					wants(t, "the others", err, shared.ErrLayout)
				}
			})
		}
		users.Wait()
		if n := won.Load(); n != 1 {
			t.Errorf("%d types in one region", n)
		}
		r.Close()
	}
}
