// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// Command results shows three ways in which a worker returns its result: a variable of its own,
// a channel, and the error of a joined thread.
//
// Watch for the last lines. A panic in a goroutine ends the whole program, so no other
// goroutine can handle it; thread.Spawn turns it into the error that Join returns.
package main

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/osync-go/osync/examples/internal/program"
	"github.com/osync-go/osync/locks/thread"
)

const about = "Shows how a worker returns a result, an error, or a panic."

func main() { program.Main(about, run) }

func run(out io.Writer) error {
	numbers := make([]int, 1001)
	for i := range numbers {
		numbers[i] = i
	}
	half := len(numbers) / 2
	want := sum(numbers)

	// A variable for each worker. It is the workers' until Wait, and ours after it.
	var low, high int
	var wg sync.WaitGroup
	wg.Go(func() { low = sum(numbers[:half]) })
	wg.Go(func() { high = sum(numbers[half:]) })
	wg.Wait()
	fmt.Fprintf(out, "by variables: %d + %d = %d\n", low, high, low+high)
	if low+high != want {
		return fmt.Errorf("the variables add up to %d, want %d", low+high, want)
	}

	// A channel: the receive waits, so nothing else has to. It has room for all results, so
	// that no worker is stuck if no goroutine receives.
	sums := make(chan int, 2)
	go func() { sums <- sum(numbers[:half]) }()
	go func() { sums <- sum(numbers[half:]) }()
	total := <-sums + <-sums
	fmt.Fprintf(out, "by a channel: %d\n", total)
	if total != want {
		return fmt.Errorf("the channel's values add up to %d, want %d", total, want)
	}

	// Join returns the error of the function, or its panic.
	var empty []int
	var mean int
	err := thread.Spawn(func() error {
		mean = sum(empty) / len(empty)
		return nil
	}).Join()
	var panicked *thread.PanicError
	if !errors.As(err, &panicked) {
		return fmt.Errorf("join returned %v and mean is %d, want the panic of a division by zero", err, mean)
	}
	fmt.Fprintf(out, "by Join:      the thread panicked: %v\n", panicked.Value)
	return nil
}

func sum(numbers []int) (total int) {
	for _, n := range numbers {
		total += n
	}
	return total
}
