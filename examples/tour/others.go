// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

// others are the programs under examples that belong to no chapter. The tour leaves them out;
// the map has them.
var others = []example{
	{name: "doctor", shows: "what osync finds on this machine: each primitive of the system, where who waits sleeps and why, a self-test of all of it, and what it costs next to package sync"},
	{name: "tour", shows: "the programs of the chapters, one after the other, with words between them"},
	{name: "backend", shows: "a library as a user of osync would write it, on locks/park alone: a semaphore with priorities and a bounded queue, with time limits and contexts"},
}
