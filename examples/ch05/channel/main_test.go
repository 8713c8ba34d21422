// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

import (
	"testing"

	"github.com/osync-go/osync/examples/internal/programtest"
)

func Test(t *testing.T) { programtest.Run(t, run) }

func TestReceiveWaits(t *testing.T) {
	c := NewChannel[int]()
	got := make(chan int)
	for range 3 {
		go func() { got <- c.Receive() }()
	}
	sum := 0
	for i := range 3 {
		c.Send(1 << i)
		sum += <-got
	}
	if sum != 1|2|4 {
		t.Errorf("received messages of the sum %d, want 7", sum)
	}
}
