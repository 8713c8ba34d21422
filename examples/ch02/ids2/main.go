// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command ids2 shows the first way to handle the end of the IDs: fail far before the overflow.
//
// A call that gets a number above the limit fails, and the counter goes on. Watch for the counter
// after the failures: it is beyond the limit and moves towards the overflow with every call. That
// is good enough if failing means the end of the program, or if between the limit and the
// overflow there are more numbers than goroutines that could be in the middle of New. Rust's Arc
// guards its counter this way.
package main

import (
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/osync-go/osync/examples/internal/program"
)

const about = "Shows IDs that end far before their counter overflows."

func main() { program.Main(about, run) }

const limit = 1 << 31 // New: half of the numbers are a margin for calls that fail

var errExhausted = errors.New("all IDs are given out")

// IDs gives out each number only once. The zero value starts at 0.
type IDs struct{ next atomic.Uint32 }

// New returns the next ID, or an error when there is none. After an error the program should
// end: some two billion errors later numbers would be given out again.
func (ids *IDs) New() (uint32, error) {
	id := ids.next.Add(1) - 1
	if id >= limit { // New
		return 0, errExhausted
	}
	return id, nil
}

func run(out io.Writer) error {
	var ids IDs
	ids.next.Store(limit - 2) // as after two billion calls
	for range 5 {
		id, err := ids.New()
		fmt.Fprintf(out, "ID %10d, error %v\n", id, err)
		if (id == 0) != (err != nil) {
			return fmt.Errorf("got ID %d with the error %v", id, err)
		}
	}
	beyond := ids.next.Load() - limit
	fmt.Fprintf(out, "the counter is %d beyond the limit, and %d before the overflow\n", beyond, 1<<32-int64(limit+beyond))
	if beyond != 3 {
		return fmt.Errorf("the counter is %d beyond the limit after 3 failures", beyond)
	}

	ids.next.Store(1<<32 - 1)                 // after two billion ignored errors
	_, err := ids.New()                       // the last failure
	if id, again := ids.New(); again == nil { // and a second life
		fmt.Fprintf(out, "if the program does not end: after the error %q comes ID %d, for the second time\n", err, id)
	}
	return nil
}
