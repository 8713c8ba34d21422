// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/locks/internal/pin"
	"github.com/osync-go/osync/locks/thread"
	"github.com/osync-go/osync/sys/linux"
)

// cutName is the part of the name that the system keeps.
var cutName = longName[:15]

// systemPriorities are the nice values.
var systemPriorities = map[thread.Priority]string{
	thread.Lowest: "19", thread.Low: "10", thread.Normal: "0", thread.High: "-10", thread.Highest: "-20",
}

// systemName reads the name of the calling thread back.
func systemName(t *testing.T) string {
	return strings.TrimSuffix(proc(t, "comm"), "\n")
}

// systemPriority reads the priority of the calling thread back.
func systemPriority(t *testing.T) string {
	_, fields, _ := strings.Cut(proc(t, "stat"), ") ") // the name before may hold anything
	return strings.Fields(fields)[16]
}

// proc returns a file that the kernel keeps for the calling thread.
func proc(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/%s", thread.ID(), name))
	if err != nil {
		t.Fatalf("the kernel cannot be asked: %v", err)
	}
	return string(text)
}

// awaitEnd waits until there is no thread with that number.
func awaitEnd(t *testing.T, id uint64) {
	t.Helper()
	locktest.Eventually(t, "the thread has ended", func() bool {
		_, err := os.Stat(fmt.Sprintf("/proc/self/task/%d", id))
		return os.IsNotExist(err)
	})
}

// TestChangedThreadEnds lets a spawned function change its thread: no other goroutine may get
// that one. A thread that was left as it was is used again.
func TestChangedThreadEnds(t *testing.T) {
	for name, change := range map[string]func() error{
		"name":     func() error { return thread.SetName("changed") },
		"priority": func() error { return thread.SetPriority(thread.Low) },
		"affinity": func() error {
			cpus, err := thread.Affinity()
			if err != nil {
				return err
			}
			return thread.SetAffinity(cpus...)
		},
		"left pinned": func() error { thread.Pin(); return nil },
		"discard":     func() error { thread.Discard(); return nil },
		"discard and unpin": func() error {
			thread.Pin()
			thread.Discard()
			thread.Unpin()
			return nil
		},
		"panic": func() error { _ = thread.SetName("changed"); panic("snow") },
	} {
		t.Run(name, func(t *testing.T) {
			pinned := pin.Count()
			defer func() {
				if n := pin.Count(); n > pinned { // one of a dead goroutine may have gone
					t.Errorf("%d threads are pinned at the end, %d at the start", n, pinned)
				}
			}()
			h := thread.Spawn(change)
			if err := h.Join(); err != nil && name != "panic" {
				t.Fatal(err)
			}
			awaitEnd(t, h.Thread().ID())
		})
	}
}

// TestSpawnLeavesMainThread spawns on any thread but the one that stands for the process.
func TestSpawnLeavesMainThread(t *testing.T) {
	for range 500 {
		h := thread.Spawn(func() error { return nil })
		if h.Join(); h.Thread().ID() == uint64(os.Getpid()) {
			t.Fatal("a function was spawned on the main thread")
		}
	}
}

// TestDiscardedThreadEnds lets goroutines that are not spawned give up their threads: each ends with its
// goroutine, which is no longer pinned.
func TestDiscardedThreadEnds(t *testing.T) {
	for name, change := range map[string]func() error{
		"Discard": func() error { thread.Discard(); return nil },
		"SetName": func() error { return thread.SetName("changed") },
		"SetRealtime": func() error {
			err := thread.SetRealtime(time.Second, time.Millisecond)
			if errors.Is(err, os.ErrPermission) {
				thread.Discard() // there is nothing to see
				return nil
			}
			return err
		},
	} {
		for {
			ids := make(chan uint64)
			go func() {
				thread.Pin()
				if err := change(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				thread.Unpin()
				if thread.Pinned() {
					t.Errorf("%s: pinned after Unpin", name)
				}
				ids <- thread.ID()
			}()
			id := <-ids
			if int(id) == os.Getpid() {
				continue // the main thread, which Go lets sleep forever
			}
			awaitEnd(t, id)
			break
		}
	}
}

// TestSleepInKernel looks for the thread in the system call of sys/futex. Go's own sleep uses
// another operation.
func TestSleepInKernel(t *testing.T) {
	ids := make(chan uint64)
	var stop atomic.Bool
	h := thread.Spawn(func() error {
		ids <- thread.ID()
		for !stop.Load() {
			thread.Sleep(5 * time.Millisecond)
		}
		return nil
	})
	defer h.Join()
	defer stop.Store(true)
	path := fmt.Sprintf("/proc/self/task/%d/syscall", <-ids)
	if _, err := os.ReadFile(path); err != nil {
		t.Skipf("the kernel does not say where a thread is: %v", err)
	}
	op := fmt.Sprintf("%#x", linux.FUTEX_WAIT_BITSET|linux.FUTEX_PRIVATE_FLAG)
	locktest.Eventually(t, "the thread sleeps in "+op, func() bool {
		call, err := os.ReadFile(path)
		fields := strings.Fields(string(call)) // number, address, operation, …
		return err == nil && len(fields) > 3 && fields[2] == op
	})
}

// TestInherited starts a program, which has the CPUs and the priority of the thread, and a goroutine, which has neither.
func TestInherited(t *testing.T) {
	pinned(t, func() {
		ordinary := class(t)
		cpus, err := thread.Affinity()
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(thread.SetAffinity(cpus[0]), thread.SetPriority(thread.Lowest)); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("cat", "/proc/self/stat", "/proc/self/status").Output()
		if err != nil {
			t.Skipf("no program: %v", err)
		}
		text := string(out)
		if f := strings.Fields(text[strings.IndexByte(text, ')')+1:]); f[16] != "19" {
			t.Errorf("a program has the nice value %s, want 19", f[16])
		}
		if want := fmt.Sprintf("Cpus_allowed_list:\t%d\n", cpus[0]); !strings.Contains(text, want) {
			t.Errorf("a program has other CPUs than %q: %s", want, text)
		}
		if err := thread.Spawn(func() error {
			if now, err := thread.Affinity(); err != nil || !slices.Equal(now, cpus) {
				t.Errorf("a goroutine runs on %v, %v, want %v", now, err, cpus)
			}
			if got := class(t); got != ordinary {
				t.Errorf("a goroutine has %s, want %s", got, ordinary)
			}
			return nil
		}).Join(); err != nil {
			t.Error(err)
		}
	})
}
