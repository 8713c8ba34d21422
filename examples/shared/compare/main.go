// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

// Command compare lays the locks of package shared beside the C library's robust process-shared mutex: processes with some
// threads or goroutines each add to one counter. It needs a C compiler.
//
//	go run ./shared/compare -rounds 5 -time 500ms
//
// Rounds of the locks take turns, and it prints medians: additions per second, the ratio of that to C's, the
// longest time that a worker made no progress, to a millisecond, and the smallest and the largest share that a worker got of what
// is fair.
package main

import (
	"bufio"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	_ "embed"

	"github.com/osync-go/osync/locks/shared"
)

const (
	pthreadSize = unsafe.Sizeof(shared.PthreadMutex{})
	mutexSize   = unsafe.Sizeof(shared.Mutex{})
)

//go:embed c/glibc.c
var glibc []byte

var (
	processes = flag.Int("processes", 8, "how many processes add to the counter")
	each      = flag.Int("each", 4, "how many goroutines or threads each has")
	rounds    = flag.Int("rounds", 5, "how many rounds there are of each lock")
	length    = flag.Duration("time", 500*time.Millisecond, "how long a round is")
)

// kinds are the locks, C's first.
var kinds = []string{"glibc", "Mutex", "PthreadMutex"}

func main() {
	log.SetFlags(0)
	if len(os.Args) == 6 && os.Args[1] == "work" {
		if err := work(os.Args[2], os.Args[3], os.Args[4], os.Args[5]); err != nil {
			log.Fatal(err)
		}
		return
	}
	flag.Parse()
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

// A result is what a round measures.
type result struct {
	perSecond, ratio  float64 // the ratio is to C's time in the same round
	stall             time.Duration
	smallest, largest float64
}

func run() error {
	if n := *processes * *each; n < 1 || n > workersMost {
		return fmt.Errorf("%d workers: there may be %d", n, workersMost)
	}
	dir, err := os.MkdirTemp("", "compare")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program, err := compile(dir)
	if err != nil {
		return err
	}
	results := map[string][]result{}
	for round := range *rounds {
		for i := range kinds {
			kind := kinds[(round+i)%len(kinds)]
			r, err := measure(kind, program, filepath.Join(dir, fmt.Sprint(round, kind)))
			if err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
			results[kind] = append(results[kind], r)
		}
		for _, kind := range kinds {
			results[kind][round].ratio = results[kinds[0]][round].perSecond / results[kind][round].perSecond
		}
	}
	fmt.Printf("%d processes with %d each, medians of %d rounds of %v\n\n", *processes, *each, *rounds, *length)
	fmt.Printf("%-13s %12s %9s %11s %18s\n", "lock", "per second", "time / C", "stall", "shares of fair")
	for _, kind := range kinds {
		of := func(f func(result) float64) float64 { return median(results[kind], f) }
		fmt.Printf("%-13s %12.0f %9.2f %11v %8.2f … %5.2f\n", kind,
			of(func(r result) float64 { return r.perSecond }), of(func(r result) float64 { return r.ratio }),
			time.Duration(of(func(r result) float64 { return float64(r.stall) })).Round(time.Millisecond),
			of(func(r result) float64 { return r.smallest }), of(func(r result) float64 { return r.largest }))
	}
	return nil
}

func median(rs []result, f func(result) float64) float64 {
	rs = slices.SortedFunc(slices.Values(rs), func(a, b result) int { return cmp.Compare(f(a), f(b)) })
	return f(rs[len(rs)/2])
}

// compile compiles c/glibc.c, and returns the program.
func compile(dir string) (string, error) {
	header, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/osync-go/osync/locks/shared").Output()
	if err != nil {
		return "", fmt.Errorf("go list: %w", err)
	}
	source, program := filepath.Join(dir, "glibc.c"), filepath.Join(dir, "glibc")
	if err := os.WriteFile(source, glibc, 0o600); err != nil {
		return "", err
	}
	cc := exec.Command("cc", "-std=gnu11", "-O2", "-pthread", "-I"+strings.TrimSpace(string(header)), "-o", program, source)
	cc.Stderr = os.Stderr
	return program, cc.Run()
}

// measure does a round.
func measure(kind, program, name string) (result, error) {
	r, err := shared.Create(name, shared.SizeFor[state]())
	if err != nil {
		return result{}, err
	}
	defer r.Close()
	s, err := shared.Map[state](r)
	if err != nil {
		return result{}, err
	}
	if err := s.pthread.Init(); err != nil {
		return result{}, err
	}
	var workers []*exec.Cmd
	defer func() {
		for _, w := range workers {
			w.Process.Kill()
			w.Wait()
		}
	}()
	for i := range *processes {
		w := exec.Command(os.Args[0], "work", kind, name, strconv.Itoa(i**each), strconv.Itoa(*each))
		if kind == kinds[0] {
			w = exec.Command(program, name, strconv.Itoa(i**each), strconv.Itoa(*each))
		}
		w.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		w.Stderr = os.Stderr
		out, err := w.StdoutPipe()
		if err != nil {
			return result{}, err
		}
		if err := w.Start(); err != nil {
			return result{}, err
		}
		workers = append(workers, w)
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			return result{}, errors.Join(errors.New("a worker is not ready"), err)
		}
	}
	res := watch(s)
	for _, w := range workers {
		if err := w.Wait(); err != nil {
			return res, err
		}
	}
	return res, nil
}

// watch lets the workers work, and sees what each of them does.
func watch(s *state) (res result) {
	n := *processes * *each
	last, since := make([]uint64, n), make([]time.Time, n)
	began := time.Now()
	for i := range since {
		since[i] = began
	}
	s.phase.Store(1)
	for time.Since(began) < *length {
		time.Sleep(time.Millisecond)
		now := time.Now()
		for i := range n {
			if added := s.added[i].n; added == last[i] {
				res.stall = max(res.stall, now.Sub(since[i]))
			} else {
				last[i], since[i] = added, now
			}
		}
	}
	s.phase.Store(2)
	took := time.Since(began)
	var sum uint64
	res.smallest = 1e9
	for i := range n {
		sum += s.added[i].n
	}
	for i := range n {
		share := float64(s.added[i].n) * float64(n) / float64(sum)
		res.smallest, res.largest = min(res.smallest, share), max(res.largest, share)
	}
	res.perSecond = float64(sum) / took.Seconds()
	return res
}
