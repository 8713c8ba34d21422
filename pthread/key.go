// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

import (
	"runtime"
	"sync/atomic"
)

var (
	keyCreate   = symbol("pthread_key_create")
	keyDelete   = symbol("pthread_key_delete")
	setspecific = symbol("pthread_setspecific")
	getspecific = symbol("pthread_getspecific")
)

// A Key is a pthread_key_t: a thread-local variable of one word.
//
// A goroutine can change its thread at any time, unless [runtime.LockOSThread] prevents that. So
// keys are for goroutines locked to their thread, and for C code that reads the values. To Go's
// garbage collector the value is not a pointer.
type Key struct {
	_    noCopy
	key  uintptr
	live atomic.Bool
}

// NewKey makes a key whose value is 0 in each thread. When a thread ends whose value is not 0, the
// system calls destructor, the address of a C function that takes the value, such as free; 0 means
// none. A Go function cannot be a destructor: the thread can no longer run Go code by then.
//
//	pthread_key_create(&k, destructor)
//
// EAGAIN means that there are too many keys; systems have room for 128 to 1024.
func NewKey(destructor uintptr) (*Key, error) {
	if err := load(); err != nil {
		return nil, err
	}
	if err := keyCreate.missing(); err != nil {
		return nil, err
	}
	key, e := newKey(destructor)
	if e != 0 {
		return nil, e
	}
	k := &Key{key: key}
	k.live.Store(true)
	return k, nil
}

// newKey calls pthread_key_create, and returns the pthread_key_t.
func newKey(destructor uintptr) (uintptr, errno) {
	fr := newFrame()
	defer fr.free()
	fr.buf[0] = 0
	fr.args = [4]uintptr{fr.buffer(), destructor}
	e := fr.do(keyCreate)
	if runtime.GOOS == "darwin" {
		return uintptr(fr.buf[0]), e
	}
	return uintptr(uint32(*fr.int(0))), e // an int, or an unsigned one
}

// Set sets the value in the calling thread.
//
//	pthread_setspecific(k, value)
func (k *Key) Set(value uintptr) error {
	if err := k.usable(setspecific); err != nil {
		return err
	}
	if e := setspecific.do(k.key, value, 0); e != 0 {
		return e
	}
	return nil
}

// Get returns the value in the calling thread.
//
//	pthread_getspecific(k)
func (k *Key) Get() (uintptr, error) {
	if err := k.usable(getspecific); err != nil {
		return 0, err
	}
	return getspecific.call(k.key, 0, 0, 0), nil
}

// ID returns the pthread_key_t, for code in C.
func (k *Key) ID() uintptr { return k.key }

// Delete deletes the key. No destructor runs for it from then on. Further calls do nothing. A Key
// that is not deleted keeps its place until the program ends.
//
//	pthread_key_delete(k)
func (k *Key) Delete() error {
	if !k.live.CompareAndSwap(true, false) {
		return nil
	}
	if err := keyDelete.missing(); err != nil {
		return err
	}
	if e := keyDelete.do(k.key, 0, 0); e != 0 {
		return e
	}
	return nil
}

func (k *Key) usable(f *function) error {
	if !k.live.Load() {
		return ErrDestroyed
	}
	return f.missing()
}
