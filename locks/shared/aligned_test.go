// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"reflect"
	"testing"
)

// TestOwnedWordsAreAligned checks that each robust word lies where a node of a robust list can lie in private memory: some
// processors do not store a pointer elsewhere in one step.
func TestOwnedWordsAreAligned(t *testing.T) {
	found := 0
	var look func(typ reflect.Type, at uintptr, path string)
	look = func(typ reflect.Type, at uintptr, path string) {
		switch {
		case typ == reflect.TypeFor[owned]() || path == "slot.alive":
			if found++; at%8 != 0 {
				t.Errorf("%s is at %d", path, at)
			}
		case typ.Kind() == reflect.Struct:
			for i := range typ.NumField() {
				f := typ.Field(i)
				look(f.Type, at+f.Offset, path+"."+f.Name)
			}
		case typ.Kind() == reflect.Array && typ.Len() > 0:
			look(typ.Elem(), at, path+"[0]")
			if typ.Len() > 1 {
				look(typ.Elem(), at+typ.Elem().Size(), path+"[1]")
			}
		}
	}
	for _, typ := range []reflect.Type{
		reflect.TypeFor[slot](), reflect.TypeFor[Mutex](), reflect.TypeFor[RWMutex](), reflect.TypeFor[Once](), reflect.TypeFor[Cond](),
		reflect.TypeFor[Semaphore](), reflect.TypeFor[Barrier](), reflect.TypeFor[PthreadMutex](), reflect.TypeFor[arrayHead](), reflect.TypeFor[[2]arrayEntry](),
	} {
		if look(typ, 0, typ.Name()); typ.Size()%8 != 0 {
			t.Errorf("a %s has %d bytes", typ.Name(), typ.Size())
		}
	}
	if found < 9 {
		t.Errorf("found %d words", found)
	}
}
