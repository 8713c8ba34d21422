// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package shared_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/osync-go/osync/internal/race"
	"github.com/osync-go/osync/locks/shared"
)

// A cell is what a stepped process works on. While it does, this process has a part in it, too.
type cell struct {
	tid   atomic.Uint32 // of the thread that is to be stepped
	start atomic.Uint32 // 1: it gets ready, 2: it is, 3: it begins
	done  atomic.Uint32 // 1: it has done, or has been killed

	mu      shared.Mutex
	rw      shared.RWMutex
	once    shared.Once
	event   shared.Event
	cond    shared.Cond
	sem     shared.Semaphore
	bar     shared.Barrier
	pthread shared.PthreadMutex
	pi      shared.PIMutex
	a, b    int64        // what the locks protect: they are equal
	deaths  atomic.Int64 // that this process has learned of
	left    atomic.Int64 // 1: this process's party has left the Barrier
	held    atomic.Bool  // this process has, or had, the lock for which the stepped one is to wait
}

// A stepOp is an operation that a process does, and is killed after each of its instructions.
type stepOp struct {
	name    string
	prepare func(c *cell) error         // done before, by the process that is killed
	op      func(c *cell) error         // what that does, step by step
	beside  []func(c *cell) error       // done by this process meanwhile
	ready   func(c *cell) bool          // whether those beside have come to where the operation may begin
	owner   func(c *cell) *shared.Mutex // whose next owner gets ErrOwnerDied if the owner is killed
	check   func(c *cell) error         // done by this process afterwards
	long    bool                        // it takes more than 10,000 instructions
}

// Some cells are used in turn: their processes are dead.
type cells [4]cell

func init() {
	roles["step"] = func(args []string) error {
		debug.SetGCPercent(-1)
		runtime.LockOSThread()
		cs, _, err := opened[cells](args[0])
		if err != nil {
			return err
		}
		stepDir, isStepped = filepath.Dir(args[0]), true
		newStepArray()
		i, _ := strconv.Atoi(args[1])
		op, _ := strconv.Atoi(args[2])
		return runSteps(&cs[i], &stepOps[op])
	}
}

// runSteps performs operations on command.
func runSteps(c *cell, o *stepOp) error {
	if o.prepare != nil {
		if err := o.prepare(c); err != nil {
			return err
		}
	}
	c.tid.Store(uint32(unix.Gettid()))
	for c.start.Load() == 0 {
		time.Sleep(50 * time.Microsecond)
	}
	// From here on the thread does not give up its P. It has had that for no long time, so the scheduler does not ask for it soon.
	runtime.Gosched()
	c.start.Store(2)
	for c.start.Load() == 2 {
	}
	if err := o.op(c); err != nil {
		return err
	}
	c.done.Store(1)
	select {}
}

var (
	stepDir   string // the folder of the regions
	isStepped bool   // this process is
)

// A stepped is a process whose thread is stepped.
type stepped struct {
	t      testing.TB
	cmd    *exec.Cmd
	c      *cell
	tid    int
	sysmon int // the thread of Go's runtime that would preempt the goroutine, as a step takes so long
}

// startStepped starts a process that is about to do an operation.
func startStepped(t testing.TB, name string, cs *cells, i, op int) *stepped {
	s := &stepped{t: t, cmd: process(t, "step", name, strconv.Itoa(i), strconv.Itoa(op)), c: &cs[i]}
	*s.c = cell{}
	s.cmd.Env = append(s.cmd.Env, "GODEBUG=asyncpreemptoff=1", "GOGC=off", "GOMAXPROCS=8")
	started := make(chan error)
	go func() { started <- s.cmd.Start() }() // not pinned, as this thread is
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	return s
}

