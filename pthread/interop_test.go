// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build linux || darwin || freebsd || netbsd

package pthread_test

import (
	"bufio"
	"bytes"
	"debug/elf"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unsafe"

	"github.com/osync-go/osync/internal/locktest"
	"github.com/osync-go/osync/pthread"
)

// A page is the memory that the processes map; struct page in testdata/interop.c is the same.
type page struct {
	mutex, cond [256]byte
	turn, count int64
	a, b        int64
	sems        [2][64]byte // Go waits for the first, C for the second
}

// interopRounds is the number of turns of each side: ROUNDS in testdata/interop.c.
const interopRounds = 500

// interopChild is the file that a test binary is to map, lock and hold, if TestInteropOwnerDies started
// it.
const interopChild = "OSYNC_TEST_PTHREAD_HOLD"

func TestMain(m *testing.M) {
	if file := os.Getenv(interopChild); file != "" {
		hold(file)
	}
	locktest.Main(m)
}

// hold is the main function of a Go process that is killed while it holds the mutex.
func hold(file string) {
	p, err := mapPage(file)
	ok(err)
	ok(pthread.MutexAt(unsafe.Pointer(&p.mutex)).Lock())
	p.a++
	os.Stdout.WriteString("held\n")
	select {}
}

// mapPage maps the file.
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

// newPage returns a page of a new file, and the file.
func newPage(t testing.TB) (*page, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page")
	return made(mapPage(file))(t), file
}

// init makes the objects of p, in Go.
func (p *page) init(t *testing.T) {
	t.Helper()
	ma, ca := made(pthread.NewMutexAttr())(t), made(pthread.NewCondAttr())(t)
	must(t, ma.SetPShared(true))
	must(t, ma.SetRobust(true))
	must(t, ca.SetPShared(true))
	made(pthread.InitMutexAt(unsafe.Pointer(&p.mutex), ma))(t)
	made(pthread.InitCondAt(unsafe.Pointer(&p.cond), ca))(t)
}

// build compiles testdata/interop.c for this system. It skips the test if that is not possible.
func build(t *testing.T, args ...string) string {
	t.Helper()
	command := []string{"cc"}
	switch {
	case pthread.Version() == "musl":
		command = []string{"musl-gcc"}
	case runtime.GOARCH == "386":
		command = []string{"cc", "-m32"}
	case runtime.GOOS == "linux" && runtime.GOARCH != "amd64":
		for _, c := range compilers { // this may run in an emulator
			if _, err := exec.LookPath(c.command); err == nil && c.platform == "linux/"+runtime.GOARCH {
				command = []string{c.command, "-static"}
			}
		}
	}
	if _, err := exec.LookPath(command[0]); err != nil {
		t.Skipf("needs a C compiler: %v", err)
	}
	bin := filepath.Join(t.TempDir(), "interop")
	command = append(command, "-O1", "-pthread", "-o", bin, filepath.Join("testdata", "interop.c"))
	command = slices.DeleteFunc(append(command, args...), func(arg string) bool {
		return arg == "-static" && slices.Contains(args, "-shared")
	})
	if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		t.Skipf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	if f, err := elf.Open(bin); err == nil {
		defer f.Close()
		want := map[string]elf.Machine{
			"amd64": elf.EM_X86_64, "386": elf.EM_386, "arm64": elf.EM_AARCH64, "arm": elf.EM_ARM,
			"riscv64": elf.EM_RISCV, "ppc64le": elf.EM_PPC64, "s390x": elf.EM_S390, "loong64": elf.EM_LOONGARCH,
		}[runtime.GOARCH]
		if f.Machine != want {
			t.Skipf("%s compiles for %v, this test is for %v", command[0], f.Machine, want)
		}
	}
	return bin
}

// A process is another process that maps the page.
type process struct {
	cmd  *exec.Cmd
	out  *bufio.Reader
	errs bytes.Buffer
}

