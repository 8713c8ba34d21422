// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/osync-go/osync/explore/internal/rewrite"
)

// coverArg is the command's first argument when the go command runs it as a wrapper of its tools.
const coverArg = "-cover-overlay="

// The go command passes file names to the cover tool without consulting the overlay (go.dev/issue/73802). So the go
// command runs the cover tool through this command, which does consult it.

// toolexec returns the flag that makes the go command do so.
func toolexec(overlay string) (string, error) {
	self, err := os.Executable()
	return "-toolexec='" + self + "' '" + coverArg + overlay + "'", err
}

// runTool runs a tool of the go command and returns its exit status.
func runTool(args []string) int {
	if err := toolError(strings.TrimPrefix(args[0], coverArg), args[1:]); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		os.Stderr.WriteString("explore: " + err.Error() + "\n")
		return 1
	}
	return 0
}

func toolError(overlay string, args []string) error {
	args = slices.Clone(args)
	if tool := strings.TrimSuffix(filepath.Base(args[0]), ".exe"); tool == "cover" && !slices.Contains(args, "-V=full") {
		after, err := lookUp(overlay, args)
		if err != nil {
			return err
		}
		args = after.args
		defer after.copy()
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd.Run()
}

// A coverRun is a run of the cover tool without the files that explore generated, whose coverage does not count.
type coverRun struct {
	args []string
	from []string // the generated files
	to   []string // where the compiler looks for them
}

// copy copies the generated files to where the go command expects the output of the cover tool for them.
func (c coverRun) copy() {
	for i, from := range c.from {
		if content, err := os.ReadFile(from); err == nil {
			_ = os.WriteFile(c.to[i], content, 0o666) // otherwise the compiler reports the file missing
		}
	}
}

// lookUp looks up the files of a run of the cover tool in the overlay.
func lookUp(overlay string, args []string) (c coverRun, err error) {
	content, err := os.ReadFile(overlay)
	if err != nil {
		return c, err
	}
	var o struct{ Replace map[string]string }
	if err := json.Unmarshal(content, &o); err != nil {
		return c, err
	}
	// The files come last, and the list of the outputs has a line for each, after one for the variables.
	list := ""
	for i, arg := range args {
		if arg == "-outfilelist" && i+1 < len(args) {
			list = args[i+1]
		}
	}
	content, err = os.ReadFile(list)
	if err != nil {
		return c, err
	}
	outputs := strings.Split(strings.TrimSpace(string(content)), "\n")
	first := len(args) - (len(outputs) - 1)
	kept := outputs[:1:1]
	c.args = slices.Clone(args[:first])
	for i, file := range args[first:] {
		actual := file
		if to, ok := o.Replace[file]; ok {
			actual = to
		}
		if strings.HasPrefix(filepath.Base(file), rewrite.Generated) {
			c.from, c.to = append(c.from, actual), append(c.to, outputs[i+1])
			continue
		}
		c.args, kept = append(c.args, actual), append(kept, outputs[i+1])
	}
	return c, os.WriteFile(list, []byte(strings.Join(kept, "\n")+"\n"), 0o666)
}
