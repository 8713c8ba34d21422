// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package linux_test

import (
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/linux"
)

// TestFutexWakeOpCommands compares every operation, with and without the shift, and every
// comparison with the header's definitions. Half of the arguments are negative.
func TestFutexWakeOpCommands(t *testing.T) {
	skipSwapped(t)
	ops := map[uint32]func(old, arg uint32) uint32{
		linux.FUTEX_OP_SET:  func(_, arg uint32) uint32 { return arg },
		linux.FUTEX_OP_ADD:  func(old, arg uint32) uint32 { return old + arg },
		linux.FUTEX_OP_OR:   func(old, arg uint32) uint32 { return old | arg },
		linux.FUTEX_OP_ANDN: func(old, arg uint32) uint32 { return old &^ arg },
		linux.FUTEX_OP_XOR:  func(old, arg uint32) uint32 { return old ^ arg },
	}
	cmps := map[uint32]func(old, arg int32) bool{
		linux.FUTEX_OP_CMP_EQ: func(old, arg int32) bool { return old == arg },
		linux.FUTEX_OP_CMP_NE: func(old, arg int32) bool { return old != arg },
		linux.FUTEX_OP_CMP_LT: func(old, arg int32) bool { return old < arg },
		linux.FUTEX_OP_CMP_LE: func(old, arg int32) bool { return old <= arg },
		linux.FUTEX_OP_CMP_GT: func(old, arg int32) bool { return old > arg },
		linux.FUTEX_OP_CMP_GE: func(old, arg int32) bool { return old >= arg },
	}
	word, word2 := new(atomic.Uint32), new(atomic.Uint32)
	for _, old := range []uint32{0, 5, 1 << 31, 0xfffffffb} {
		for op, change := range ops {
			for _, oparg := range []int32{0, 3, 2047, -1, -2048} {
				word2.Store(old)
				n, err := linux.FutexWakeOp(word, 1, 1, word2, linux.FutexOp(op, oparg, 0, 0), private)
				wantCount(t, "wake of nobody", n, err, 0)
				if got, wanted := word2.Load(), change(old, uint32(oparg)); got != wanted {
					t.Errorf("op %d, arg %d on %#x: got %#x, want %#x", op, oparg, old, got, wanted)
				}
			}
			word2.Store(old)
			n, err := linux.FutexWakeOp(word, 1, 1, word2, linux.FutexOp(op|linux.FUTEX_OP_OPARG_SHIFT, 31, 0, 0), private)
			wantCount(t, "wake of nobody", n, err, 0)
			if got, wanted := word2.Load(), change(old, 1<<31); got != wanted {
				t.Errorf("op %d, arg 1<<31 on %#x: got %#x, want %#x", op, old, got, wanted)
			}
		}
	}

	for _, old := range []uint32{0, 4, 5, 6, 0xffffffff} {
		for cmp, holds := range cmps {
			for _, cmparg := range []int32{5, -1} {
				word2.Store(old)
				s := start(func() error { return linux.FutexWait(word2, old, nil, private) })
				awaitSleepers(t, word2, private, 1)
				wanted := 0
				if holds(int32(old), cmparg) {
					wanted = 1
				}
				// Adding 0 leaves the waiter's value as it is.
				n, err := linux.FutexWakeOp(word, 1, 1, word2, linux.FutexOp(linux.FUTEX_OP_ADD, 0, cmp, cmparg), private)
				if n != wanted || err != nil {
					t.Errorf("%#x, comparison %d with %d: woke %d, %v, want %d", old, cmp, cmparg, n, err, wanted)
				}
				wake(t, word2, 1-n)
				s.end(t, nil)
			}
		}
	}
}

