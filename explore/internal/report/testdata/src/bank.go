// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package src

import "sync"

type account struct {
	mu      sync.Mutex
	balance int
}

func transfer(from, to *account, amount int) {
	from.mu.Lock()
	defer from.mu.Unlock()
	to.mu.Lock()
	defer to.mu.Unlock()
	from.balance -= amount
	to.balance += amount
}

func bothWays(x *run) {
	var a, b account
	x.Go(func() { transfer(&a, &b, 1) })
	x.Go(func() { transfer(&b, &a, 2) })
	x.Wait()
}