func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{cmd: cmd}
	out, err := cmd.StdoutPipe()
	must(t, err)
	p.out = bufio.NewReader(out)
	cmd.Stderr = &p.errs
	if err := cmd.Start(); errors.Is(err, syscall.ENOEXEC) {
		t.Skipf("this test runs in an emulator, which cannot start programs: %v", err)
	} else {
		must(t, err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return p
}

// says waits until the process prints a line.
func (p *process) says(t *testing.T, want string) {
	t.Helper()
	line, err := p.out.ReadString('\n')
	if got := strings.TrimSpace(line); got != want {
		t.Fatalf("the other process said %q (%v), want %q; %s", got, err, want, &p.errs)
	}
}

// ends waits for the end of the process.
func (p *process) ends(t *testing.T) {
	t.Helper()
	if err := p.cmd.Wait(); err != nil {
		t.Errorf("the other process: %v; %s", err, &p.errs)
	}
}

// killed kills the process, and waits for its end.
func (p *process) killed(t *testing.T) {
	t.Helper()
	must(t, p.cmd.Process.Kill())
	_ = p.cmd.Wait()
}

// TestInteropTurns takes turns with a process in C, through a mutex and a condition that either of
// them has made.
func TestInteropTurns(t *testing.T) {
	needRobust(t)
	bin := build(t)
	for _, mode := range []string{"create", "turns"} {
		t.Run(mode, func(t *testing.T) {
			p, file := newPage(t)
			if mode == "turns" {
				p.init(t)
			}
			other := start(t, exec.Command(bin, file, mode))
			if mode == "create" {
				other.says(t, "made")
			}
			m, c := pthread.MutexAt(unsafe.Pointer(&p.mutex)), pthread.CondAt(unsafe.Pointer(&p.cond))
			for range interopRounds {
				must(t, m.Lock())
				for p.turn != 0 {
					must(t, c.Wait(m))
				}
				p.turn = 1
				p.count++
				must(t, c.Signal())
				must(t, m.Unlock())
			}
			other.says(t, "done")
			other.ends(t)
			if p.count != 2*interopRounds {
				t.Errorf("counted %d, want %d", p.count, 2*interopRounds)
			}
		})
	}
}

// TestInteropSem takes turns with a process in C, through two semaphores in mapped memory that either of them has made, or
// two with names.
func TestInteropSem(t *testing.T) {
	need(t, "sem_init", "sem_open")
	bin := build(t)
	for _, mode := range []string{"sems", "semcreate", "semnames"} {
		t.Run(mode, func(t *testing.T) {
			p, file := newPage(t)
			mine, its := pthread.SemAt(unsafe.Pointer(&p.sems[0])), pthread.SemAt(unsafe.Pointer(&p.sems[1]))
			cmd := exec.Command(bin, file, mode)
			switch mode {
			case "sems":
				mine = made(pthread.InitSemAt(unsafe.Pointer(&p.sems[0]), true, 0))(t)
				its = made(pthread.InitSemAt(unsafe.Pointer(&p.sems[1]), true, 0))(t)
			case "semnames":
				var names [2]string
				mine, names[0] = openSem(t, 0)
				its, names[1] = openSem(t, 0)
				cmd.Env = append(os.Environ(), "SEM0="+names[0], "SEM1="+names[1])
			}
			other := start(t, cmd)
			if mode == "semcreate" {
				other.says(t, "made")
			}
			for range interopRounds {
				p.count++
				must(t, its.Post())
				must(t, mine.Wait())
			}
			other.says(t, "done")
			other.ends(t)
			if p.count != 2*interopRounds {
				t.Errorf("counted %d, want %d", p.count, 2*interopRounds)
			}
		})
	}
}

// TestInteropOwnerDies kills a process, in C or Go, that holds the mutex. Another, in Go or C,
// acquires it next, and gets EOWNERDEAD.
func TestInteropOwnerDies(t *testing.T) {
	needRobust(t)
	bin := build(t)
	self := made(os.Executable())(t)
	p, file := newPage(t)
	p.init(t)
	m := pthread.MutexAt(unsafe.Pointer(&p.mutex))
	owners := map[string]func() *exec.Cmd{
		"C": func() *exec.Cmd { return exec.Command(bin, file, "hold") },
		"Go": func() *exec.Cmd {
			cmd := exec.Command(self)
			cmd.Env = append(os.Environ(), interopChild+"="+file)
			return cmd
		},
	}
	heirs := map[string]func(t *testing.T){
		"C": func(t *testing.T) {
			heir := start(t, exec.Command(bin, file, "heir"))
			heir.says(t, "done")
			heir.ends(t)
		},
		"Go": func(t *testing.T) {
			wants(t, "Lock", m.Lock(), pthread.EOWNERDEAD)
			if p.a != p.b+1 {
				t.Errorf("found %d and %d, want the change half made", p.a, p.b)
			}
			p.b = p.a
			wants(t, "Consistent", m.Consistent(), nil)
			wants(t, "Unlock", m.Unlock(), nil)
		},
	}
	for owner, command := range owners {
		for heir, takeOver := range heirs {
			t.Run(owner+" dies, then "+heir, func(t *testing.T) {
				for range 5 {
					other := start(t, command())
					other.says(t, "held")
					wants(t, "TryLock", m.TryLock(), pthread.EBUSY)
					other.killed(t)
					takeOver(t)
					wants(t, "Lock after that", m.Lock(), nil)
					if p.a != p.b {
						t.Errorf("found %d and %d, want the change made whole", p.a, p.b)
					}
					wants(t, "Unlock after that", m.Unlock(), nil)
				}
			})
		}
	}
}

// TestInteropWaiters kills the owner while others wait for the lock in this process: they get EOWNERDEAD one after the other.
func TestInteropWaiters(t *testing.T) {
	needRobust(t)
	bin := build(t)
	p, file := newPage(t)
	p.init(t)
	m := pthread.MutexAt(unsafe.Pointer(&p.mutex))
	other := start(t, exec.Command(bin, file, "hold"))
	other.says(t, "held")
	const waiters = 4
	var g sync.WaitGroup
	dead := make(chan bool, waiters)
	for range waiters {
		g.Go(func() {
			err := m.Lock()
			if err == pthread.EOWNERDEAD {
				wants(t, "Consistent", m.Consistent(), nil)
			} else {
				wants(t, "Lock", err, nil)
			}
			dead <- err != nil
			wants(t, "Unlock", m.Unlock(), nil)
		})
	}
	other.killed(t)
	g.Wait()
	told := 0
	for range waiters {
		if <-dead {
			told++
		}
	}
	if told != 1 {
		t.Errorf("%d of %d were told that the owner died, want 1", told, waiters)
	}
}