func TestFutexWakeOpCounts(t *testing.T) {
	skipSwapped(t)
	word, word2 := new(atomic.Uint32), new(atomic.Uint32)
	var sleepers []*sleeper
	for range 3 {
		sleepers = append(sleepers,
			start(func() error { return linux.FutexWait(word, 0, nil, private) }),
			start(func() error { return linux.FutexWait(word2, 0, nil, private) }))
	}
	awaitSleepers(t, word, private, 3)
	awaitSleepers(t, word2, private, 3)
	equal := linux.FutexOp(linux.FUTEX_OP_SET, 0, linux.FUTEX_OP_CMP_EQ, 0)
	differ := linux.FutexOp(linux.FUTEX_OP_SET, 0, linux.FUTEX_OP_CMP_NE, 0)
	n, err := linux.FutexWakeOp(word, 1, 1, word2, differ, private)
	wantCount(t, "comparison fails", n, err, 1)
	n, err = linux.FutexWakeOp(word, 0, 0, word2, equal, private)
	wantCount(t, "counts of 0 wake one each", n, err, 2)
	n, err = linux.FutexWakeOp(word, everyone, everyone, word2, equal, private)
	wantCount(t, "the rest", n, err, 3)
	for _, s := range sleepers {
		s.end(t, nil)
	}
}

func TestFutexWakeOpErrors(t *testing.T) {
	skipSwapped(t)
	set := linux.FutexOp(linux.FUTEX_OP_SET, 1, linux.FUTEX_OP_CMP_EQ, 0)
	for _, c := range []struct {
		name        string
		addr, addr2 *atomic.Uint32
		op, flags   uint32
		err         error
		changed     bool // the second word
	}{
		{"good", new(atomic.Uint32), new(atomic.Uint32), set, private, nil, true},
		{"operation 5", new(atomic.Uint32), new(atomic.Uint32), linux.FutexOp(5, 1, 0, 0), private, syscall.ENOSYS, false},
		{"operation 7", new(atomic.Uint32), new(atomic.Uint32), linux.FutexOp(7, 1, 0, 0), private, syscall.ENOSYS, false},
		{"comparison 6", new(atomic.Uint32), new(atomic.Uint32), linux.FutexOp(0, 1, 6, 0), private, syscall.ENOSYS, true},
		{"unknown flag", new(atomic.Uint32), new(atomic.Uint32), set, noSuchFlag, syscall.ENOSYS, false},
		{"clock flag", new(atomic.Uint32), new(atomic.Uint32), set, realtime, syscall.ENOSYS, false},
		{"misaligned word", misaligned(), new(atomic.Uint32), set, private, syscall.EINVAL, false},
		{"unmapped word", unreadable(t), new(atomic.Uint32), set, 0, syscall.EFAULT, false},
		{"misaligned second word", new(atomic.Uint32), misaligned(), set, private, syscall.EINVAL, false},
		{"unmapped second word", new(atomic.Uint32), nil, set, 0, syscall.EFAULT, false},
		{"unmapped private second word", new(atomic.Uint32), nil, set, private, syscall.EFAULT, false},
	} {
		addr2 := c.addr2
		if addr2 == nil {
			addr2 = unreadable(t)
		}
		_, err := linux.FutexWakeOp(c.addr, 1, 1, addr2, c.op, c.flags)
		want(t, c.name, err, c.err)
		if c.addr2 != nil && c.name != "misaligned second word" && c.addr2.Load() == 1 != c.changed {
			t.Errorf("%s: the second word is %d", c.name, c.addr2.Load())
		}
	}
}

func TestFutexOp(t *testing.T) {
	// The numbers are those of the FUTEX_OP macro, by gcc.
	for _, c := range []struct{ got, want uint32 }{
		{linux.FutexOp(linux.FUTEX_OP_SET, 0, linux.FUTEX_OP_CMP_GT, 1), 0x04000001},
		{linux.FutexOp(linux.FUTEX_OP_ADD, -1, linux.FUTEX_OP_CMP_LE, -1), 0x13ffffff},
		{linux.FutexOp(linux.FUTEX_OP_XOR|linux.FUTEX_OP_OPARG_SHIFT, 31, linux.FUTEX_OP_CMP_GE, 2047), 0xc501f7ff},
	} {
		if c.got != c.want {
			t.Errorf("got %#x, want %#x", c.got, c.want)
		}
	}
}
