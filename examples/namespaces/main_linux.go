// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/thread"
)

// roleVariable says what a process is that the program has started: itself once more, or a child.
const roleVariable = "OSYNC_EXAMPLE_NAMESPACES"

// role is called first. In a child of the program it does not return.
func role() {
	if os.Getenv(roleVariable) == "child" {
		io.Copy(os.Stdout, os.Stdin) // an echo, until the parent closes its end
		os.Exit(0)
	}
}

// again is the command that runs this program once more, in a role.
func again(role string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	return cmd, nil
}

func run(out io.Writer) error {
	err := show(out)
	if !errors.Is(err, os.ErrPermission) || os.Getenv(roleVariable) == "inside" {
		return err
	}
	// A process with several threads, as each in Go, cannot make a user namespace for itself. A new process can begin in one.
	fmt.Fprintf(out, "Not root: once more, in a user namespace.\n")
	cmd, err := again("inside")
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	err = cmd.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() != program.Unsupported {
		return err
	} else if err != nil {
		return fmt.Errorf("%w: no user namespace with networks: %w", errors.ErrUnsupported, err)
	}
	return nil
}

func show(out io.Writer) error {
	outside := here()
	var names []*namespace
	for _, name := range []string{"blue", "green"} {
		n, err := newNamespace(name)
		switch {
		case errors.Is(err, os.ErrPermission) && os.Getenv(roleVariable) == "inside":
			return fmt.Errorf("%w: %w", errors.ErrUnsupported, err) // user namespaces, but without rights in them
		case errors.Is(err, syscall.EINVAL), errors.Is(err, syscall.ENOSYS), errors.Is(err, syscall.ENOSPC):
			return fmt.Errorf("%w: no network namespace: %w", errors.ErrUnsupported, err)
		case err != nil:
			return err
		}
		defer n.thread.Close()
		names = append(names, n)
	}
	for _, step := range []func(io.Writer, string, []*namespace) error{servers, goroutines, entered, children} {
		if err := step(out, outside, names); err != nil {
			return err
		}
	}
	if now := here(); now != outside {
		return fmt.Errorf("this goroutine is in %s now, want %s", now, outside)
	}
	return nil
}

// servers has one address twice, and goroutines that use the sockets from outside.
func servers(out io.Writer, _ string, names []*namespace) error {
	const address = "127.0.0.1:8080"
	cookies := map[uint64]bool{}
	for _, n := range names {
		l, err := n.listen(address)
		if err != nil {
			return err
		}
		defer l.Close()
		in, err := cookie(l.(*net.TCPListener))
		if err != nil {
			return err
		}
		if cookies[in] && in != 0 {
			return errors.New("both listeners are in one namespace")
		}
		cookies[in] = true
		go func() { // an ordinary goroutine
			for c, err := l.Accept(); err == nil; c, err = l.Accept() {
				fmt.Fprintf(c, "this is %s\n", n.name)
				c.Close()
			}
		}()
	}
	for _, n := range names {
		c, err := n.dial(context.Background(), "tcp4", address)
		if err != nil {
			return err
		}
		answer, err := io.ReadAll(c)
		c.Close()
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s from %-6s %s\n", address, n.name+":", strings.TrimSpace(string(answer)))
		if want := "this is " + n.name + "\n"; string(answer) != want {
			return fmt.Errorf("got %q, want %q", answer, want)
		}
	}
	return nil
}

// goroutines shows what is the thread's.
func goroutines(out io.Writer, outside string, names []*namespace) error {
	var inside, started, self string
	err := names[0].thread.Do(func() error {
		inside = here()
		c := make(chan string)
		go func() { c <- here() }()
		started = <-c
		self, _ = os.Readlink("/proc/self/ns/net")
		return nil
	})
	fmt.Fprintf(out, `
outside:                                     %s
in a function of the Executor:               %s
in a goroutine that the function starts:     %s
/proc/self, read by the function:            %s
`, outside, inside, started, self)
	switch {
	case err != nil:
		return err
	case inside == outside:
		return errors.New("the function was not in another namespace")
	case started != outside || self != outside:
		return errors.New("a goroutine, or the main thread, was in the namespace")
	}
	return nil
}

// entered has a second Executor enter the namespace of the first.
func entered(out io.Writer, _ string, names []*namespace) error {
	var f *os.File
	var want string
	err := names[1].thread.Do(func() (err error) {
		want = here()
		f, err = os.Open("/proc/thread-self/ns/net") // which keeps the namespace, too
		return err
	})
	if err != nil {
		return err
	}
	defer f.Close()
	e, err := enter(f)
	if err != nil {
		return fmt.Errorf("setns: %w", err)
	}
	defer e.Close()
	var got string
	if err := e.Do(func() error { got = here(); return nil }); err != nil {
		return err
	}
	fmt.Fprintf(out, "in an Executor that has entered %s by setns: %s\n\n", names[1].name, got)
	if got != want {
		return fmt.Errorf("it is in %s, want %s", got, want)
	}
	return nil
}

// children starts a process with Pdeathsig on a thread that ends, and one on a thread that stays.
func children(out io.Writer, _ string, names []*namespace) error {
	var brief, lasting *child
	if err := thread.Spawn(func() (err error) {
		thread.Discard()
		brief, err = startChild()
		return err
	}).Join(); err != nil {
		return err
	}
	how, ended := brief.ended(time.Minute)
	fmt.Fprintf(out, "a child of a thread that has ended:    %s\n", how)
	if !ended || how != "signal: killed" {
		return fmt.Errorf("the child of a thread that has ended: %s, want killed", how)
	}

	if err := names[0].thread.Do(func() (err error) { lasting, err = startChild(); return err }); err != nil {
		return err
	}
	answer, err := lasting.say("are you there?")
	if err != nil {
		return fmt.Errorf("the child of the Executor: %w", err)
	}
	fmt.Fprintf(out, "a child of an Executor's thread:       echoes %q\n", answer)
	if err := names[0].thread.Close(); err != nil {
		return err
	}
	how, ended = lasting.ended(time.Minute)
	fmt.Fprintf(out, "the same, when the Executor is closed: %s\n", how)
	if !ended || how != "signal: killed" {
		return fmt.Errorf("the child of a closed Executor: %s, want killed", how)
	}
	return nil
}

// A child is a process that is to be killed when the thread ends that has started it.
type child struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startChild() (*child, error) {
	cmd, err := again("child")
	if err != nil {
		return nil, err
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &child{cmd, in, bufio.NewReader(out)}, cmd.Start()
}

// say returns the child's echo.
func (c *child) say(text string) (string, error) {
	if _, err := fmt.Fprintln(c.in, text); err != nil {
		return "", err
	}
	echo, err := c.out.ReadString('\n')
	return strings.TrimSpace(echo), err
}

// ended waits for the end of the child, for at most d, and says how it came.
func (c *child) ended(d time.Duration) (how string, ended bool) {
	wait := make(chan error, 1)
	go func() { wait <- c.cmd.Wait() }()
	select {
	case err := <-wait:
		return fmt.Sprint(err), true
	case <-time.After(d):
		c.cmd.Process.Kill()
		return "still runs", false
	}
}
