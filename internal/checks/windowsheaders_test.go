// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mingw is the compiler that has Windows headers. tools/wine/setup installs it.
const mingw = "x86_64-w64-mingw32-gcc"

// windowsEnumerators are the constants of sys/windows that are enumerators in the headers. Others are compared if they
// are macros there.
var windowsEnumerators = []string{
	"AVRT_PRIORITY_VERYLOW", "AVRT_PRIORITY_LOW", "AVRT_PRIORITY_NORMAL", "AVRT_PRIORITY_HIGH", "AVRT_PRIORITY_CRITICAL",
	"ThreadMemoryPriority", "ThreadPowerThrottling", "ObjectBasicInformation",
	"QUEUE_USER_APC_FLAGS_NONE", "QUEUE_USER_APC_FLAGS_SPECIAL_USER_APC",
}

// windowsStructs are the structures of sys/windows whose sizes its tests pin, and their names in the headers.
var windowsStructs = map[string]string{
	"SRWLock": "SRWLOCK", "ConditionVariable": "CONDITION_VARIABLE", "InitOnce": "INIT_ONCE", "CriticalSection": "CRITICAL_SECTION",
	"SynchronizationBarrier": "SYNCHRONIZATION_BARRIER", "GroupAffinity": "GROUP_AFFINITY", "ProcessorNumber": "PROCESSOR_NUMBER",
	"ObjectBasicInfo": "PUBLIC_OBJECT_BASIC_INFORMATION", "ReasonContext": "REASON_CONTEXT",
	"MemoryPriorityInformation": "MEMORY_PRIORITY_INFORMATION", "ObjectAttributes": "OBJECT_ATTRIBUTES",
}

var pinnedSize = regexp.MustCompile(`unsafe\.Sizeof\((\w+)\{\}\)-(.+)\]\n`)

// TestWindowsHeaders has a compiler compare the constants and the sizes of sys/windows with the headers of MinGW-w64.
func TestWindowsHeaders(t *testing.T) {
	compiler, err := exec.LookPath(mingw)
	if err != nil {
		t.Skipf("no %s, which tools/wine/setup installs", mingw)
	}
	var code strings.Builder
	code.WriteString("#define _WIN32_WINNT 0x0A00\n#define NTDDI_VERSION 0x0A00000B\n#define WIN32_LEAN_AND_MEAN\n" +
		"#include <windows.h>\n#include <winternl.h>\n#include <avrt.h>\n#define word sizeof(void *)\n")
	dir := filepath.Join(root(t), "sys", "windows")
	enumerators := 0
	for name, value := range literals(t, filepath.Join(dir, "*_windows.go")) {
		check := fmt.Sprintf("_Static_assert((unsigned)(%s) == (unsigned)(%s), \"%s is not %s\");\n", name, value, name, value)
		if slices.Contains(windowsEnumerators, name) {
			enumerators++
			code.WriteString(check)
		} else {
			fmt.Fprintf(&code, "#ifdef %s\n%s#endif\n", name, check)
		}
	}
	if enumerators != len(windowsEnumerators) {
		t.Errorf("%d of the %d enumerators are constants of sys/windows", enumerators, len(windowsEnumerators))
	}
	pins, err := os.ReadFile(filepath.Join(dir, "proc_windows_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	sizes := 0
	for _, m := range pinnedSize.FindAllStringSubmatch(string(pins), -1) {
		if name, ok := windowsStructs[m[1]]; ok {
			sizes++
			fmt.Fprintf(&code, "_Static_assert(sizeof(%s) == %s, \"%s has another size\");\n", name, m[2], name)
		}
	}
	if sizes != len(windowsStructs) {
		t.Errorf("the tests of sys/windows pin the sizes of %d of %d structures", sizes, len(windowsStructs))
	}
	cmd := exec.Command(compiler, "-fsyntax-only", "-x", "c", "-")
	cmd.Stdin = strings.NewReader(code.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// literals returns the constants of some files that are numbers, or their negatives, by their names.
func literals(t *testing.T, pattern string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range f.Decls {
			d, ok := decl.(*ast.GenDecl)
			if !ok || d.Tok != token.CONST {
				continue
			}
			for _, spec := range d.Specs {
				s := spec.(*ast.ValueSpec)
				for i, value := range s.Values {
					sign := ""
					if minus, ok := value.(*ast.UnaryExpr); ok && minus.Op == token.SUB {
						sign, value = "-", minus.X
					}
					if number, ok := value.(*ast.BasicLit); ok && number.Kind == token.INT {
						found[s.Names[i].Name] = sign + number.Value
					}
				}
			}
		}
	}
	return found
}
