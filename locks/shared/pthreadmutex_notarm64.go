// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build !arm64

package shared

// pthreadExtra is how many bytes a pthread_mutex_t has behind its fields.
const pthreadExtra = 0
