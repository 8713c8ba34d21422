// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package engine

// Unreduced returns o for a search of all orders, including those of independent steps.
func (o Options) Unreduced() Options {
	o.unreduced = true
	return o
}

// Unshort returns o for a search that does not shorten the schedule of a failure.
func (o Options) Unshort() Options {
	o.unshort = true
	return o
}
