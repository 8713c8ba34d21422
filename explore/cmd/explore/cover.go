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

// coverArg is the first argument of the command when the go command runs it in front of its tools.
const coverArg = "-cover-overlay="

// The go command tells the cover tool the names of the files without a look at the overlay
// (go.dev/issue/73802). So it runs the cover tool through this command, which looks.

// toolexec returns the flag by which the go command does so.
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

// A coverRun is a call of the cover tool without the files that explore has generated, which count for nothing.
type coverRun struct {
	args []string
	from []string // the generated files
	to   []string // where the compiler looks for them
}

// copy puts the generated files where the go command expects what the cover tool has made of them.
func (c coverRun) copy() {
	for i, from := range c.from {
		if content, err := os.ReadFile(from); err == nil {
			_ = os.WriteFile(c.to[i], content, 0o666) // the compiler misses it otherwise, and says so
		}
	}
}

// lookUp finds the files of a call of the cover tool in the overlay.
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
