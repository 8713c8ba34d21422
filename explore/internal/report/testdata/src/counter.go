// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package src has the source that the failures of the tests show.
package src

import "sync/atomic"

type counter struct{ n atomic.Uint32 }

func (c *counter) add() {
	old := c.n.Load()
	c.n.Store(old + 1)
}

func countTwice(x *run) {
	var c counter
	x.Go(c.add)
	x.Go(c.add)
	x.Wait()
	x.Assert(c.n.Load() == 2, "lost an addition")
}

func countRacing(x *run) {
	n := 0
	x.Go(func() {
		n++ // the first
	})
	x.Go(func() {
		n++ // the second
	})
	x.Wait()
}
