// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"runtime/debug"
	"sync"
	"syscall"
	"testing"
	"unsafe"
)

// An act replaces a function of the system: it records the arguments that it is called with, writes a number to where one
// of them points, and returns a result.
type act struct {
	got    []uintptr
	writes int // the index of the argument, from 1; 0 means that it writes nothing
	number uint64
	size   int // of the number in bytes
	result uintptr
}

var acting *act

func (a *act) called(args ...uintptr) uintptr {
	a.got = append(a.got, args...)
	if a.writes != 0 {
		to := *(*unsafe.Pointer)(unsafe.Pointer(&args[a.writes-1])) // the caller's variable, which it keeps
		copy(unsafe.Slice((*byte)(to), a.size), unsafe.Slice((*byte)(unsafe.Pointer(&a.number)), a.size))
	}
	return a.result
}

// stages are functions of 1 to 7 arguments. On 386 the number matters.
var stages = sync.OnceValue(func() []uintptr {
	return []uintptr{
		0,
		syscall.NewCallback(func(a uintptr) uintptr { return acting.called(a) }),
		syscall.NewCallback(func(a, b uintptr) uintptr { return acting.called(a, b) }),
		syscall.NewCallback(func(a, b, c uintptr) uintptr { return acting.called(a, b, c) }),
		syscall.NewCallback(func(a, b, c, d uintptr) uintptr { return acting.called(a, b, c, d) }),
		syscall.NewCallback(func(a, b, c, d, e uintptr) uintptr { return acting.called(a, b, c, d, e) }),
		syscall.NewCallback(func(a, b, c, d, e, f uintptr) uintptr { return acting.called(a, b, c, d, e, f) }),
		syscall.NewCallback(func(a, b, c, d, e, f, g uintptr) uintptr { return acting.called(a, b, c, d, e, f, g) }),
	}
})

// play calls call with p, which a replaces, and n arguments.
func play(p *proc, n int, a *act, call func()) {
	addr := p.addr.Load()
	p.addr.Store(stages()[n])
	acting = a
	defer func() {
		p.addr.Store(addr)
		acting = nil
	}()
	call()
}

// grown calls f on a stack that has no need to grow any more, and so does not move.
//
//go:noinline
func grown(f func()) {
	var room [64 << 10]byte
	room[len(room)-1] = 1
	used = room[len(room)-1]
	f()
}

var used byte

// some is a placeholder for an argument that may be any pointer.
const some = ^uintptr(0) - 0x05

