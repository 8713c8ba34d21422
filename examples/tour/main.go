// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command tour walks through the examples, chapter by chapter.
package main

import "fmt"

func main() {
	for _, c := range chapters {
		fmt.Println(c.dir, c.title)
	}
}
