// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"github.com/osync-go/osync/sys/windows"
)

// The tests of two processes start this program again, with a role and a name in the
// environment. The child reports each step on its standard output.
const (
	roleVariable = "OSYNC_TEST_ROLE"
	nameVariable = "OSYNC_TEST_NAME"
)

// The first thread keeps the main goroutine. Unlike any other thread, it does not end when a
// goroutine ends on it without unlocking it, and a mutex belongs to a thread.
func init() { runtime.LockOSThread() }

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		if err := roles[role](os.Getenv(nameVariable)); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// roles are the actions of a child on the objects of a name.
var roles = map[string]func(name string) error{
	// owner acquires the mutex, reports it, and waits to be killed.
	"owner": func(name string) error {
		m, err := openChild(windows.OpenMutex, windows.SYNCHRONIZE|windows.MUTEX_MODIFY_STATE, name)
		if err != nil {
			return err
		}
		result, err := windows.WaitForSingleObject(m, windows.INFINITE)
		fmt.Println("owns", result, err)
		_, err = io.Copy(io.Discard, os.Stdin)
		return err
	},
	// namespace opens a private namespace and sets the event in it.
	"namespace": joinNamespace,
	// counter takes from the semaphore and sets the event, until the mutex tells it to stop.
	"counter": func(name string) error {
		s, err := openChild(windows.OpenSemaphore, windows.SYNCHRONIZE|windows.SEMAPHORE_MODIFY_STATE, name+"-semaphore")
		if err != nil {
			return err
		}
		e, err := openChild(windows.OpenEvent, windows.EVENT_MODIFY_STATE, name+"-event")
		if err != nil {
			return err
		}
		fmt.Println("ready")
		for range handshakes {
			if result, err := windows.WaitForSingleObject(s, windows.INFINITE); result != windows.WAIT_OBJECT_0 {
				return fmt.Errorf("the child's wait: %v, %v", result, err)
			}
			if err := windows.SetEvent(e); err != nil {
				return err
			}
		}
		return nil
	},
}

const handshakes = 20

func openChild(open func(access uint32, inherit bool, name *uint16) (windows.Handle, error), access uint32, name string) (windows.Handle, error) {
	p, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return 0, err
	}
	h, err := open(access, false, p)
	if err != nil {
		return 0, fmt.Errorf("the child opens %s: %w", name, err)
	}
	return h, nil
}

// A child is a process that this program has started from itself.
type child struct {
	cmd *exec.Cmd
	out *bufio.Scanner
	in  io.WriteCloser // the child ends when this closes
}

func startChild(t *testing.T, role, name string) *child {
	t.Helper()
	exe, err := os.Executable()
	ok(t, err)
	c := &child{cmd: exec.Command(exe)}
	c.cmd.Env = append(os.Environ(), roleVariable+"="+role, nameVariable+"="+name)
	c.cmd.Stderr = os.Stderr
	c.in, err = c.cmd.StdinPipe()
	ok(t, err)
	out, err := c.cmd.StdoutPipe()
	ok(t, err)
	c.out = bufio.NewScanner(out)
	ok(t, c.cmd.Start())
	return c
}

// says waits for a line from the child.
func (c *child) says(t *testing.T, want string) {
	t.Helper()
	if !c.out.Scan() {
		t.Fatalf("the child has ended and not said %q: %v", want, c.out.Err())
	}
	if got := c.out.Text(); got != want {
		t.Fatalf("the child says %q, want %q", got, want)
	}
}

// TestMutexAbandonedByProcess kills the process that owns a mutex.
func TestMutexAbandonedByProcess(t *testing.T) {
	pinned(t)
	name := fmt.Sprintf(`Local\osync-%d-abandoned`, os.Getpid())
	m := opened(t)(windows.CreateMutex(nil, false, utf16(t, name)))
	for range 2 {
		c := startChild(t, "owner", name)
		c.says(t, "owns WAIT_OBJECT_0+0 <nil>")
		wait(t, m, 0, windows.WAIT_TIMEOUT)
		wantError(t, "release the child's mutex", windows.ReleaseMutex(m), windows.ERROR_NOT_OWNER)
		ok(t, c.cmd.Process.Kill())
		wait(t, m, windows.Milliseconds(patience), windows.WAIT_ABANDONED)
		ok(t, windows.ReleaseMutex(m)) // it was this thread's
		c.cmd.Wait()                   // its error says only that it was killed
	}
}

// TestTwoProcesses passes a ball between two processes, through a semaphore and an event.
func TestTwoProcesses(t *testing.T) {
	name := fmt.Sprintf(`Local\osync-%d-two`, os.Getpid())
	s := opened(t)(windows.CreateSemaphore(nil, 0, 1, utf16(t, name+"-semaphore")))
	e := opened(t)(windows.CreateEvent(nil, false, false, utf16(t, name+"-event")))
	c := startChild(t, "counter", name)
	c.says(t, "ready")
	for range handshakes {
		_, err := windows.ReleaseSemaphore(s, 1)
		ok(t, err)
		wait(t, e, windows.INFINITE, windows.WAIT_OBJECT_0)
	}
	ok(t, c.cmd.Wait())
}
