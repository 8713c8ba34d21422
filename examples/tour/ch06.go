// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package main

var ch06 = chapter{dir: "ch06", title: "An Arc of our own", programs: []example{
	{
		name:  "arc1",
		shows: "reference counting: the last owner closes the pipe",
		after: "The reader reached the end of the pipe as soon as the last of five owners was done.\nThe collector would have closed the pipe, too, but at no predictable time.",
	},
	{
		name:  "arc2",
		shows: "weak handles, which do not keep the value; and slots that outlive it",
		after: "Two lives, two counts: the value's and the slot's. On Go's heap the collector does the\nsecond; in memory that it does not manage, shared or mapped, you do.",
	},
	{
		name:  "arc3",
		shows: "the same with one count to change, and a test for the only handle",
		after: "All Arcs together hold one Weak. Unique read two counts by locking one of them\nfor a moment, which is the only place where a goroutine waits.",
	},
	{
		name:  "cleanup",
		shows: "the same resources released by the collector, by one owner, by counting owners",
		after: "AddCleanup left all of them open until a collection: it is a safety net.\ndefer is enough for one owner; counting is for several, and for things outside the heap.",
	},
	{
		name:  "weakptr",
		shows: "package weak, Go's own: a cache that does not keep unused values alive",
		after: "weak.Pointer.Value is our Upgrade, weak.Make our Downgrade, and no counts are kept.\nPackage unique is a finished cache of this kind, for comparable values.",
	},
}}
