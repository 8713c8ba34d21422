// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package bsd computes what the bindings of the BSDs need: what a number of a kernel's release says, what the ends
// of a futex call mean, how long a call is to sleep, and the forms in which kernels take times. It makes no call, and so
// its tests run on any system.
package bsd
