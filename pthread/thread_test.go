// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread_test

import (
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/pthread"
)

// onThread runs f on a thread that ends with it, so that effects of f on the thread are confined to it.
func onThread(f func(self pthread.Thread), t testing.TB) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		self, err := pthread.Self()
		if err != nil {
			t.Error(err)
			return
		}
		f(self)
	}()
	<-done
}

func TestThreadSelf(t *testing.T) {
	need(t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	here := made(pthread.Self())(t)
	again := made(pthread.Self())(t)
	if !made(here.Equal(again))(t) {
		t.Error("a thread is not equal to itself")
	}
	if pthread.ThreadOf(here.ID()) != here {
		t.Error("ThreadOf(ID()) is another thread")
	}
	id := made(pthread.KernelID())(t)
	onThread(func(there pthread.Thread) {
		if made(there.Equal(here))(t) {
			t.Error("two threads are equal")
		}
		if other := made(pthread.KernelID())(t); other == id {
			t.Errorf("two threads have the number %d", id)
		}
	}, t)
}

func TestThreadName(t *testing.T) {
	need(t, "pthread_setname_np", "pthread_getname_np")
	onThread(func(self pthread.Thread) {
		for _, name := range []string{"osync", "", "fifteen letters"} {
			if err := self.SetName(name); err != nil {
				t.Errorf("SetName(%q): %v", name, err)
			} else if got := made(self.Name())(t); got != name {
				t.Errorf("Name() = %q, want %q", got, name)
			}
		}
		wants(t, "a name with a zero byte", self.SetName("a\x00b"), pthread.EINVAL)
	}, t)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	here := made(pthread.Self())(t)
	before := made(here.Name())(t)
	elsewhere(func() {
		err := here.SetName("from afar")
		if runtime.GOOS == "darwin" {
			wants(t, "SetName of another thread", err, errors.ErrUnsupported)
			return
		}
		wants(t, "SetName of another thread", err, nil)
		if got := made(here.Name())(t); got != "from afar" {
			t.Errorf("Name() = %q, want %q", got, "from afar")
		}
		wants(t, "SetName of another thread", here.SetName(before), nil)
	})
}

func TestThreadSched(t *testing.T) {
	need(t, "pthread_setschedparam", "pthread_getschedparam", "sched_get_priority_min", "sched_get_priority_max")
	low, high, err := pthread.SchedFIFO.PriorityRange()
	must(t, err)
	if low >= high {
		t.Errorf("priorities go from %d to %d", low, high)
	}
	_, _, err = pthread.SchedPolicy(9).PriorityRange()
	wants(t, "an unknown policy", err, pthread.EINVAL)
	onThread(func(self pthread.Thread) {
		policy, _, err := self.SchedParam()
		wants(t, "SchedParam", err, nil)
		if policy != pthread.SchedOther {
			t.Errorf("the policy is %v, want %v", policy, pthread.SchedOther)
		}
		wants(t, "an unknown policy", self.SetSchedParam(9, low), pthread.EINVAL)
		wants(t, "a priority that is none", self.SetSchedParam(pthread.SchedFIFO, high+1), pthread.EINVAL)
		err = self.SetSchedParam(pthread.SchedRR, low+1)
		if errors.Is(err, pthread.EPERM) {
			t.Log("this process may not raise priorities")
			return
		}
		wants(t, "SetSchedParam", err, nil)
		if policy, priority, err := self.SchedParam(); policy != pthread.SchedRR || priority != low+1 || err != nil {
			t.Errorf("SchedParam() = %v, %d, %v, want %v, %d", policy, priority, err, pthread.SchedRR, low+1)
		}
		if has("pthread_setschedprio") {
			wants(t, "SetSchedPrio", self.SetSchedPrio(low+2), nil)
			if _, priority, _ := self.SchedParam(); priority != low+2 {
				t.Errorf("the priority is %d, want %d", priority, low+2)
			}
		}
	}, t)
}

func TestThreadAffinity(t *testing.T) {
	need(t, "pthread_setaffinity_np", "pthread_getaffinity_np")
	onThread(func(self pthread.Thread) {
		all := made(self.Affinity())(t)
		if len(all) == 0 {
			t.Fatal("the thread may run nowhere")
		}
		last := all[len(all)-1]
		wants(t, "SetAffinity", self.SetAffinity(last), nil)
		if got := made(self.Affinity())(t); !slices.Equal(got, []int{last}) {
			t.Errorf("Affinity() = %v, want %v", got, []int{last})
		}
		wants(t, "SetAffinity to no CPU", self.SetAffinity(), pthread.EINVAL)
		wants(t, "SetAffinity to CPU -1", self.SetAffinity(-1), pthread.EINVAL)
		for _, cpu := range []int{4999, 1<<16 - 1, 1 << 16, math.MaxInt} {
			if !slices.Contains(all, cpu) {
				wants(t, "SetAffinity to a CPU that is not there", self.SetAffinity(cpu), pthread.EINVAL)
			}
		}
	}, t)
}

// TestAffinityOfMany simulates a machine with more CPUs than the first set has room for.
func TestAffinityOfMany(t *testing.T) {
	const bits = 8 * int(unsafe.Sizeof(uintptr(0)))
	for _, cpus := range []int{1, 1024, 1025, 5000, 1 << 16} {
		want := slices.Compact([]int{0, cpus / 2, cpus - 1})
		asked := 0
		got, err := pthread.CPUsOf(func(words []uintptr) error {
			if asked++; len(words)*bits < cpus {
				return pthread.EINVAL
			}
			for _, cpu := range want {
				words[cpu/bits] |= 1 << (cpu % bits)
			}
			return nil
		})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("of %d CPUs, the set is %v, %v, want %v", cpus, got, err, want)
		}
		if asked > 7 {
			t.Errorf("of %d CPUs, asked %d times", cpus, asked)
		}
	}
	for err, most := range map[error]int{pthread.EINVAL: 7, pthread.EPERM: 1} {
		asked := 0
		_, got := pthread.CPUsOf(func([]uintptr) error { asked++; return err })
		wants(t, "a system that always says no", got, err)
		if asked > most {
			t.Errorf("a system that always says %v was asked %d times", err, asked)
		}
	}
}
