// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || windows

package shared_test

//lint:file-ignore U1000 fields stand for their places in a region

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"

	"github.com/osync-go/osync/locks/shared"
)

// An account is the data that processes share: two numbers whose sum is zero.
type account struct {
	mu          shared.Mutex
	left, right int64
}

// move changes both numbers. A process that is killed in between leaves a wrong sum, which the next owner repairs.
func (a *account) move(n int64) error {
	switch err := a.mu.Lock(); {
	case errors.Is(err, shared.ErrOwnerDied):
		a.right = -a.left
		a.mu.Consistent()
	case err != nil:
		return err
	}
	defer a.mu.Unlock()
	a.left -= n
	a.right += n
	return nil
}

// Each process opens the same file, and the first one makes it.
func Example() {
	dir, err := os.MkdirTemp("", "account")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	r, err := shared.OpenOrCreate(filepath.Join(dir, "account"), shared.SizeFor[account]())
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	a, err := shared.Map[account](r)
	if err != nil {
		log.Fatal(err)
	}
	if err := a.move(-100); err != nil {
		log.Fatal(err)
	}
	if err := a.move(30); err != nil {
		log.Fatal(err)
	}
	fmt.Println(a.left, a.right)
	// Output: 70 -70
}

// A region in memory does not survive a restart of the system, and needs no disk. Users of the same group may use
// this one.
func ExampleOptions() {
	o := shared.Options{Memory: true, Perm: 0o660}
	name := fmt.Sprintf("osync-example-%d", os.Getpid())
	r, err := o.Create(name, shared.SizeFor[account]())
	if err != nil {
		log.Fatal(err)
	}
	_, err = o.Create(name, shared.SizeFor[account]())
	fmt.Println("it exists:", errors.Is(err, fs.ErrExist))
	_, err = o.OpenOrCreate(name, 10)
	fmt.Println("it has another size:", errors.Is(err, shared.ErrSize))
	if err := o.Unlink(name); err != nil {
		log.Fatal(err)
	}
	if err := r.Close(); err != nil {
		log.Fatal(err)
	}
	_, err = o.Open(name)
	fmt.Println("it is gone:", errors.Is(err, fs.ErrNotExist))
	// Output:
	// it exists: true
	// it has another size: true
	// it is gone: true
}

// A region without a name is for processes to which a process passes the file, for example in ExtraFiles of
// [os/exec.Cmd].
func ExampleOpenFile() {
	r, err := shared.Anonymous(shared.SizeFor[account]())
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	a, err := shared.Map[account](r)
	if err != nil {
		log.Fatal(err)
	}
	a.left = 7

	// In the other process the file is os.NewFile(3, "account").
	other, err := shared.OpenFile(r.File())
	if err != nil {
		log.Fatal(err)
	}
	defer other.Close()
	b, err := shared.Map[account](other)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(b.left)
	// Output: 7
}

// Map rejects types whose values have no meaning in another process.
func ExampleMap() {
	r, err := shared.Anonymous(1000)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	type user struct {
		id   int
		name string
	}
	_, err = shared.Map[struct{ users [3]user }](r)
	fmt.Println(errors.Is(err, shared.ErrType))
	type other struct {
		id   int
		name [32]byte
	}
	_, err = shared.Map[[3]other](r)
	fmt.Println(err)
	// Output:
	// true
	// <nil>
}
