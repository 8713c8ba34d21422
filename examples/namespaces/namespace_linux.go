// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"github.com/osync-go/osync/locks/thread"
	"golang.org/x/sys/unix"
)

// A namespace is a network of its own, with a thread in it.
type namespace struct {
	name   string
	thread *thread.Executor
}

// newNamespace makes a network namespace, whose only interface is its loopback.
func newNamespace(name string) (*namespace, error) {
	e, err := thread.NewExecutor(thread.ExecutorOptions{Start: func() error {
		_ = thread.SetName(name) // for ps and debuggers
		if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
			return fmt.Errorf("unshare: %w", err)
		}
		return loopback()
	}})
	if err != nil {
		return nil, err
	}
	return &namespace{name, e}, nil
}

// enter returns an Executor in the network namespace of f, such as an open /run/netns/NAME or /proc/PID/ns/net.
func enter(f *os.File) (*thread.Executor, error) {
	return thread.NewExecutor(thread.ExecutorOptions{Start: func() error {
		return unix.Setns(int(f.Fd()), unix.CLONE_NEWNET)
	}})
}

// loopback switches the loopback interface of the thread's network on.
func loopback() error {
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(s)
	r, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	r.SetUint16(unix.IFF_UP | unix.IFF_RUNNING)
	return unix.IoctlIfreq(s, unix.SIOCSIFFLAGS, r)
}

// The calls of package net open the socket on the goroutine that calls them, if the address is a number. A name would be looked up
// by other goroutines, and so elsewhere. cookie checks where the socket is.

// listen returns a listener in the namespace, for any goroutine.
func (n *namespace) listen(address string) (l net.Listener, err error) {
	err = n.thread.Do(func() error {
		l, err = net.Listen("tcp4", address)
		return err
	})
	return l, err
}

// dial returns a connection in the namespace, for any goroutine. It fits the field DialContext of an http.Transport.
func (n *namespace) dial(ctx context.Context, network, address string) (c net.Conn, err error) {
	if host, _, _ := net.SplitHostPort(address); net.ParseIP(host) == nil {
		return nil, fmt.Errorf("%q is no number: it would be looked up elsewhere", host)
	}
	err = n.thread.DoContext(ctx, func() error {
		c, err = new(net.Dialer).DialContext(ctx, network, address)
		return err
	})
	return c, err
}

// here returns the network namespace of the calling thread, as a name.
func here() string {
	name, err := os.Readlink("/proc/thread-self/ns/net")
	if err != nil {
		return err.Error()
	}
	return name
}

// cookie returns the number of the network namespace in which a socket is; 0 if the kernel, older than 5.14, does not tell.
func cookie(s syscall.Conn) (cookie uint64, err error) {
	raw, err := s.SyscallConn()
	if err != nil {
		return 0, err
	}
	var ask error
	if err := raw.Control(func(fd uintptr) {
		cookie, ask = unix.GetsockoptUint64(int(fd), unix.SOL_SOCKET, unix.SO_NETNS_COOKIE)
	}); err != nil {
		return 0, err
	}
	if errors.Is(ask, unix.ENOPROTOOPT) {
		return 0, nil
	}
	return cookie, ask
}
