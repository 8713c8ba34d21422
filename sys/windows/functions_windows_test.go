// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	xwindows "golang.org/x/sys/windows"
)

var (
	libraryLine  = regexp.MustCompile(`(\w+)\s+= windows\.NewLazySystemDLL\("([\w.-]+)"\)`)
	functionLine = regexp.MustCompile(`proc\{dll: (\w+), name: "(\w+)"\}`)
)

// TestFunctions looks up each function of the package in the system, and prints those that are missing. docs/bindings.md
// must not promise that these are tested under Wine.
func TestFunctions(t *testing.T) {
	files, err := filepath.Glob("*_windows.go")
	ok(t, err)
	var source strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		ok(t, err)
		source.Write(text)
	}
	libraries := map[string]*xwindows.LazyDLL{}
	for _, m := range libraryLine.FindAllStringSubmatch(source.String(), -1) {
		libraries[m[1]] = xwindows.NewLazySystemDLL(m[2])
	}
	functions := functionLine.FindAllStringSubmatch(source.String(), -1)
	if len(functions) == 0 {
		t.Skip("the source is not here")
	}
	var missing []string
	for _, m := range functions {
		library := libraries[m[1]]
		if library == nil {
			t.Fatalf("%s is in the library %s, which is none", m[2], m[1])
		}
		if library.NewProc(m[2]).Find() != nil {
			missing = append(missing, m[2])
		}
	}
	slices.Sort(missing)
	t.Logf("this system has %d of the %d functions of sys/windows, and lacks %d: %s",
		len(functions)-len(missing), len(functions), len(missing), strings.Join(missing, ", "))

	if notWine(t, "the calls above") {
		return
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "bindings.md"))
	ok(t, err)
	for _, name := range missing {
		name = strings.TrimSuffix(name, "W") // the form of a function for UTF-16
		row := regexp.MustCompile("(?m)^.*`" + name + "`.*$").FindString(string(page))
		if !strings.Contains(row, "| built") {
			t.Errorf("this Wine lacks %s, and docs/bindings.md says %q", name, row)
		}
	}
}