// attach waits until the process is about to do its operation, and stops it there.
func (s *stepped) attach() error {
	// The runtime starts sysmon as its second thread, and the kernel's numbers grow, except that they begin anew some day.
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", s.cmd.Process.Pid))
	if err != nil {
		return err
	}
	sysmon := math.MaxInt
	for _, thread := range threads {
		if tid, _ := strconv.Atoi(thread.Name()); tid != s.cmd.Process.Pid {
			sysmon = min(sysmon, tid)
		}
	}
	if err := stop(sysmon); err != nil {
		return err
	}
	s.sysmon = sysmon
	for !asleep(s.cmd.Process.Pid, sysmon) { // it may hold a lock of the runtime
		if err := unix.PtraceCont(sysmon, 0); err != nil {
			return err
		}
		time.Sleep(50 * time.Microsecond)
		if err := unix.PtraceInterrupt(sysmon); err != nil {
			return err
		}
		if err := wait(sysmon); err != nil {
			return err
		}
	}
	s.c.start.Store(1)
	until(s.t, func() bool { return s.c.start.Load() == 2 })
	tid := int(s.c.tid.Load())
	if err := errors.Join(pin(tid), stop(tid)); err != nil {
		return err
	}
	s.tid = tid
	return nil
}

// asleep reports whether sysmon, which is stopped, was in a sleep of its own: one that ends. A sleep without a limit
// is one for a lock of the runtime. The unlock of that lock may wake sysmon and no other thread, and all would wait for it.
func asleep(pid, sysmon int) bool {
	call, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/syscall", pid, sysmon))
	if err != nil {
		return true // the kernel may not tell
	}
	return endingSleep(string(call))
}

// endingSleep reports whether a system call as /proc tells it, by its number and six arguments, is a sleep that has a limit.
func endingSleep(call string) bool {
	fields := strings.Fields(call)
	if len(fields) < 5 {
		return false
	}
	number, _ := strconv.Atoi(fields[0])
	return number == unix.SYS_NANOSLEEP || number == unix.SYS_FUTEX && fields[4] != "0x0"
}

func TestEndingSleep(t *testing.T) {
	for call, want := range map[string]bool{
		"running":    false,
		"-1 0x7 0x8": false,
		fmt.Sprintf("%d 0x7ffc 0x0 0x0 0x0 0x0 0x0 0x7ffc 0x46", unix.SYS_NANOSLEEP):      true,
		fmt.Sprintf("%d 0x5a3 0x80 0x0 0x7ffc 0x0 0x0 0x7ffc 0x46", unix.SYS_FUTEX):       true,
		fmt.Sprintf("%d 0x5a3 0x80 0x0 0x0 0x0 0x0 0x7ffc 0x46", unix.SYS_FUTEX):          false,
		fmt.Sprintf("%d 0x5a3 0x80 0x0 0x7ffc 0x0 0x0 0x7ffc 0x46", unix.SYS_EPOLL_PWAIT): false,
	} {
		if got := endingSleep(call); got != want {
			t.Errorf("%q: %v, want %v", call, got, want)
		}
	}
}

// stop stops a thread. From then on this thread traces it.
func stop(tid int) error {
	if err := unix.PtraceSeize(tid); err != nil {
		return err
	}
	if err := unix.PtraceInterrupt(tid); err != nil {
		return err
	}
	return wait(tid)
}

// pin has a thread run on one CPU. On one with the thread that traces it, a step takes a fifth of the time.
func pin(tid int) error {
	var allowed unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return err
	}
	for cpu := range len(allowed) * 64 {
		if allowed.IsSet(cpu) {
			var one unix.CPUSet
			one.Set(cpu)
			return unix.SchedSetaffinity(tid, &one)
		}
	}
	return errors.New("no CPU")
}

// wait waits until the thread stops.
func wait(tid int) error {
	var ws unix.WaitStatus
	for {
		switch _, err := unix.Wait4(tid, &ws, unix.WALL, nil); {
		case err == unix.EINTR:
		case err != nil:
			return err
		case !ws.Stopped():
			return fmt.Errorf("the process has ended: status %#x", ws)
		default:
			return nil
		}
	}
}

// step does n instructions, or fewer if the operation is over before.
func (s *stepped) step(n int) (did int, err error) {
	s.c.start.Store(3)
	for did < n && s.c.done.Load() == 0 {
		if err := unix.PtraceSingleStep(s.tid); err != nil {
			return did, err
		}
		if err := wait(s.tid); err != nil {
			return did, err
		}
		did++
	}
	return did, nil
}

// kill kills the process. It is gone when reap returns.
func (s *stepped) kill() { s.cmd.Process.Kill() }

