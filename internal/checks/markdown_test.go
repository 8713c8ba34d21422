// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux

package checks

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	markdownLink = regexp.MustCompile(`\]\(([^)#\s]+)(#[^)\s]*)?\)`)
	goBlock      = regexp.MustCompile("(?s)```go\n(.*?)```")
)

func TestMarkdownLinks(t *testing.T) {
	for _, f := range files(t, ".md") {
		for _, link := range markdownLink.FindAllStringSubmatch(f.text, -1) {
			if strings.Contains(link[1], ":") {
				continue // on another host
			}
			target := path.Join(path.Dir(f.path), link[1])
			if _, err := os.Stat(filepath.Join(root(t), filepath.FromSlash(target))); err != nil {
				t.Errorf("%s links to %s, which is not there", f.path, link[1])
			}
		}
	}
}

// TestReadmeCode compiles the README's Go code. Each block is a whole program, so that a
// reader can paste it.
func TestReadmeCode(t *testing.T) {
	for _, f := range files(t, "README.md") {
		for i, block := range goBlock.FindAllStringSubmatch(f.text, -1) {
			pkg := fmt.Sprintf("internal/checks/readme%d", i)
			goTool(t, nil, "build", "-o", filepath.Join(t.TempDir(), "readme"), overlay(t, map[string]string{pkg + "/main.go": block[1]}), "./"+pkg)
		}
	}
}
