// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package mono

// NowIn takes the clock of an exploration for that of a synctest bubble, as neither has a monotonic reading. Waits
// would sleep as they do in a bubble. TestWaitersAreNotOfABubble covers the real one.
func NowIn() (now int64, bubble bool) { return Now(), false }
