// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"crypto/sha256"
	"fmt"
	"reflect"
)

// A layout is a hash of a type: what lies where in its values.
type layout [32]byte

// SizeFor returns the size of the data of a region that is to hold a T.
func SizeFor[T any]() int64 { return int64(reflect.TypeFor[T]().Size()) }

// layoutOf returns the layout of a type. It is an error if values of that type cannot lie in memory that processes
// share, since they hold pointers.
func layoutOf(t reflect.Type) (layout, error) {
	h := sha256.New()
	var describe func(t reflect.Type, path string) error
	describe = func(t reflect.Type, path string) error {
		fmt.Fprintf(h, "%s %d ", t.Kind(), t.Size())
		switch t.Kind() {
		case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8,
			reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
			return nil
		case reflect.Array:
			fmt.Fprintf(h, "%d ", t.Len())
			return describe(t.Elem(), path+"[]")
		case reflect.Struct:
			for i := range t.NumField() {
				f := t.Field(i)
				fmt.Fprintf(h, "%s %d ", f.Name, f.Offset)
				if err := describe(f.Type, path+"."+f.Name); err != nil {
					return err
				}
			}
			return nil
		}
		return fmt.Errorf("%w: %s is of type %s, which has a meaning in one process only", ErrLayout, path, t)
	}
	err := describe(t, t.String())
	var l layout
	h.Sum(l[:0])
	return l, err
}
