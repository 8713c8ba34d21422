// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package historical has locks with bugs that were published, or shipped, and each of them mended. Its tests show that
// the explorer finds the bugs. All sleep on words, by park.Wait, in place of a futex.
package historical