// TestArguments checks the arguments of the system's functions, and what becomes of their results. That includes functions
// that the system lacks, and those that ignore their arguments, as many do under Wine.
func TestArguments(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection may move the stack, to which the system would write
	var objects struct {
		time     int64
		ids      [4]uint32
		masks    [3]GroupAffinity
		set      SystemCpuSetInformation
		name     [2]uint16
		other    [2]uint16
		index    uint32
		sid      SID
		sa       SecurityAttributes
		reason   ReasonContext
		boundary Handle
		names    ObjectAttributes
		word     uint64
		barrier  SynchronizationBarrier
	}
	o := &objects
	kept = o
	at := func(p unsafe.Pointer) uintptr { return uintptr(p) }
	for _, c := range []struct {
		p    *proc
		act  act
		want []uintptr
		call func() (any, error)
		out  any
	}{
		{
			&procInitializeSynchronizationBarrier,
			act{result: 1},
			[]uintptr{at(unsafe.Pointer(&o.barrier)), 12, ^uintptr(0)},
			none(func() error { return InitializeSynchronizationBarrier(&o.barrier, 12, -1) }), nil,
		},
		{
			&procEnterSynchronizationBarrier,
			act{result: 1},
			[]uintptr{at(unsafe.Pointer(&o.barrier)), 12},
			result(func() (bool, error) { return EnterSynchronizationBarrier(&o.barrier, 12) }), true,
		},
		{&procQueueUserAPC, act{result: 1}, []uintptr{11, 12, 13}, none(func() error { return QueueUserAPC(11, 12, 13) }), nil},
		{&procQueueUserAPC2, act{result: 1}, []uintptr{11, 12, 13, 14}, none(func() error { return QueueUserAPC2(11, 12, 13, 14) }), nil},
		{
			&procSetWaitableTimerEx,
			act{result: 1},
			[]uintptr{11, some, 13, 14, 15, at(unsafe.Pointer(&o.reason)), 17},
			none(func() error { return SetWaitableTimerEx(11, -5, 13, 14, 15, &o.reason, 17) }), nil,
		},
		{
			&procRegisterWaitForSingleObject,
			act{result: 1, writes: 1, number: 77, size: 4},
			[]uintptr{some, 12, 13, 14, 15, 16},
			result(func() (Handle, error) { return RegisterWaitForSingleObject(12, 13, 14, 15, 16) }), Handle(77),
		},
		{&procUnregisterWaitEx, act{result: 1}, []uintptr{11, 12}, none(func() error { return UnregisterWaitEx(11, 12) }), nil},
		{
			&procCreateThreadpoolWait,
			act{result: 77},
			[]uintptr{11, 12, at(unsafe.Pointer(&o.word))},
			result(func() (ThreadpoolWait, error) { return CreateThreadpoolWait(11, 12, unsafe.Pointer(&o.word)) }), ThreadpoolWait(77),
		},
		{
			&procSetThreadpoolWaitEx,
			act{result: 1},
			[]uintptr{11, 12, at(unsafe.Pointer(&o.time)), 0},
			result(func() (bool, error) { return SetThreadpoolWaitEx(11, 12, &o.time) }), true,
		},
		{&procWaitForThreadpoolWaitCallbacks, act{}, []uintptr{11, 1}, none(func() error { return WaitForThreadpoolWaitCallbacks(11, true) }), nil},
		{&procCloseThreadpoolWait, act{}, []uintptr{11}, none(func() error { return CloseThreadpoolWait(11) }), nil},
		{&procGetActiveProcessorCount, act{result: 77}, []uintptr{11}, result(func() (uint32, error) { return GetActiveProcessorCount(11) }), uint32(77)},
		{&procGetMaximumProcessorCount, act{result: 77}, []uintptr{11}, result(func() (uint32, error) { return GetMaximumProcessorCount(11) }), uint32(77)},
		{
			&procGetSystemCpuSetInformation,
			act{result: 1, writes: 3, number: 77, size: 4},
			[]uintptr{at(unsafe.Pointer(&o.set)), 32, some, 14, 15},
			result(func() (uint32, error) { return GetSystemCpuSetInformation(&o.set, 32, 14, 15) }), uint32(77),
		},
		{
			&procSetThreadSelectedCpuSets,
			act{result: 1},
			[]uintptr{11, at(unsafe.Pointer(&o.ids)), 4},
			none(func() error { return SetThreadSelectedCpuSets(11, o.ids[:]) }), nil,
		},
		{
			&procSetProcessDefaultCpuSets,
			act{result: 1},
			[]uintptr{11, 0, 0},
			none(func() error { return SetProcessDefaultCpuSets(11, o.ids[:0]) }), nil,
		},
		{
			&procGetThreadSelectedCpuSets,
			act{result: 1, writes: 4, number: 77, size: 4},
			[]uintptr{11, at(unsafe.Pointer(&o.ids)), 4, some},
			result(func() (uint32, error) { return GetThreadSelectedCpuSets(11, o.ids[:]) }), uint32(77),
		},
		{
			&procGetProcessDefaultCpuSets,
			act{result: 1, writes: 4, number: 77, size: 4},
			[]uintptr{11, 0, 0, some},
			result(func() (uint32, error) { return GetProcessDefaultCpuSets(11, nil) }), uint32(77),
		},
		{
			&procSetThreadSelectedCpuSetMasks,
			act{result: 1},
			[]uintptr{11, at(unsafe.Pointer(&o.masks)), 3},
			none(func() error { return SetThreadSelectedCpuSetMasks(11, o.masks[:]) }), nil,
		},
		{
			&procGetThreadSelectedCpuSetMasks,
			act{result: 1, writes: 4, number: 77, size: 2},
			[]uintptr{11, at(unsafe.Pointer(&o.masks)), 3, some},
			result(func() (uint16, error) { return GetThreadSelectedCpuSetMasks(11, o.masks[:]) }), uint16(77),
		},
		{
			&procSetThreadInformation,
			act{result: 1},
			[]uintptr{11, 12, at(unsafe.Pointer(&o.word)), 14},
			none(func() error { return SetThreadInformation(11, 12, unsafe.Pointer(&o.word), 14) }), nil,
		},
		{
			&procGetThreadInformation,
			act{result: 1},
			[]uintptr{11, 12, at(unsafe.Pointer(&o.word)), 14},
			none(func() error { return GetThreadInformation(11, 12, unsafe.Pointer(&o.word), 14) }), nil,
		},
		{
			&procAvSetMmThreadCharacteristicsW,
			act{result: 77},
			[]uintptr{at(unsafe.Pointer(&o.name)), at(unsafe.Pointer(&o.index))},
			result(func() (Handle, error) { return AvSetMmThreadCharacteristics(&o.name[0], &o.index) }), Handle(77),
		},
		{
			&procAvSetMmMaxThreadCharacteristicsW,
			act{result: 77},
			[]uintptr{at(unsafe.Pointer(&o.name)), at(unsafe.Pointer(&o.other)), at(unsafe.Pointer(&o.index))},
			result(func() (Handle, error) { return AvSetMmMaxThreadCharacteristics(&o.name[0], &o.other[0], &o.index) }), Handle(77),
		},
		{&procAvRevertMmThreadCharacteristics, act{result: 1}, []uintptr{11}, none(func() error { return AvRevertMmThreadCharacteristics(11) }), nil},
		{&procAvSetMmThreadPriority, act{result: 1}, []uintptr{11, ^uintptr(1)}, none(func() error { return AvSetMmThreadPriority(11, AVRT_PRIORITY_VERYLOW) }), nil},
		{
			&procAvQuerySystemResponsiveness,
			act{result: 1, writes: 2, number: 77, size: 4},
			[]uintptr{11, some},
			result(func() (uint32, error) { return AvQuerySystemResponsiveness(11) }), uint32(77),
		},
		{&procQueryInterruptTime, act{writes: 1, number: 1 << 40, size: 8}, []uintptr{some}, result(QueryInterruptTime), uint64(1 << 40)},
		{&procQueryInterruptTimePrecise, act{writes: 1, number: 1 << 40, size: 8}, []uintptr{some}, result(QueryInterruptTimePrecise), uint64(1 << 40)},
		{
			&procQueryUnbiasedInterruptTimePrecise,
			act{writes: 1, number: 1 << 40, size: 8},
			[]uintptr{some},
			result(QueryUnbiasedInterruptTimePrecise), uint64(1 << 40),
		},
		{
			&procNtCreateKeyedEvent,
			act{writes: 1, number: 77, size: 4},
			[]uintptr{some, 12, at(unsafe.Pointer(&o.names)), 14},
			result(func() (Handle, error) { return NtCreateKeyedEvent(12, &o.names, 14) }), Handle(77),
		},
		{
			&procNtOpenKeyedEvent,
			act{writes: 1, number: 77, size: 4},
			[]uintptr{some, 12, at(unsafe.Pointer(&o.names))},
			result(func() (Handle, error) { return NtOpenKeyedEvent(12, &o.names) }), Handle(77),
		},
		{
			&procCreateBoundaryDescriptorW,
			act{result: 77},
			[]uintptr{at(unsafe.Pointer(&o.name)), 12},
			result(func() (Handle, error) { return CreateBoundaryDescriptor(&o.name[0], 12) }), Handle(77),
		},
		{
			&procAddSIDToBoundaryDescriptor,
			act{result: 1},
			[]uintptr{at(unsafe.Pointer(&o.boundary)), at(unsafe.Pointer(&o.sid))},
			none(func() error { return AddSIDToBoundaryDescriptor(&o.boundary, &o.sid) }), nil,
		},
		{
			&procAddIntegrityLabelToBoundaryDescriptor,
			act{result: 1},
			[]uintptr{at(unsafe.Pointer(&o.boundary)), at(unsafe.Pointer(&o.sid))},
			none(func() error { return AddIntegrityLabelToBoundaryDescriptor(&o.boundary, &o.sid) }), nil,
		},
		{&procDeleteBoundaryDescriptor, act{}, []uintptr{11}, none(func() error { return DeleteBoundaryDescriptor(11) }), nil},
		{
			&procCreatePrivateNamespaceW,
			act{result: 77},
			[]uintptr{at(unsafe.Pointer(&o.sa)), 12, at(unsafe.Pointer(&o.name))},
			result(func() (Handle, error) { return CreatePrivateNamespace(&o.sa, 12, &o.name[0]) }), Handle(77),
		},
		{
			&procOpenPrivateNamespaceW,
			act{result: 77},
			[]uintptr{11, at(unsafe.Pointer(&o.name))},
			result(func() (Handle, error) { return OpenPrivateNamespace(11, &o.name[0]) }), Handle(77),
		},
		{&procClosePrivateNamespace, act{result: 1}, []uintptr{11, 12}, none(func() error { return ClosePrivateNamespace(11, 12) }), nil},
	} {
		var out any
		var err error
		grown(func() { play(c.p, len(c.want), &c.act, func() { out, err = c.call() }) })
		if err != nil || out != c.out {
			t.Errorf("%s: got %v, %v; want %v", c.p.name, out, err, c.out)
		}
		if len(c.act.got) != len(c.want) {
			t.Errorf("%s: %d arguments, want %d", c.p.name, len(c.act.got), len(c.want))
			continue
		}
		for i, got := range c.act.got {
			if want := c.want[i]; got != want && (want != some || got == 0) {
				t.Errorf("%s: argument %d is %#x, want %#x", c.p.name, i+1, got, want)
			}
		}
		if c.act.result == 0 { // it cannot fail
			continue
		}
		wide := uint64(1) << 32 // whose lower 32 bits are 0
		failed := act{result: uintptr(wide)}
		switch c.p {
		case &procRegisterWaitForSingleObject: // a BOOL; the handle is written
		case &procClosePrivateNamespace: // a BOOLEAN, of 8 bits
			failed.result = 0x100
		default:
			switch c.out.(type) {
			case Handle, ThreadpoolWait, bool:
				failed.result = 0
			}
		}
		grown(func() { play(c.p, len(c.want), &failed, func() { out, err = c.call() }) })
		if _, isBool := out.(bool); !isBool && err == nil {
			t.Errorf("%s: a failure is no error", c.p.name)
		}
	}
}

var kept any

// none makes a call without a result one with a result of nil.
func none(call func() error) func() (any, error) {
	return func() (any, error) { return nil, call() }
}

// result makes a call with a result one with a result of any type.
func result[T any](call func() (T, error)) func() (any, error) {
	return func() (any, error) {
		v, err := call()
		return v, err
	}
}
