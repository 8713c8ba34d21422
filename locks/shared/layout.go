// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared

import (
	"crypto/sha256"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// A layout is a hash of a type: of the places and kinds of the numbers in its values, and the names of the fields and
// locks. The names of other types are not included.
type layout [32]byte

// SizeFor returns the size of the data of a region for a T.
func SizeFor[T any]() int64 { return int64(reflect.TypeFor[T]().Size()) }

// layoutOf returns the layout of a type. It returns an error if values of the type cannot be in shared memory,
// because they hold data that is meaningful in only one process.
func layoutOf(t reflect.Type) (layout, error) {
	h := sha256.New()
	if err := describe(h, t, t.String()); err != nil {
		return layout{}, err
	}
	if t.Size() == 0 {
		return layout{}, fmt.Errorf("%w: a %s has no bytes", ErrSize, t)
	}
	return layout(h.Sum(nil)), nil
}

// describe writes the description of a type, whose hash is the layout, to w.
func describe(w io.Writer, t reflect.Type, path string) error {
	switch pkg := t.PkgPath(); {
	case pkg == ownPath:
		// The contents of a lock are specific to this version.
		fmt.Fprintf(w, "shared.%s %d ", t.Name(), t.Size())
		w = io.Discard
	case t.Kind() == reflect.Struct && inProcess(pkg):
		return fmt.Errorf("%w: %s is of type %s, which works between goroutines of one process only: use a lock of package shared", ErrType, path, t)
	}
	fmt.Fprintf(w, "%s %d ", t.Kind(), t.Size())
	switch t.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8,
		reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return nil
	case reflect.Array:
		fmt.Fprintf(w, "%d ", t.Len())
		if t.Len() == 0 {
			return nil // such as [0]func(), which makes a struct incomparable
		}
		return describe(w, t.Elem(), path+"[i]")
	case reflect.Struct:
		for i := range t.NumField() {
			f := t.Field(i)
			fmt.Fprintf(w, "%s %d ", f.Name, f.Offset)
			if err := describe(w, f.Type, path+"."+f.Name); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("%w: %s is of type %s, whose value points to memory of one process: use numbers, arrays and structs", ErrType, path, t)
}

// ownPath is the path of this package.
var ownPath = reflect.TypeFor[Mutex]().PkgPath()

// inProcess reports whether the structs of a package are locks between the goroutines of one process.
func inProcess(pkg string) bool {
	module := strings.TrimSuffix(ownPath, "/locks/shared")
	name, ok := strings.CutPrefix(pkg, module+"/")
	return pkg == "sync" || ok && (name == "locks" || name == "pthread" || strings.HasPrefix(name, "locks/") && !strings.HasPrefix(name, "locks/shared"))
}
