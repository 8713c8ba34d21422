// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Mutate measures how many faults the tests of the locks detect: it makes every small fault of certain kinds in the
// files of the algorithms, one at a time, and runs test suites against each. A mutant is caught if a suite fails, or
// exceeds its time limit. A mutant that survives shows that a test is missing, or changes nothing that matters; in the
// second case its entry in tools/mutate/survivors gives the reason.
//
//	GOWORK=off go -C tools run ./mutate locks/latch.go
//
// It does not modify the files: each mutant is an overlay of the go command.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

const usage = `usage: GOWORK=off go -C tools run ./mutate [flags] [file...]

Mutate makes every mutant of the files, runs test suites against each, and prints the score and
the survivors. Files are relative to the root of the repository; the default is all files that suites.txt
names. It exits with 1 if a mutant survives without a reason in tools/mutate/survivors, if an entry there names no mutant,
or if a mutant that is listed as equivalent is caught. With -list it only checks the entries.

  mutate -list -diff locks/latch.go          print the mutants that would be tried
  mutate -only locks/latch.go:113            try the mutants of a line
  mutate -only 3fa29c1b -fresh -v            run one of them again
  mutate -sample 100 -seed 7                 try a sample of all files

Outcomes are cached in the user's cache by the mutated file, the suite, and the suite's tests. If code that the
tests use has changed, -fresh runs them again. Mutants have their own build cache, osync/mutate/build in the user's
cache, which is emptied when it holds more than 4 GB. Ctrl-C prints what is known by then.

flags:
`

