// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"unsafe"
)

// A function is a function of the C library. Each file of this package declares those it calls.
type function struct {
	name string
	addr uintptr // 0 if this system lacks it

	// timed functions take a struct timespec. On 32-bit Linux the plain ones count seconds
	// in 32 bits, and have a variant with 64 bits.
	timed, narrow bool

	result  result
	errnoAt uintptr // the function that returns the address of errno, if f sets it
}

// A result is the convention of a function's result.
type result uint8

const (
	isErrno   result = iota // 0 or an errno, as nearly all of pthread does
	setsErrno               // 0, or -1 with the reason in errno, which is thread-local
	isThrd                  // thrd_success, or another result of C11
	isNothing
)

// functions lists all functions that the package calls.
var functions []*function

func symbol(name string) *function {
	f := &function{name: name}
	functions = append(functions, f)
	return f
}

func timedSymbol(name string) *function {
	f := symbol(name)
	f.timed = true
	return f
}

// returning sets the convention of f's result.
func (f *function) returning(r result) *function {
	f.result = r
	return f
}

var (
	libcCalloc = symbol("calloc")
	libcFree   = symbol("free")
	gnuVersion = symbol("gnu_get_libc_version")

	errnoLocation = symbol("__errno_location") // the address of the calling thread's errno; see aliases
)

// Load finds, once, the functions of the C library that the program runs on, and tries a mutex. It returns nil if the
// package can be used; single functions can still be missing, see [Supported]. Otherwise it returns an
// [errors.ErrUnsupported] that says why not, and so does every first call of this package. There is no need to call
// Load.
func Load() error { return load() }

var load = sync.OnceValue(func() error {
	if err := resolve(dlsym); err != nil {
		return err
	}
	return makeSelfKey()
})

// Supported returns nil if the C library here has the function of that name, such as
// "pthread_mutex_clocklock", and this package calls it. Otherwise the error names the function and is an
// [errors.ErrUnsupported], as is the error of the method that needs it.
func Supported(name string) error {
	if err := load(); err != nil {
		return err
	}
	for _, f := range functions {
		if f.name == name {
			return f.missing()
		}
	}
	return unsupported(name)
}

// Functions returns the names of all functions that this package calls where they exist.
func Functions() []string {
	var names []string
	for _, f := range functions {
		names = append(names, f.name)
	}
	return names
}

// Version returns the name of the C library, with its version if the library reports one: "glibc 2.36", "musl",
// "libSystem", "libthr", "libpthread"; or the empty string if there is none.
func Version() string {
	switch {
	case load() != nil:
		return ""
	case runtime.GOOS == "darwin":
		return "libSystem"
	case runtime.GOOS == "freebsd":
		return "libthr"
	case runtime.GOOS == "netbsd":
		return "libpthread"
	case gnuVersion.addr != 0:
		return "glibc " + goString(gnuVersion.call(0, 0, 0, 0))
	default:
		return "musl"
	}
}

// resolve looks up every function, and tries the library.
func resolve(dlsym func(name string) uintptr) error {
	for _, f := range functions {
		f.find(dlsym)
	}
	for _, f := range functions {
		if f.result == setsErrno {
			f.errnoAt = errnoLocation.addr
		}
	}
	for _, f := range []*function{libcCalloc, libcFree, threadSelf, mutexInit, mutexTryLock, mutexUnlock, mutexDestroy, keyCreate, setspecific, getspecific, errnoLocation} {
		if f.addr == 0 {
			return fmt.Errorf("pthread: osync finds no C library with %s on %s/%s: %w",
				f.name, runtime.GOOS, runtime.GOARCH, errors.ErrUnsupported)
		}
	}
	if system == (platform{}) {
		return fmt.Errorf("pthread: osync does not know the types of %s/%s: %w", runtime.GOOS, runtime.GOARCH, errors.ErrUnsupported)
	}
	return tryLibrary()
}

// aliases are the systems' own names of functions: the function that returns the address of errno has a different name
// on each, and NetBSD's function with the plain name takes the struct timespec of before NetBSD 6 (NetBSD,
// include/time.h 1.48). An empty name means that a program must not call the function with that name. The three
// functions of macOS only return ENOSYS (xnu, bsd/bsm/audit_kevents.h, and the man pages call them deprecated);
// NetBSD's take a cpuset_t that only its own functions can make (sys/sched.h 1.91).
var aliases = map[string]map[string]string{
	"darwin":  {"__errno_location": "__error", "sem_init": "", "sem_destroy": "", "sem_getvalue": ""},
	"freebsd": {"__errno_location": "__error"},
	"netbsd": {
		"__errno_location": "__errno", "clock_gettime": "__clock_gettime50",
		"pthread_setaffinity_np": "", "pthread_getaffinity_np": "",
	},
}[runtime.GOOS]

// find looks up f, first under the names that 32-bit systems have for 64-bit times: those of glibc, and those of musl.
func (f *function) find(dlsym func(name string) uintptr) {
	f.addr, f.narrow = 0, false
	if alias, ok := aliases[f.name]; ok {
		if alias != "" {
			f.addr = dlsym(alias)
		}
		return
	}
	if f.timed && unsafe.Sizeof(uintptr(0)) == 4 {
		for _, name := range []string{"__" + f.name + "64", "__" + f.name + "_time64"} {
			if f.addr = dlsym(name); f.addr != 0 {
				return
			}
		}
		f.narrow = true
	}
	f.addr = dlsym(f.name)
}

// tryLibrary checks the operations of a mutex whose effects are visible. An unexpected library must be detected here,
// not in the middle of a program.
func tryLibrary() error {
	// 16 bytes more than the longest mutex; only this goroutine uses it, so Go's memory will do.
	fr := newFrame()
	defer fr.free()
	for _, step := range []struct {
		f    *function
		want errno
	}{
		{mutexInit, 0},
		{mutexTryLock, 0},
		{mutexTryLock, EBUSY},
		{mutexUnlock, 0},
		{mutexDestroy, 0},
	} {
		fr.args = [4]uintptr{fr.buffer()}
		if got := fr.do(step.f); got != step.want {
			return fmt.Errorf("pthread: this C library is odd, %s returned %d and not %d: %w",
				step.f.name, got, step.want, errors.ErrUnsupported)
		}
	}
	return nil
}

// missing returns an error if the system lacks f.
func (f *function) missing() error {
	if f.addr == 0 {
		return unsupported(f.name)
	}
	return nil
}

// failed returns the error for e, the result of f. A library can have a function that only reports that the system
// lacks it.
func (f *function) failed(e errno) error {
	if e == noFunction {
		return unsupported(f.name)
	}
	return e
}

func unsupported(what string) error {
	return fmt.Errorf("pthread: no %s on %s/%s: %w", what, runtime.GOOS, runtime.GOARCH, errors.ErrUnsupported)
}
