// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || freebsd

package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"unsafe"

	"github.com/osync-go/osync/pthread"
)

// A page is what both processes map. For C it is a struct that begins with 256 bytes for a
// pthread_mutex_t.
type page struct {
	mutex   [256]byte
	balance [2]int64 // their sum is 100, but in the middle of a change
}

// other is the program in C: it locks the mutex, begins a change, and dies.
const other = `
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct page {
	union { pthread_mutex_t mutex; char room[256]; };
	int64_t balance[2];
};

int main(int argc, char **argv) {
	int fd = open(argv[1], O_RDWR);
	struct page *p = mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd < 0 || p == MAP_FAILED || pthread_mutex_lock(&p->mutex) != 0)
		return 1;
	p->balance[0] -= 30;
	puts("locked");
	fflush(stdout);
	for (;;)
		pause();
}
`

// shared gives a mutex to another process, kills it in the middle of a change, and mends that.
func shared() error {
	attr, err := pthread.NewMutexAttr()
	if err != nil {
		return err
	}
	defer attr.Destroy()
	if err := errors.Join(attr.SetPShared(true), attr.SetRobust(true)); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "pthread")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "page")
	p, err := mapPage(file)
	if err != nil {
		return err
	}
	p.balance = [2]int64{60, 40}
	m, err := pthread.InitMutexAt(unsafe.Pointer(&p.mutex), attr)
	if err != nil {
		return err
	}

	cmd, language := program(dir, file)
	fmt.Printf("  the other process is written in %s\n", language)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	fmt.Println("  it says:     ", line[:max(len(line)-1, 0)])
	fmt.Println("  TryLock here:", m.TryLock())
	cmd.Process.Kill()
	cmd.Wait()
	if err != nil {
		return fmt.Errorf("the other process: %w", err)
	}

	err = m.Lock()
	fmt.Println("  it was killed; Lock here:", err)
	if err != pthread.EOWNERDEAD {
		return fmt.Errorf("after the owner died, Lock returned %v", err)
	}
	fmt.Println("  it has left:", p.balance)
	p.balance[1] = 100 - p.balance[0]
	fmt.Println("  mended:     ", p.balance)
	if err := errors.Join(m.Consistent(), m.Unlock(), m.Lock()); err != nil {
		return err
	}
	fmt.Println("  and the mutex is in order again")
	return errors.Join(m.Unlock(), m.Destroy())
}

// mapPage maps the file, and makes it if it is not there.
func mapPage(file string) (*page, error) {
	f, err := os.OpenFile(file, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	const size = int(unsafe.Sizeof(page{}))
	if err := f.Truncate(int64(size)); err != nil {
		return nil, err
	}
	b, err := syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return (*page)(unsafe.Pointer(unsafe.SliceData(b))), nil
}

// program returns the other process: in C, or in Go if there is no compiler.
func program(dir, file string) (cmd *exec.Cmd, language string) {
	source, bin := filepath.Join(dir, "other.c"), filepath.Join(dir, "other")
	if os.WriteFile(source, []byte(other), 0o600) == nil &&
		exec.Command("cc", "-pthread", "-o", bin, source).Run() == nil {
		return exec.Command(bin, file), "C"
	}
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), asOther+"="+file)
	return cmd, "Go, since there is no C compiler"
}

// asOther names the file for a process that takes the place of the program in C.
const asOther = "PTHREAD_EXAMPLE_PAGE"

func runAsOther() bool {
	file := os.Getenv(asOther)
	if file == "" {
		return false
	}
	p, err := mapPage(file)
	if err != nil || pthread.MutexAt(unsafe.Pointer(&p.mutex)).Lock() != nil {
		os.Exit(1)
	}
	p.balance[0] -= 30
	fmt.Println("locked")
	select {}
}
