// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package terminal

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestColors(t *testing.T) {
	if got := Colors(true)(Red, "no"); got != "\x1b[1;31mno\x1b[0m" {
		t.Errorf("with colors: %q", got)
	}
	if got := Colors(false)(Red, "no"); got != "no" {
		t.Errorf("without colors: %q", got)
	}
}

func TestWrap(t *testing.T) {
	got := Wrap("  löst  was mit\neinem-sehr-langen Wort", 8)
	want := []string{"löst was", "mit", "einem-sehr-langen", "Wort"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHasColor(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("WT_SESSION", "1")
	t.Setenv("NO_COLOR", "")
	file, err := os.Create(filepath.Join(t.TempDir(), "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if HasColor(new(bytes.Buffer)) || HasColor(file) {
		t.Error("a buffer or a file has colors")
	}
	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	if !Is(device) {
		t.Skipf("%s is no character device here", os.DevNull)
	}
	if !HasColor(device) {
		t.Error("a device of characters has no colors")
	}
	t.Setenv("NO_COLOR", "1")
	if HasColor(device) {
		t.Error("NO_COLOR has no effect")
	}
}

func TestProgress(t *testing.T) {
	var screen bytes.Buffer
	NewProgress(&screen).Show("a buffer is no terminal")
	p := &Progress{w: &screen, begin: time.Now()}
	p.Show("too early")
	if screen.Len() > 0 {
		t.Errorf("written: %q, want nothing", &screen)
	}
	p.begin = p.begin.Add(-time.Minute)
	// Each text overwrites the one before, and the last column stays free.
	long := strings.Repeat("long ", 100)
	p.Show("Länge")
	p.Show(long)
	p.Show("short")
	p.Show("shorter")
	p.Clear()
	const columns = Width - 1
	want := "\rLänge\r" + long[:columns] + "\r" + "short" + strings.Repeat(" ", columns-len("short")) + "\rshorter\r       \r"
	if got := screen.String(); got != want {
		t.Errorf("written: %q, want %q", got, want)
	}
}
