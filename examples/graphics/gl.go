// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/osync-go/osync/locks/thread"
)

// errThread is what a call on the wrong thread gets here. The libraries that this stands for crash, draw nothing, or draw garbage.
var errThread = errors.New("called on the wrong thread")

// A glContext stands for a context of OpenGL: it is current on at most one thread, and only that thread may draw.
type glContext struct {
	mu       sync.Mutex
	current  uint64 // the number of the thread; 0: none
	textures int
	pixels   int
	calls    int
	wrong    int // calls on other threads
}

// call is what each function of the library begins with.
func (c *glContext) call(f func()) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if me := thread.ID(); c.current != me {
		c.wrong++
		return fmt.Errorf("%w: on thread %d, the context is current on %d", errThread, me, c.current)
	}
	f()
	return nil
}

// makeCurrent makes the context the one of the calling thread. A context moves only from a thread that has released it.
func (c *glContext) makeCurrent() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.current != 0 {
		return fmt.Errorf("%w: the context is still current on %d", errThread, c.current)
	}
	c.current = thread.ID()
	return nil
}

func (c *glContext) release() error { return c.call(func() { c.current = 0 }) }

// upload makes a texture, and returns its number.
func (c *glContext) upload(pixels []byte) (id int, err error) {
	err = c.call(func() { c.textures++; id = c.textures; c.pixels += len(pixels) })
	return id, err
}

func (c *glContext) draw(texture int) error {
	return c.call(func() {})
}

// A windowSystem stands for Cocoa, Win32 or GLFW: all but post belongs to the thread that has opened it.
type windowSystem struct {
	owner  uint64
	events chan string
	wrong  atomic.Int64 // calls on other threads
	title  string
}

func openWindowSystem() *windowSystem {
	return &windowSystem{owner: thread.ID(), events: make(chan string, 64)}
}

func (w *windowSystem) check() {
	if thread.ID() != w.owner {
		w.wrong.Add(1)
	}
}

// wait returns the next event, and "" for one that post has made. Only the owner calls it.
func (w *windowSystem) wait() string {
	w.check()
	return <-w.events
}

// setTitle is one of the functions that only the owner may call.
func (w *windowSystem) setTitle(title string) {
	w.check()
	w.title = title
}

// post makes wait return. Any thread may call it: it is glfwPostEmptyEvent, PostMessage, or [NSApp postEvent:atStart:].
func (w *windowSystem) post() {
	select {
	case w.events <- "":
	default: // there is an event that wait will return for
	}
}

// happen is the user.
func (w *windowSystem) happen(event string) { w.events <- event }
