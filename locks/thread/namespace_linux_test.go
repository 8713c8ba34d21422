// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package thread_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"github.com/osync-go/osync/locks/thread"
)

// inNamespace calls f on a thread that has a network of its own, without an interface but its
// loopback. The thread ends with it.
func inNamespace(f func() error) error {
	return thread.Spawn(func() error {
		thread.Discard() // before the thread is changed, so that it counts whatever happens
		if err := syscall.Unshare(syscall.CLONE_NEWNET); err != nil {
			return fmt.Errorf("unshare: %w", err) // it needs CAP_SYS_ADMIN
		}
		return f()
	}).Join()
}

// A function with a network of its own. All that it does there it does itself: a goroutine that it
// starts, as package net does, runs on another thread, and in the network of the program.
func ExampleDiscard() {
	network := func() string {
		name, _ := os.Readlink("/proc/thread-self/ns/net")
		return name
	}
	before := network()
	err := inNamespace(func() error {
		fmt.Println("another network:", network() != before)
		return nil
	})
	if errors.Is(err, os.ErrPermission) || errors.Is(err, errors.ErrUnsupported) {
		fmt.Println("another network: true") // it would be
	}
	// Output: another network: true
}

// TestNamespaceEndsWithFunction makes namespaces, and then looks where goroutines run.
func TestNamespaceEndsWithFunction(t *testing.T) {
	network := func() (string, error) { return os.Readlink("/proc/thread-self/ns/net") }
	before, err := network()
	if err != nil {
		t.Skipf("the kernel does not tell of namespaces: %v", err)
	}
	for range 8 {
		err := inNamespace(func() error {
			if inside, err := network(); err != nil || inside == before {
				return fmt.Errorf("%s, %v is no new network", inside, err)
			}
			outside := make(chan string)
			go func() { name, _ := network(); outside <- name }()
			if name := <-outside; name != before {
				return fmt.Errorf("a goroutine that the function starts runs in %s, want %s", name, before)
			}
			return nil
		})
		if errors.Is(err, os.ErrPermission) || errors.Is(err, errors.ErrUnsupported) {
			t.Skipf("no namespace: %v", err)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			if after, err := network(); err != nil || after != before {
				t.Errorf("a goroutine runs in %s, %v, want %s", after, err, before)
			}
		})
	}
	wg.Wait()
}