func (s *stepped) reap() error {
	for _, tid := range []int{s.sysmon, s.tid} { // that of the process comes last
		for tid != 0 && wait(tid) == nil { // a stop that it was on its way to
		}
	}
	return kill(s.cmd)
}

// stepAndKill does n instructions of an operation, kills the process, and checks what is left.
func stepAndKill(s *stepped, o *stepOp, n int) (did int, took time.Duration, err error) {
	c := s.c
	until(s.t, func() bool { return c.tid.Load() != 0 }) // so it has prepared
	var wg sync.WaitGroup
	failed := make([]error, len(o.beside))
	for i, f := range o.beside {
		wg.Go(func() { failed[i] = f(c) })
	}
	for end := time.Now().Add(time.Second); o.ready != nil && !o.ready(c) && time.Now().Before(end); {
		time.Sleep(20 * time.Microsecond)
	}
	if err = s.attach(); err == nil {
		did, err = s.step(n)
	}
	owned := o.owner != nil && o.owner(c).Elsewhere()
	s.kill()
	c.done.Store(1)
	if err != nil {
		return did, 0, errors.Join(err, s.reap())
	}
	began := time.Now()
	err = within(func() error { return o.check(c) })
	err = errors.Join(err, within(func() error { wg.Wait(); return nil }), errors.Join(failed...))
	took = time.Since(began)
	err = errors.Join(err, s.reap())
	if deaths := c.deaths.Load(); err == nil && o.owner != nil && (deaths > 0) != owned {
		err = fmt.Errorf("the dead process owned the lock: %v, deaths of owners: %d", owned, deaths)
	}
	return did, took, err
}

// TestStep kills processes after each of the instructions of an operation, or after some of them, which differ from run to run.
// With -kills 10000 there are thirty times as many, and the long operations are among these.
func TestStep(t *testing.T) {
	needNative(t)
	if race.Enabled {
		t.Skip("most instructions are the race detector's")
	}
	cs, name := placed[cells](t)
	stepDir = filepath.Dir(name)
	newStepArray()
	runtime.LockOSThread()
	s := startStepped(t, name, cs, 0, 0)
	until(t, func() bool { return s.c.tid.Load() != 0 })
	err := s.attach()
	s.kill()
	if err = errors.Join(err, s.reap()); errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSYS) {
		t.Skip("ptrace: ", err)
	} else if err != nil {
		t.Fatal(err)
	}
	runtime.UnlockOSThread()
	for op, o := range stepOps {
		t.Run(strings.ReplaceAll(o.name, ", ", ","), func(t *testing.T) {
			if o.long && *kills < 1000 {
				t.Skip("it is long; see -kills")
			}
			runtime.LockOSThread() // the thread that traces, which is pinned, and ends with this goroutine
			if err := pin(0); err != nil {
				t.Skip(err)
			}
			testStep(t, name, cs, op)
		})
	}
}

func testStep(t *testing.T, name string, cs *cells, op int) {
	o := &stepOps[op]
	each, ends := max(300, *kills)/len(stepOps), 1+*kills/100 // kills, and those after the operation
	if testing.Short() {
		each, ends = 1, 1
	}
	most := float64(max(100, *kills)) * 600 // instructions
	next := startStepped(t, name, cs, 0, op)
	took, all, stride, after, i := time.Duration(0), 0, 1, 0, 0
	p := progress{what: t.Name(), all: each}
	for n := 1 << 30; after < ends && i < each+each/2+ends; i++ {
		p.at(i)
		s := next
		next = startStepped(t, name, cs, (i+1)%len(cs), op)
		did, wait, err := stepAndKill(s, o, n)
		if err != nil {
			t.Fatalf("killed after %d of %d instructions: %v", did, all, err)
		}
		took = max(took, wait)
		if all == 0 { // the first was killed after the operation
			all = did
			stride = max(1, all/each, int(float64(all)*float64(all)/2/most))
			n = rand.IntN(stride)
			continue
		}
		if did < n {
			after++
		}
		n += stride
	}
	next.kill()
	next.reap()
	t.Logf("%d instructions, %d kills, longest wait %v", all, i+1, took)
}
