// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Package bsd has the computations that the bindings of the BSDs need: parsing a kernel's release, translating the
// results of futex calls, computing how long a call is to sleep, and converting times to the kernels' forms. It makes no
// system calls, so its tests run on any system.
package bsd
