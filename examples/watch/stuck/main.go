// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command stuck is a small server with three problems: a slow holder of a lock, a goroutine that is stuck, and a deadlock. It
// shows how package watch finds each.
//
//	go run ./examples/watch/stuck                        # some seconds, and what is to be seen
//	go run ./examples/watch/stuck -serve                 # all three, to look at yourself
//	go run ./examples/watch/stuck -serve -deadlock       # one of them
//	go run -tags osync_debug ./examples/watch/stuck -deadlock
//
// Watch for: the names of the locks, the ages of the waits, and the functions that the goroutines are in. For the slow
// holder that is not enough, as its waits come and go: there it helps to know which goroutine has unlocked.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"os/signal"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/terminal"
	"github.com/osync-go/osync/locks/watch"
)

const about = `stuck is a small server with three problems, which package watch finds: a slow holder of a lock, a goroutine that is
stuck, and a deadlock.

Without flags it starts one after the other, shows what is to be seen of each, and ends. With -serve it stays, and its
page of waits is at /debug/osync/, beside /debug/pprof: find the problems yourself.`

// A config is what the flags say.
type config struct {
	problems []problem
	serve    bool
	addr     string
}

func main() {
	var c config
	flag.BoolVar(&c.serve, "serve", false, "stay, until interrupted")
	flag.StringVar(&c.addr, "addr", "localhost:6060", "the `address` that -serve listens at")
	wanted := make([]*bool, len(problems))
	for i, p := range problems {
		wanted[i] = flag.Bool(p.name, false, p.about+" (all of the problems if none is given)")
	}
	program.Main(about, func(out io.Writer) error {
		for i, p := range problems {
			if *wanted[i] {
				c.problems = append(c.problems, p)
			}
		}
		if len(c.problems) == 0 {
			c.problems = problems
		}
		if c.serve {
			return serve(out, c)
		}
		return show(out, c.problems)
	})
}

// debug is what a server has at its debugging address.
func debug() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/debug/osync/", watch.Handler())
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

// serve starts the problems, and stays.
func serve(out io.Writer, c config) error {
	l, err := net.Listen("tcp", c.addr)
	if err != nil {
		return err
	}
	watch.SetContentionFraction(1) // of each contention; 100 is enough for a busy server
	for _, p := range c.problems {
		p.start()
		fmt.Fprintf(out, "started: %s\n", p.about)
	}
	fmt.Fprintf(out, `
Which goroutine waits for which lock, since when; curl gets text:
  http://%[1]s/debug/osync/
Where they are:
  http://%[1]s/debug/osync/?stacks=1
Which calls have kept others waiting:
  go tool pprof -top http://%[1]s/debug/osync/profile/contention
All goroutines, as without package watch:
  http://%[1]s/debug/pprof/goroutine?debug=2

Control-C ends it. Run with -tags osync_debug, it reports by itself that two goroutines lock in different orders.
`, l.Addr())
	s := &http.Server{Handler: debug()}
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	go func() {
		<-interrupted
		s.Close()
	}()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// show starts the problems one after the other, and prints what is to be seen of each.
func show(out io.Writer, problems []problem) error {
	paint := terminal.Colors(terminal.HasColor(out))
	for _, p := range problems {
		fmt.Fprintf(out, "%s: %s\n\n%s\n\n", paint(terminal.Bold, p.name), p.about, p.look)
		if err := p.show(out); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		fmt.Fprintf(out, "\n%s %s\n\n", paint(terminal.Green, "The bug:"), p.found)
	}
	return nil
}

// show starts the problem, and prints slow waits for its locks.
func (p problem) show(out io.Writer) error {
	find := p.lasting
	if p.passes {
		ended := make(chan watch.SlowWait, 1)
		defer watch.OnSlow(slow, func(w watch.SlowWait) {
			if w.Ended && w.Lock.Name == p.locks[0] && w.For == "read" && w.UnlockedBy.Goroutine != 0 {
				select {
				case ended <- w:
				default: // one will do
				}
			}
		})()
		find = func() []watch.SlowWait {
			select {
			case w := <-ended:
				return []watch.SlowWait{w}
			default:
				return nil
			}
		}
	}
	p.start()
	progress := terminal.NewProgress(out)
	defer progress.Clear()
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(20 * time.Millisecond) { // a busy machine may be slow
		progress.Show("waiting until a wait is slow")
		if waits := find(); len(waits) > 0 {
			progress.Clear()
			for _, w := range waits {
				printWait(out, w)
			}
			return nil
		}
	}
	return fmt.Errorf("no goroutine waits for all of %q", p.locks)
}

const slow = 200 * time.Millisecond

// lasting returns the slow waits for the locks, if there are some for each.
func (p problem) lasting() (waits []watch.SlowWait) {
	of := map[string]bool{}
	for _, w := range watch.WaitsWithStacks() {
		if age := time.Since(w.Since); age >= slow && slices.Contains(p.locks, w.Lock.Name) {
			waits = append(waits, watch.SlowWait{Wait: w, Lasted: age})
			of[w.Lock.Name] = true
		}
	}
	if len(of) < len(p.locks) {
		return nil
	}
	return waits
}

func printWait(out io.Writer, w watch.SlowWait) {
	verb := "has waited"
	if w.Ended {
		verb = "waited"
	}
	fmt.Fprintf(out, "  goroutine %d %s %v for %v, to %s%s\n", w.Goroutine, verb, w.Lasted.Round(time.Millisecond), w.Lock, w.For, in(w.Stack))
	if w.UnlockedBy.Goroutine != 0 {
		fmt.Fprintf(out, "  goroutine %d has unlocked it%s\n", w.UnlockedBy.Goroutine, in(w.UnlockedBy.Stack))
	}
}

// in says in which function of this program a goroutine is.
func in(s watch.Stack) string {
	for _, f := range s {
		if !strings.HasPrefix(f.Function, "github.com/osync-go/osync/locks") {
			return fmt.Sprintf(", in %s (%s:%d)", path.Base(f.Function), path.Base(f.File), f.Line)
		}
	}
	return ""
}