// options holds the values of the command line.
type options struct {
	root, suites, survivors, cache   string
	only, op                         string
	jobs, batch, sample              int
	seed                             uint64
	list, diff, fresh, json, verbose bool
	open                             bool
	files                            []string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the command at once
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the command. It returns its exit status.
func run(ctx context.Context, args []string, out, progress io.Writer) int {
	var o options
	fs := flag.NewFlagSet("mutate", flag.ContinueOnError)
	fs.SetOutput(progress)
	fs.StringVar(&o.root, "root", "", "the root of the module; by default found from the current folder")
	fs.StringVar(&o.suites, "suites", "", "the list of suites; by default tools/mutate/suites.txt")
	fs.StringVar(&o.survivors, "survivors", "", "the folder of the lists of survivors; by default tools/mutate/survivors")
	fs.StringVar(&o.cache, "cache", "", "the folder for outcomes; by default osync/mutate in the user's cache")
	fs.StringVar(&o.only, "only", "", "only these mutants: `file:line` or id, separated by commas")
	fs.StringVar(&o.op, "op", "", "only these `operators`, separated by commas; see below")
	fs.IntVar(&o.jobs, "jobs", runtime.NumCPU(), "the number of mutants to run at the same time")
	fs.IntVar(&o.batch, "batch", 1000, "the number of mutants of a file that share a build")
	fs.IntVar(&o.sample, "sample", 0, "only this many mutants, chosen at random")
	fs.Uint64Var(&o.seed, "seed", 1, "the seed of -sample")
	fs.BoolVar(&o.list, "list", false, "print the mutants, but run nothing")
	fs.BoolVar(&o.diff, "diff", false, "with -list: print what each changes")
	fs.BoolVar(&o.open, "open", false, "only mutants without a reason in the lists; those with one take longest, since they survive most suites")
	fs.BoolVar(&o.fresh, "fresh", false, "do not use outcomes of earlier runs")
	fs.BoolVar(&o.json, "json", false, "print a JSON object for each mutant, and one for all at the end")
	fs.BoolVar(&o.verbose, "v", false, "print each mutant with what caught it")
	fs.Usage = func() {
		fmt.Fprint(progress, usage)
		fs.PrintDefaults()
		fmt.Fprintln(progress, "\noperators:")
		for _, op := range operators {
			fmt.Fprintf(progress, "  %-16s %s\n", op.name, op.doc)
		}
	}
	for {
		if err := fs.Parse(args); errors.Is(err, flag.ErrHelp) {
			return 0
		} else if err != nil {
			return 2
		}
		if fs.NArg() == 0 {
			break
		}
		o.files, args = append(o.files, fs.Arg(0)), fs.Args()[1:] // flags may follow
	}
	ok, err := o.do(ctx, out, progress)
	switch {
	case err != nil:
		fmt.Fprintf(progress, "mutate: %v\n", err)
		return 2
	case !ok:
		return 1
	}
	return 0
}

// complete fills in what the command line left out.
func (o *options) complete() error {
	if o.root == "" {
		dir, err := os.Getwd()
		if err != nil {
			return err
		}
		for {
			if _, err := os.Stat(filepath.Join(dir, "tools", "mutate", "suites.txt")); err == nil {
				break
			}
			if dir == filepath.Dir(dir) {
				return errors.New("this is no checkout of osync; name the root of the module with -root")
			}
			dir = filepath.Dir(dir)
		}
		o.root = dir
	}
	var err error
	if o.root, err = filepath.Abs(o.root); err != nil {
		return err
	}
	if o.suites == "" {
		o.suites = filepath.Join(o.root, "tools", "mutate", "suites.txt")
	}
	if o.survivors == "" {
		o.survivors = filepath.Join(o.root, "tools", "mutate", "survivors")
	}
	if o.cache == "" {
		dir, err := os.UserCacheDir()
		if err != nil {
			return err
		}
		o.cache = filepath.Join(dir, "osync", "mutate")
	}
	for _, name := range split(o.op) {
		if !slices.ContainsFunc(operators, func(op operator) bool { return op.name == name }) {
			return fmt.Errorf("there is no operator %s; -h lists them", name)
		}
	}
	if o.jobs < 1 || o.batch < 1 {
		return errors.New("-jobs or -batch is less than 1")
	}
	return nil
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' })
}

// do performs the command of the options. It reports false if a mutant or an entry is not as it should be.
func (o *options) do(ctx context.Context, out, progress io.Writer) (bool, error) {
	if err := o.complete(); err != nil {
		return false, err
	}
	targets, err := readSuites(o.root, o.suites)
	if err != nil {
		return false, err
	}
	reasons, entries, err := readSurvivors(o.survivors)
	if err != nil {
		return false, err
	}
	if targets, err = o.choose(targets); err != nil {
		return false, err
	}
	all, err := o.mutants(targets)
	if err != nil {
		return false, err
	}
	trials, unknown := o.trials(targets, all, reasons, entries)
	if len(trials) == 0 {
		return false, errors.New("no mutant is chosen")
	}
	if o.list {
		for _, t := range trials {
			fmt.Fprintln(out, t.id, t)
			if o.diff {
				for line := range strings.Lines(t.diff()) {
					fmt.Fprint(out, "\t", line)
				}
			}
		}
		for _, entry := range unknown {
			fmt.Fprintf(progress, noSuchMutant, entry)
		}
		return len(unknown) == 0, nil
	}

	memory, err := openMemory(filepath.Join(o.cache, "outcomes.jsonl"))
	if err != nil {
		return false, err
	}
	defer memory.file.Close()
	r := &report{
		out: out, progress: progress, terminal: isTerminal(progress), json: o.json, verbose: o.verbose,
		color: isTerminal(out) && os.Getenv("NO_COLOR") == "",
	}
	c := &campaign{root: o.root, jobs: o.jobs, batch: o.batch, memory: memory, fresh: o.fresh, report: r}
	err = c.run(ctx, trials)
	return r.end(trials, unknown), err
}

// choose returns the targets that the command line selects.
func (o *options) choose(targets []*target) ([]*target, error) {
	files := slices.Clone(o.files)
	for _, only := range split(o.only) {
		if file, _, ok := strings.Cut(only, ":"); ok && len(o.files) == 0 {
			files = append(files, file)
		} else if !ok {
			files = nil // an id may belong to any file
			break
		}
	}
	if len(files) == 0 {
		return targets, nil
	}
	chosen := targets[:0:0]
	for _, t := range targets {
		if slices.Contains(files, t.file) {
			chosen = append(chosen, t)
		}
	}
	for _, f := range files {
		if !slices.ContainsFunc(chosen, func(t *target) bool { return t.file == f }) {
			return nil, fmt.Errorf("%s has no suites in %s", f, o.suites)
		}
	}
	return chosen, nil
}

// mutants returns all mutants of each target.
func (o *options) mutants(targets []*target) ([][]*mutant, error) {
	all, errs := make([][]*mutant, len(targets)), make([]error, len(targets))
	slots := make(chan struct{}, o.jobs)
	var wg sync.WaitGroup
	for i, t := range targets {
		wg.Go(func() {
			slots <- struct{}{}
			all[i], errs[i] = mutantsOf(o.root, t.file, t.goos)
			<-slots
		})
	}
	wg.Wait()
	return all, errors.Join(errs...)
}

// trials returns the mutants to try, and the entries of the list of survivors that match none.
func (o *options) trials(targets []*target, all [][]*mutant, reasons, entries map[string]string) (trials []*trial, unknown []string) {
	exists := map[string]string{}
	chosen := map[string]bool{}
	for i, t := range targets {
		chosen[t.file] = true
		for _, m := range all[i] {
			exists[m.id] = m.entry()
			if o.wants(m) && !(o.open && reasons[m.id] != "") {
				trials = append(trials, &trial{mutant: m, suites: t.suites, reason: reasons[m.id]})
			}
		}
	}
	for id, entry := range entries {
		if chosen[strings.Fields(entry)[1]] && exists[id] != entry {
			unknown = append(unknown, entry)
		}
	}
	slices.Sort(unknown)
	if o.sample > 0 && o.sample < len(trials) {
		drawn := map[int]bool{}
		for _, i := range rand.New(rand.NewPCG(o.seed, 0)).Perm(len(trials))[:o.sample] {
			drawn[i] = true
		}
		some := trials[:0:0]
		for i, t := range trials {
			if drawn[i] {
				some = append(some, t)
			}
		}
		trials = some
	}
	return trials, unknown
}

// wants reports whether -only and -op select m.
func (o *options) wants(m *mutant) bool {
	if o.op != "" && !slices.Contains(split(o.op), m.op) {
		return false
	}
	return o.only == "" || slices.ContainsFunc(split(o.only), func(only string) bool {
		return only == m.id || only == fmt.Sprintf("%s:%d", m.file, m.line)
	})
}
