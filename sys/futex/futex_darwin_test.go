// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package futex_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/sys/darwin"
	"github.com/osync-go/osync/sys/futex"
)

// TestBackend checks that the first way that this macOS has is chosen.
func TestBackend(t *testing.T) {
	addr := unsafe.Pointer(new(atomic.Uint32))
	want := futex.Only()
	switch {
	case want != "":
	case !errors.Is(darwin.SyncWakeByAddressAny(addr, 4, 0), errors.ErrUnsupported):
		want = "os_sync"
	case !errors.Is(darwin.UlockWake(darwin.UL_COMPARE_AND_WAIT, addr, 0), errors.ErrUnsupported):
		want = "ulock"
	default:
		want = "pthread"
	}
	if got := futex.Backend(); got != want {
		t.Errorf("Backend() = %s, want %s", got, want)
	}
	if got, want := futex.Supported(futex.Shared), want != "pthread"; got != want {
		t.Errorf("Supported(Shared) = %v, want %v", got, want)
	}
	if !futex.Supported(futex.Private) {
		t.Error("private words are not supported")
	}
}

// TestSelfTest checks that the self-test of a way accepts the calls that this macOS has, and no others.
func TestSelfTest(t *testing.T) {
	addr := unsafe.Pointer(new(atomic.Uint32))
	for name, err := range map[string]error{
		"os_sync": darwin.SyncWakeByAddressAny(addr, 4, 0),
		"ulock":   darwin.UlockWake(darwin.UL_COMPARE_AND_WAIT, addr, 0),
		"pthread": nil,
	} {
		if got, want := futex.Works(name), !errors.Is(err, errors.ErrUnsupported); got != want {
			t.Errorf("the self-test of %s reports %v, want %v", name, got, want)
		}
	}
}

// The main thread gets the signals that are sent to the process. A test can run on it during package
// initialization.
func init() {
	if os.Getenv("OSYNC_INTERRUPTED") != "" {
		os.Exit(waitInterrupted(300 * time.Millisecond))
	}
}

// waitInterrupted waits for d while signals arrive all the time.
func waitInterrupted(d time.Duration) (status int) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1)
	stop := make(chan bool)
	var sent sync.WaitGroup
	sent.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				syscall.Kill(os.Getpid(), syscall.SIGUSR1)
			}
		}
	})
	word := new(atomic.Uint32)
	begin := time.Now()
	var err error
	for err == nil {
		err = futex.WaitUntil(word, 0, begin.Add(d), futex.Private)
	}
	took := time.Since(begin)
	close(stop)
	sent.Wait()
	if !errors.Is(err, os.ErrDeadlineExceeded) || took < d || took > d+20*time.Second {
		fmt.Printf("WaitUntil(%v) = %v after %v\n", d, err, took)
		return 1
	}
	<-signals // at least one signal came
	return 0
}

// TestSignalsDoNotEndAWait waits on the main thread of a child process, which gets the signals.
func TestSignalsDoNotEndAWait(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "OSYNC_INTERRUPTED=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("a wait under signals: %v\n%s", err, out)
	}
}

// TestSharedWordReachesAnotherProcess hands a turn to another process and back, through a word in a
// shared mapping.
func TestSharedWordReachesAnotherProcess(t *testing.T) {
	const parent, child = 0, 1
	path := os.Getenv("OSYNC_SHARED_FILE")
	me := uint32(child)
	var cmd *exec.Cmd
	if path == "" {
		skipUnlessSupported(t, futex.Shared)
		me = parent
		path = filepath.Join(t.TempDir(), "word")
		if err := os.WriteFile(path, make([]byte, 4096), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd = exec.Command(os.Args[0], "-test.run=^TestSharedWordReachesAnotherProcess$")
		cmd.Env = append(os.Environ(), "OSYNC_SHARED_FILE="+path)
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page, err := syscall.Mmap(int(f.Fd()), 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Munmap(page)
	word := (*atomic.Uint32)(unsafe.Pointer(&page[0])) // a page is aligned to 4 bytes
	end := time.Now().Add(30 * time.Second)
	for range 200 {
		for word.Load() != me {
			if err := futex.WaitUntil(word, 1-me, end, futex.Shared); err != nil {
				t.Fatalf("process %d: WaitUntil = %v", me, err)
			}
		}
		word.Store(1 - me)
		if err := futex.Wake(word, futex.Shared); err != nil {
			t.Fatalf("process %d: Wake = %v", me, err)
		}
	}
	if cmd != nil {
		if err := cmd.Wait(); err != nil {
			t.Errorf("the other process: %v", err)
		}
	}
}

// TestManyWords has more words than the table of conditions has buckets: a wake also reaches its waiter if words share a
// bucket.
func TestManyWords(t *testing.T) {
	n := 300
	if testing.Short() {
		n = 150
	}
	words := make([]atomic.Uint32, n)
	var done sync.WaitGroup
	for i := range words {
		done.Go(func() {
			for words[i].Load() == 0 {
				if err := futex.Wait(&words[i], 0, futex.Private); err != nil {
					t.Errorf("Wait = %v", err)
					return
				}
			}
		})
	}
	if futex.Backend() == "pthread" { // the other ways do not count sleepers
		locktest.Eventually(t, "all threads sleep", func() bool { return futex.Sleepers() == n })
	}
	for i := range words {
		words[i].Store(1)
		if err := futex.Wake(&words[i], futex.Private); err != nil {
			t.Errorf("Wake = %v", err)
		}
	}
	done.Wait()
}
