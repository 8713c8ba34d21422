// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package goadd

import "github.com/osync-go/osync/locks"

func wrong() {
	var wg locks.WaitGroup
	go func() {
		wg.Add(1) // want `WaitGroup.Add in the goroutine that it counts`
		defer wg.Done()
	}()
}

func right() {
	var wg locks.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		wg.Add(1)
		go wg.Done()
	}()
}
