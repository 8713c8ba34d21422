// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"time"

	"github.com/osync-go/osync/examples/internal/terminal"
)

// ofDemo is set in the environment of the processes that the demonstration starts. They end with it.
const ofDemo = "OSYNC_EXAMPLE_LOCKS"

func endWithParent() {
	if os.Getenv(ofDemo) == "" {
		return
	}
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(1)
	}()
}

// A show is a demonstration: an engine, and other processes that use the same folder.
type show struct {
	*engine
	out      io.Writer
	progress *terminal.Progress
}

func demo(out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "locks")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	e, err := openEngine(dir, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.close()) }()
	s := &show{e, out, terminal.NewProgress(out)}
	return errors.Join(s.killed(), s.stopped(), s.churned())
}

func (s *show) title(text string) { fmt.Fprintf(s.out, "\n%s\n", s.paint(terminal.Bold, text)) }

// killed has a process killed while it holds a lock.
func (s *show) killed() error {
	s.title("Four containers, and a process that starts one of them")
	for _, name := range []string{"web", "db", "cache", "cron"} {
		if err := s.create(name); err != nil {
			return err
		}
	}
	p, err := s.holder("web")
	if err != nil {
		return err
	}
	defer end(p)
	if err := s.list(); err != nil {
		return err
	}
	s.title("It is killed, and another one starts that container")
	end(p)
	if err := s.list(); err != nil {
		return err
	}
	return s.startsOnce("web")
}

// stopped has a process stopped while it holds a lock, as a debugger or control-Z does it.
func (s *show) stopped() error {
	s.title("A process is stopped while it starts a container")
	p, err := s.holder("cron")
	if err != nil {
		return err
	}
	defer end(p)
	if err := stop(p.Process); errors.Is(err, errors.ErrUnsupported) {
		fmt.Fprintln(s.out, "that is not possible on this system: it is only slow")
	} else if err != nil {
		return err
	}
	// An operator reads what the other process is stuck at, and kills the culprit.
	killer := time.AfterFunc(2*patience+patience/2, func() { p.Process.Kill() })
	defer killer.Stop()
	if err := s.startsOnce("cron"); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "that was after: kill -9 %d\n", p.Process.Pid)
	return nil
}

// startsOnce starts a container that has never been started before to the end.
func (s *show) startsOnce(name string) error {
	if err := s.start(name, func() {}); err != nil {
		return err
	}
	switch c, err := s.load(name); {
	case err != nil:
		return err
	case c.Starts != 1 || c.Status != "running":
		return fmt.Errorf("container %q was started once: %+v", name, c)
	}
	return nil
}

const churnKills = 60

// churned has processes killed that make and remove containers all the time.
func (s *show) churned() error {
	s.title(fmt.Sprintf("Three processes make and remove containers, and are killed, %d times", churnKills))
	var all [3]*exec.Cmd
	defer func() {
		for _, p := range all {
			if p != nil {
				end(p)
			}
		}
	}()
	for n := range churnKills {
		s.progress.Show(fmt.Sprintf("%d of %d", n, churnKills))
		i := n % len(all)
		if all[i] != nil {
			end(all[i])
		}
		var err error
		if all[i], err = s.process("churn", fmt.Sprint("c", i)); err != nil {
			return err
		}
		time.Sleep(time.Duration(20+rand.IntN(30)) * time.Millisecond)
	}
	for i, p := range all {
		end(p)
		all[i] = nil
	}
	s.progress.Clear()
	if err := errors.Join(s.list(), s.prune()); err != nil {
		return err
	}
	return s.check()
}

// check looks whether each container has a lock of its own, and no other lock is allocated.
func (s *show) check() error {
	names, err := s.containers()
	if err != nil {
		return err
	}
	files, err := os.ReadDir(s.dir)
	if err != nil {
		return err
	}
	n := 0
	for _, f := range files {
		if len(f.Name()) > 5 && f.Name()[len(f.Name())-5:] == ".json" {
			n++
		}
	}
	if n != len(names) {
		return fmt.Errorf("%d containers have %d locks", n, len(names))
	}
	for i, entry := range s.locks.All() {
		if _, known := names[i]; !known && i > 0 || !entry.Kept {
			return fmt.Errorf("lock %d belongs to no container: %+v", i, entry)
		}
		delete(names, i)
	}
	if len(names) > 0 {
		return fmt.Errorf("containers without a lock: %v", names)
	}
	fmt.Fprintf(s.out, "%s each of %d containers has a lock of its own\n", s.paint(terminal.Green, "well:"), n)
	return nil
}

// churn makes and removes a container forever.
func (e *engine) churn(name string) error {
	for n := 0; ; n = (n + 1) % 10 {
		name := fmt.Sprintf("%s-%d", name, n)
		if _, err := e.load(name); err != nil {
			err = e.create(name)
			if err != nil {
				return err
			}
		}
		if err := e.start(name, func() {}); err != nil {
			return err
		}
		if rand.IntN(10) > 0 {
			if err := e.remove(name); err != nil {
				return err
			}
		}
	}
}

// holder starts a process that is starting a container, and waits until it does.
func (s *show) holder(name string) (*exec.Cmd, error) {
	p, err := s.process("start", "-for", "1h", name)
	if err != nil {
		return nil, err
	}
	for began := time.Now(); time.Since(began) < time.Minute; time.Sleep(time.Millisecond) {
		if c, err := s.load(name); err == nil && c.Status == "starting" {
			return p, nil
		}
	}
	end(p)
	return nil, fmt.Errorf("a process did not start %q in a minute", name)
}

// process starts this program with a command in the same folder.
func (s *show) process(args ...string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := exec.Command(self, append([]string{"-dir", s.dir}, args...)...)
	p.Env = append(os.Environ(), ofDemo+"=1")
	p.Stderr = os.Stderr
	if _, err := p.StdinPipe(); err != nil {
		return nil, err
	}
	return p, p.Start()
}

// end kills a process, if it has not ended.
func end(p *exec.Cmd) {
	p.Process.Kill()
	p.Wait()
}
