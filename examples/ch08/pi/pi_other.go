// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !linux

package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/osync-go/osync/locks/native"
)

func show(out io.Writer) error {
	if err := native.Supported(); err != nil {
		return err
	}
	var m native.PIMutex
	if err := m.Lock(); err != nil {
		return err
	}
	err := m.Lock()
	fmt.Fprintf(out, "locked twice:       %v\n", err)
	if !errors.Is(err, native.ErrDeadlock) {
		return fmt.Errorf("got %w, want ErrDeadlock", err)
	}
	taken := make(chan bool)
	go func() {
		ok, _ := m.TryLock()
		taken <- ok
	}()
	if <-taken {
		return errors.New("two threads hold it")
	}
	fmt.Fprintln(out, "by another thread:  held")
	m.Unlock()
	return nil
}
