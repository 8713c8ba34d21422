// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"bytes"
	"math"
	"sync"
	"unsafe"

	"github.com/osync-go/osync/internal/race"
)

// A frame holds the arguments of one call, and the memory that they point to. It is in Go's heap,
// where C can access it during the call, and is reused, so that a call allocates nothing.
type frame struct {
	fn, result uintptr // used where call needs them
	args       [4]uintptr
	errnoAt    uintptr    // the function that returns the address of errno, if the call can set errno, or 0
	errno      int32      // errno after the call
	buf        [16]uint64 // a time, a name, a result, a set of CPUs
}

var frames = sync.Pool{New: func() any { return new(frame) }}

// newFrame returns a frame. Under the race detector it is a new one: the detector mistakes a frame
// that passes from one goroutine to another for communication between them.
func newFrame() *frame {
	if race.Enabled {
		return new(frame)
	}
	return frames.Get().(*frame)
}

// free releases fr for reuse.
func (fr *frame) free() { frames.Put(fr) }

// buffer returns the address of fr.buf. Heap objects do not move, and fr stays alive at least until
// it is freed, after the call.
func (fr *frame) buffer() uintptr { return uintptr(unsafe.Pointer(&fr.buf)) }

// bytes returns fr.buf.
func (fr *frame) bytes() []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&fr.buf)), unsafe.Sizeof(fr.buf)) // same memory
}

// int is the int at the beginning of a word of fr.buf.
func (fr *frame) int(word int) *int32 { return (*int32)(unsafe.Pointer(&fr.buf[word])) }

// do calls f with fr.args, and returns its error in the form of an errno. The result of f is an int:
// the upper half of the word is undefined.
func (fr *frame) do(f *function) errno {
	r := int32(fr.call(f))
	if f.result != isErrno {
		return fr.error(f, r)
	}
	return errno(r)
}

// error returns the errno that corresponds to r, the result of f.
func (fr *frame) error(f *function, r int32) errno {
	switch {
	case f.result == setsErrno && r == -1:
		return errno(fr.errno)
	case f.result == setsErrno:
		return errno(r) // 0; FreeBSD's sem_post returns EOVERFLOW itself
	case f.result == isThrd:
		return system.thrdErrno(r)
	default:
		return 0
	}
}

// call calls f with up to four arguments.
func (f *function) call(a, b, c, d uintptr) uintptr {
	fr := newFrame()
	fr.args = [4]uintptr{a, b, c, d}
	r := fr.call(f)
	fr.free()
	return r
}

// do calls f with up to three arguments, and returns its errno.
func (f *function) do(a, b, c uintptr) errno {
	fr := newFrame()
	fr.args = [4]uintptr{a, b, c}
	e := fr.do(f)
	fr.free()
	return e
}

// get calls f, which stores an int where its second argument points, and returns an errno.
func (f *function) get(a uintptr) (int32, errno) {
	fr := newFrame()
	defer fr.free()
	fr.args = [4]uintptr{a, fr.buffer()}
	e := fr.do(f)
	return *fr.int(0), e
}

// until calls f with a, b and c, of which the one with number at is replaced by the address of
// when, as the struct timespec that f takes.
func (f *function) until(when Timespec, at int, a, b, c uintptr) errno {
	fr := newFrame()
	fr.args = [4]uintptr{a, b, c}
	fr.args[at] = fr.timespec(when, f.narrow)
	e := fr.do(f)
	fr.free()
	return e
}

// timespec stores t as C's struct timespec, and returns its address. A narrow one has two
// 32-bit fields, and ends in January 2038; later times are cut to that.
func (fr *frame) timespec(t Timespec, narrow bool) uintptr {
	if narrow {
		*(*[2]int32)(unsafe.Pointer(&fr.buf)) = [2]int32{
			int32(min(max(t.Sec, math.MinInt32), math.MaxInt32)), int32(min(max(t.Nsec, math.MinInt32), math.MaxInt32)),
		}
	} else {
		*(*[2]int64)(unsafe.Pointer(&fr.buf)) = [2]int64{t.Sec, t.Nsec}
	}
	return fr.buffer()
}

// toTime returns the struct timespec that a function has stored in fr.buf.
func (fr *frame) toTime(narrow bool) Timespec {
	if narrow {
		t := *(*[2]int32)(unsafe.Pointer(&fr.buf))
		return Timespec{int64(t[0]), int64(t[1])}
	}
	t := *(*[2]int64)(unsafe.Pointer(&fr.buf))
	return Timespec{t[0], t[1]}
}

// pointer converts an address outside Go's memory to a pointer.
func pointer(addr uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&addr)) // vet cannot know that this is not Go's
}

// goString copies the string at addr, which ends in a zero byte.
func goString(addr uintptr) string {
	if addr == 0 {
		return ""
	}
	var b []byte
	for i := 0; ; i++ {
		c := *(*byte)(unsafe.Add(pointer(addr), i))
		if c == 0 {
			return string(b)
		}
		b = append(b, c)
	}
}

// text returns the string in fr.buf, which ends in a zero byte.
func (fr *frame) text() string {
	b := fr.bytes()
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}
