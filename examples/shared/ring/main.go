// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command ring passes records from one process to another through a ring buffer in shared memory, and kills
// both again and again, at any instruction. The counters stay right.
//
//	go run ./examples/shared/ring -kills 200
//
// On Linux the producer is written in C, if there is a compiler: see producer/ring.c, and osync.h in package locks/shared. Each
// process that gets the mutex of one that died learns of it. The exit status is 1 if a record was lost, came twice, or was not
// whole.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/examples/internal/terminal"
	"github.com/osync-go/osync/locks/shared"
)

const about = `Ring passes records from one process to another through a ring buffer in shared memory. It kills the
producer and the consumer in turn, wherever they are, and starts them again. No record is lost or comes twice.`

//go:embed producer/ring.c
var ringC string

func main() {
	if done, err := runAsWorker(); done {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	kills := flag.Int("kills", 60, "how many processes to kill")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the moments of the kills, which a run prints")
	program.Main(about, func(out io.Writer) error { return run(out, *kills, rand.New(rand.NewPCG(*seed, 0)), *seed) })
}

func run(out io.Writer, kills int, random *rand.Rand, seed uint64) error {
	if kills < 0 {
		return errors.New("-kills must not be negative")
	}
	dir, err := os.MkdirTemp("", "ring")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "region")
	region, err := shared.Create(file, shared.SizeFor[ring]())
	if err != nil {
		return err
	}
	defer region.Close()
	r, err := shared.Map[ring](region)
	if err != nil {
		return err
	}
	if err := r.initialize(); err != nil {
		return err
	}
	producer, language := compile(dir, file)
	consumer := worker("consume", file)
	fmt.Fprintf(out, "The producer is written in %s, the consumer in Go. Seed %d.\n", language, seed)

	workers := []*process{{command: producer}, {command: consumer}}
	defer func() {
		for _, w := range workers {
			w.kill()
		}
	}()
	progress := terminal.NewProgress(os.Stderr)
	defer progress.Clear()
	for _, w := range workers {
		if err := w.start(); err != nil {
			return err
		}
	}
	begin := time.Now()
	for i := range kills {
		time.Sleep(time.Duration(random.IntN(30_000)) * time.Microsecond)
		w := workers[i%2]
		if err := w.kill(); err != nil {
			return err
		}
		_, now, deaths, err := r.state()
		if err != nil {
			return err
		}
		progress.Show(fmt.Sprintf("%d of %d kills, %d of them with the mutex locked; %d records", i+1, kills, deaths, now.read))
		if err := w.start(); err != nil {
			return err
		}
	}
	progress.Clear()
	if err := drain(r, workers); err != nil {
		return err
	}
	return report(out, r, kills, time.Since(begin))
}

// drain ends the producer, and lets the consumer read the rest.
func drain(r *ring, workers []*process) error {
	if err := workers[0].kill(); err != nil {
		return err
	}
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		written, now, _, err := r.state()
		switch {
		case err != nil:
			return err
		case written == now.read:
			return workers[1].kill()
		case time.Now().After(end):
			return fmt.Errorf("the consumer has read %d of %d records after a minute", now.read, written)
		}
	}
}

// report says what has happened, and checks the sum.
func report(out io.Writer, r *ring, kills int, took time.Duration) error {
	written, now, deaths, err := r.state()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d kills in %.1f s, %d of them while the process held the mutex.\n", kills, took.Seconds(), deaths)
	fmt.Fprintf(out, "%d records written, %d read, each once and in order.\n", written, now.read)
	var sum uint64
	for seq := range now.read {
		sum += valueOf(seq)
	}
	if written != now.read || sum != now.sum {
		return fmt.Errorf("the sum of what was read is %d, not %d", now.sum, sum)
	}
	fmt.Fprintf(out, "The sum of what was read is right: %d.\n", sum)
	return nil
}

// A process can be started again.
type process struct {
	command func() *exec.Cmd
	running *exec.Cmd
	input   io.Closer // its end tells a process in Go that this program has ended
}

func (p *process) start() (err error) {
	p.running = p.command()
	p.running.Stderr = os.Stderr
	if p.input, err = p.running.StdinPipe(); err != nil {
		return err
	}
	return p.running.Start()
}

// kill kills the process. It is an error if that has ended by itself.
func (p *process) kill() error {
	if p.running == nil || p.running.Process == nil {
		return nil
	}
	defer func() { p.running = nil }()
	p.running.Process.Kill()
	err := p.running.Wait()
	p.input.Close()
	if p.running.ProcessState.Exited() && p.running.ProcessState.ExitCode() != 1 || err == nil {
		return fmt.Errorf("%s has ended: %v", filepath.Base(p.running.Path), p.running.ProcessState)
	}
	return nil
}

// compile returns the producer: in C, or in Go if there is no compiler.
func compile(dir, file string) (command func() *exec.Cmd, language string) {
	bin := filepath.Join(dir, "producer")
	err := errors.ErrUnsupported
	if withC {
		err = compileC(dir, bin)
	}
	if err != nil {
		return worker("produce", file), fmt.Sprintf("Go, as there is no C one: %v", err)
	}
	return func() *exec.Cmd { return exec.Command(bin, file) }, "C"
}

func compileC(dir, bin string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	include, err := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "github.com/osync-go/osync/locks/shared").Output()
	if err != nil {
		return fmt.Errorf("go list, to find osync.h: %w", err)
	}
	source := filepath.Join(dir, "ring.c")
	if err := os.WriteFile(source, []byte(ringC), 0o600); err != nil {
		return err
	}
	cc := exec.CommandContext(ctx, "cc", "-std=gnu11", "-O2", "-pthread", "-I", strings.TrimSpace(string(include)), "-o", bin, source)
	if text, err := cc.CombinedOutput(); err != nil {
		return fmt.Errorf("cc: %w %s", err, text)
	}
	return nil
}

// workerVar says what a process of this program is to do, and with which file.
const workerVar = "OSYNC_EXAMPLE_RING"

// worker returns the command of this program as a producer or a consumer.
func worker(role, file string) func() *exec.Cmd {
	return func() *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), workerVar+"="+role+":"+file)
		return cmd
	}
}

// runAsWorker is the program as a producer or a consumer. It reports false if it is neither.
func runAsWorker() (done bool, err error) {
	role, file, ok := strings.Cut(os.Getenv(workerVar), ":")
	if !ok {
		return false, nil
	}
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	region, err := shared.Open(file)
	if err != nil {
		return true, err
	}
	r, err := shared.Map[ring](region)
	if err != nil {
		return true, err
	}
	if role == "produce" {
		return true, r.forever(r.produce)
	}
	return true, r.forever(r.consume)
}
