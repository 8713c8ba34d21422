// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package windows

import (
	"structs"
	"sync/atomic"
	"unsafe"
)

// An SRWLock is SRWLOCK, a slim reader/writer lock: one pointer, private to the process.
//
// The zero value is an unlocked SRWLock. It must not be copied after first use, and its
// bits are the system's own: they differ between versions.
//
// It is neither recursive nor fair, has no timeout, and has no owner: if a holder ends
// without releasing it, it stays locked. Microsoft requires that the thread that acquired it
// releases it: lock the goroutine to its thread with [runtime.LockOSThread] from before
// the acquisition until after the release.
//
// Shared mode has a defect: since 2024 Microsoft's documentation allows the system to grant
// a shared acquisition exclusively, as some versions of Windows do under contention. Mutual
// exclusion holds, but readers that wait for each other while they hold the lock can hang.
type SRWLock struct {
	_    structs.HostLayout
	word atomic.Uintptr // only the system reads it; atomic so that go vet reports copies
}

var (
	procInitializeSRWLock          = proc{dll: kernel32, name: "InitializeSRWLock"}
	procAcquireSRWLockExclusive    = proc{dll: kernel32, name: "AcquireSRWLockExclusive"}
	procAcquireSRWLockShared       = proc{dll: kernel32, name: "AcquireSRWLockShared"}
	procReleaseSRWLockExclusive    = proc{dll: kernel32, name: "ReleaseSRWLockExclusive"}
	procReleaseSRWLockShared       = proc{dll: kernel32, name: "ReleaseSRWLockShared"}
	procTryAcquireSRWLockExclusive = proc{dll: kernel32, name: "TryAcquireSRWLockExclusive"}
	procTryAcquireSRWLockShared    = proc{dll: kernel32, name: "TryAcquireSRWLockShared"}
)

// InitializeSRWLock resets *l to the zero value, an unlocked lock.
//
//	VOID InitializeSRWLock(PSRWLOCK SRWLock)
//
// No thread may hold the lock or wait for it. The call does not block, may be made from any thread,
// and fails only if the function is missing.
//
// Since Windows Vista. See "InitializeSRWLock function (synchapi.h)".
func InitializeSRWLock(l *SRWLock) error { return procInitializeSRWLock.void(unsafe.Pointer(l)) }

// AcquireSRWLockExclusive acquires l for writing, and blocks until no other thread holds it.
//
//	VOID AcquireSRWLockExclusive(PSRWLOCK SRWLock)
//
// A thread that holds l in either mode waits for itself, forever. The call may be made from
// any thread, which should be the one that releases l. It blocks its thread, and only the
// release can wake it. It fails only if the function is missing.
//
// Since Windows Vista. See "Slim Reader/Writer (SRW) Locks".
func AcquireSRWLockExclusive(l *SRWLock) error {
	return procAcquireSRWLockExclusive.void(unsafe.Pointer(l))
}

// AcquireSRWLockShared acquires l for reading. It blocks while another thread holds l
// exclusively, or waits to.
//
//	VOID AcquireSRWLockShared(PSRWLOCK SRWLock)
//
// A thread that holds l shared must not acquire it again, since a writer may be waiting
// between the two. The system may grant l exclusively; see [SRWLock]. The call may be made
// from any thread, which should be the one that releases l; it blocks its thread. It fails
// only if the function is missing.
//
// Since Windows Vista. See "Slim Reader/Writer (SRW) Locks".
func AcquireSRWLockShared(l *SRWLock) error {
	return procAcquireSRWLockShared.void(unsafe.Pointer(l))
}

// ReleaseSRWLockExclusive releases l, which the caller acquired for writing.
//
//	VOID ReleaseSRWLockExclusive(PSRWLOCK SRWLock)
//
// Releasing a lock that is not held in this mode breaks it, or ends the process with the
// exception STATUS_RESOURCE_NOT_OWNED; Windows returns nothing that would tell. The thread
// should be the one that acquired l. The call does not block. It fails only if the function is
// missing.
//
// Since Windows Vista. See "ReleaseSRWLockExclusive function (synchapi.h)".
func ReleaseSRWLockExclusive(l *SRWLock) error {
	return procReleaseSRWLockExclusive.void(unsafe.Pointer(l))
}

// ReleaseSRWLockShared releases l, which the caller acquired for reading.
//
//	VOID ReleaseSRWLockShared(PSRWLOCK SRWLock)
//
// Otherwise it is [ReleaseSRWLockExclusive].
//
// Since Windows Vista. See "ReleaseSRWLockShared function (synchapi.h)".
func ReleaseSRWLockShared(l *SRWLock) error {
	return procReleaseSRWLockShared.void(unsafe.Pointer(l))
}

// TryAcquireSRWLockExclusive acquires l for writing if that is possible at once, and
// reports whether it did.
//
//	BOOLEAN TryAcquireSRWLockExclusive(PSRWLOCK SRWLock)
//
// It never blocks. The thread should be the one that releases l. It fails only if the function
// is missing.
//
// Since Windows 7. See "TryAcquireSRWLockExclusive function (synchapi.h)".
func TryAcquireSRWLockExclusive(l *SRWLock) (bool, error) {
	return procTryAcquireSRWLockExclusive.try(unsafe.Pointer(l))
}

// TryAcquireSRWLockShared acquires l for reading if that is possible at once, and reports
// whether it did.
//
//	BOOLEAN TryAcquireSRWLockShared(PSRWLOCK SRWLock)
//
// It never blocks. The thread should be the one that releases l. It fails only if the function
// is missing.
//
// Since Windows 7. See "TryAcquireSRWLockShared function (synchapi.h)".
func TryAcquireSRWLockShared(l *SRWLock) (bool, error) {
	return procTryAcquireSRWLockShared.try(unsafe.Pointer(l))
}
