// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build windows

// Package windows binds the calls on which locks are built on Windows, one to one: SRW
// locks, condition variables, waits on addresses, one-time initialization, barriers,
// critical sections and keyed events; the kernel's objects and the waits for them, also in the
// thread pool; memory and names that processes share; and the properties of a thread that
// matter to a lock: priority, affinity, CPU sets, MMCSS, power throttling.
//
//	var lock windows.SRWLock // the zero value is ready
//
//	windows.AcquireSRWLockExclusive(&lock)
//	...
//	windows.ReleaseSRWLockExclusive(&lock)
//
// Names are Microsoft's, and its documentation is the manual. There is no policy here: no
// retry, no fallback, no ignored error. For a portable wait use sys/futex; for a lock use
// locks or locks/native.
//
// # Errors
//
// An error is of type [syscall.Errno] where Windows sets the last error, and of type
// [NTStatus] for the calls of ntdll. Neither allocates for any error that a comment names.
//
// Each function is looked up once, at its first call, in a library of the system's own
// folder. If Windows lacks it, the call does nothing and its error wraps
// [errors.ErrUnsupported] with the function's name. That is why even functions that
// cannot fail, such as AcquireSRWLockExclusive, return an error. It can only be this one, so
// after one call has succeeded there is no need to check the next. Go itself needs Windows 10,
// so this concerns new functions and other implementations of Windows, such as Wine.
//
// # Memory
//
// What threads wait on must stay where it is. A word or lock in a heap object, a global or
// mapped memory does; one on the stack of a goroutine does not, as stacks move. A variable
// that another goroutine can reach is never on the stack.
//
// None of this orders memory for Go's race detector, which cannot see what Windows does.
//
// # Threads
//
// A call that blocks keeps its thread, while the Go scheduler runs other goroutines on
// another one: a thousand waiters are a thousand threads. Some objects belong to the thread
// that acquired them, and a goroutine may change threads between two calls. Where a comment
// says so, call [runtime.LockOSThread] before the first and UnlockOSThread after the last.
//
// # Functions that the system calls
//
// Some calls take a function that the system is to call. [QueueUserAPC] and the timers call it
// on the goroutine that waits alertably, inside its wait; [RegisterWaitForSingleObject] and
// [CreateThreadpoolWait] call it on a thread that Go did not create. In Go, such a function
// comes from [syscall.NewCallback]. A program can make at least 1,024 of these, and none is
// ever freed. Make one, in a global variable, and tell its calls apart by the number that each
// of them is given. That number must not be the address of a Go object, which the garbage
// collector would not see there. The function must return: it recovers its panics and does not
// call [runtime.Goexit].
//
// In a program without cgo, Go's runtime does not expect calls of the thread pool. If all
// goroutines wait for one, the runtime takes the program for deadlocked and ends it
// (golang/go#55015). With GOMAXPROCS=1 it may even do so as several calls begin ("checkdead:
// runnable g", seen with Go 1.26.8). Neither happens while one goroutine is in a call that
// blocks, such as [WaitForSingleObject] for an event.
//
// # Time
//
// A timeout in milliseconds is one from 0, which tests and returns at once, to 0xFFFFFFFE,
// or [INFINITE]. A due time is in units of 100 ns. [Milliseconds] and [Ticks] convert a
// [time.Duration]. A wait ends at a tick of the system's clock, which has a period of 15.6 ms
// or, as long as a program asks for it, about 1 ms.
package windows
