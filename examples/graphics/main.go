// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command graphics draws from a thread of its own while the first thread waits for events of the window, as programs with
// a window do. The window and the graphics library are simulated, and count the calls on a wrong thread.
//
// Watch for: no goroutine needs to know which thread it runs on. Those that load call the library through an Executor; those
// that want something of the window, through a Loop.
package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/thread"
)

const about = `graphics draws from a thread of its own while the first thread waits for events of the window.
The window and the graphics library are simulated, and count the calls on a wrong thread.`

// The main goroutine stays on the first thread, which macOS wants for windows.
func init() { thread.Pin() }

func main() { program.Main(about, run) }

// run is called on the thread that the window is to belong to.
func run(out io.Writer) error {
	if runtime.GOARCH == "wasm" {
		return fmt.Errorf("%w: there are no threads", errors.ErrUnsupported)
	}
	window := openWindowSystem()
	loop := thread.NewLoop(window.post)
	defer loop.Close()

	failed := make(chan error, 1)
	go func() {
		failed <- application(out, window, loop)
		window.happen("quit")
	}()
	// The event loop of the window: a turn for each event, and one for whatever goroutines want of this thread.
	keys := 0
	for event := window.wait(); event != "quit"; event = window.wait() {
		if event != "" {
			keys++
		}
		loop.RunPending()
	}
	if err := <-failed; err != nil {
		return err
	}
	fmt.Fprintf(out, "window:   thread %d; %d events, title %q, %d calls on a wrong thread\n", window.owner, keys, window.title, window.wrong.Load())
	if n := window.wrong.Load(); n != 0 {
		return fmt.Errorf("%d calls of the window system on a wrong thread", n)
	}
	return nil
}

const (
	textures = 20
	frames   = 30
)

// application is the program, on ordinary goroutines.
func application(out io.Writer, window *windowSystem, loop *thread.Loop) error {
	context := new(glContext)
	gl, err := thread.NewExecutor(thread.ExecutorOptions{Start: func() error {
		_ = thread.SetName("render") // for debuggers
		return context.makeCurrent()
	}})
	if err != nil {
		return err
	}
	defer gl.Close()

	// An ordinary goroutine is on any thread but that of the Executor, which runs nothing else.
	wrong := context.draw(0)
	fmt.Fprintf(out, "direct:   %v\n", wrong)
	if !errors.Is(wrong, errThread) {
		return fmt.Errorf("a direct call returned %w, want an error", wrong)
	}

	// Goroutines load textures, as many at a time as there are, and call the library through the Executor.
	var wg sync.WaitGroup
	ids, errs := make([]int, textures), make([]error, textures)
	for i := range textures {
		wg.Go(func() {
			pixels := make([]byte, 64*64*4) // decoding takes place here, in parallel
			errs[i] = gl.Do(func() (err error) {
				ids[i], err = context.upload(pixels)
				return err
			})
			window.happen("key") // the user does not wait
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}

	// A frame is one function, not one for each call of the library.
	for range frames {
		err := gl.Do(func() error {
			for _, id := range ids {
				if err := context.draw(id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	// What belongs to the window is done on its thread, between two events.
	if err := loop.Do(func() error { window.setTitle("ready"); return nil }); err != nil {
		return err
	}
	if err := cost(out, gl, context, ids); err != nil {
		return err
	}
	if err := gl.Do(context.release); err != nil { // so that another thread could make it current
		return err
	}
	fmt.Fprintf(out, "graphics: %d textures, %d calls, of which %d on a wrong thread: the direct one\n", context.textures, context.calls, context.wrong)
	if context.wrong != 1 || context.textures != textures {
		return errors.New("the calls through the Executor were not all on its thread")
	}
	return nil
}

// cost prints what it takes to draw 200 things from a goroutine.
func cost(out io.Writer, gl *thread.Executor, context *glContext, ids []int) error {
	const n = 200
	began := time.Now()
	for i := range n {
		if err := gl.Do(func() error { return context.draw(ids[i%len(ids)]) }); err != nil {
			return err
		}
	}
	each := time.Since(began)
	began = time.Now()
	err := gl.Do(func() error {
		for i := range n {
			if err := context.draw(ids[i%len(ids)]); err != nil {
				return err
			}
		}
		return nil
	})
	once := time.Since(began)
	fmt.Fprintf(out, "cost:     %d calls, each in a Do of its own: %v; all in one Do: %v\n", n, each.Round(time.Microsecond), once.Round(time.Microsecond))
	return err
}
