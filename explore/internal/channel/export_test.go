// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package channel

// Waiting returns the number of waiting sends and receives.
func (c *Chan[T]) Waiting() int { return len(c.receivers) + len(c.senders) }
