// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//go:build osync_debug

package locks

import (
	"unsafe"

	"github.com/osync-go/osync/locks/internal/held"
)

// With the build tag osync_debug each lock tells package held what goroutines do. A method that may block calls
// noteBefore first, and noteLocked when it has locked the lock; a method that does not block calls only
// noteLocked. noteUnlocking is called before the lock is unlocked, since another goroutine may lock it right
// after that. The Mutex inside an RWMutex is not a lock that a goroutine holds, so it reports nothing.
const debugging = true

type debugMode = held.Mode

const (
	debugWrite      = held.Write
	debugRead       = held.Read
	debugUpgradable = held.Upgradable
	debugUpgrade    = held.Upgrade
)

func noteBefore(lock unsafe.Pointer, typ string, mode debugMode) { held.Before(lock, typ, mode) }

func noteLocked(lock unsafe.Pointer, typ string, mode debugMode) { held.Locked(lock, typ, mode) }

func noteUnlocking(lock unsafe.Pointer, typ string, mode debugMode) {
	held.Unlocking(lock, typ, mode)
}

// noteBump calls noteUnlocking, if the lock is held for writing, and noteBefore. The caller calls noteLocked when it
// has the lock again.
func noteBump(lock unsafe.Pointer, typ string, isHeld bool) {
	if isHeld {
		held.Unlocking(lock, typ, held.Write)
		held.Before(lock, typ, held.Write)
	}
}

func noteChange(lock unsafe.Pointer, typ string, from, to debugMode) {
	held.Change(lock, typ, from, to)
}

// noteType records that a lock is a part of another one, which is reported in its place.
func noteType(lock unsafe.Pointer, typ string) { held.Describe(lock, typ) }

func mustHold(lock unsafe.Pointer, typ string, oneOf ...debugMode) {
	held.AssertHeld(lock, typ, oneOf...)
}

// noteWait records that a goroutine is about to wait at a Cond with this L.
func noteWait(l Locker) {
	switch l := l.(type) {
	case *Mutex:
		held.Waiting(unsafe.Pointer(l), typeMutex, debugWrite, l.state.Load()&mutexLocked != 0)
	case *FairMutex:
		held.Waiting(unsafe.Pointer(l), typeFairMutex, debugWrite, l.state.Load()&fairLocked != 0)
	case *RWMutex:
		held.Waiting(unsafe.Pointer(l), typeRWMutex, debugWrite, l.state.Load()&rwWriterHolds != 0)
	case *rLocker:
		held.Waiting(unsafe.Pointer(l), typeRWMutex, debugRead, (*RWMutex)(l).isRead())
	case *BiasedRWMutex:
		held.Waiting(unsafe.Pointer(l), typeBiasedRWMutex, debugWrite, l.inner.state.Load()&rwWriterHolds != 0)
	case *biasedRLocker:
		slots := l.slots.Load()
		held.Waiting(unsafe.Pointer(l), typeBiasedRWMutex, debugRead, l.inner.isRead() || slots != nil && !slots.empty())
	}
}

// noteIfTrue calls noteLocked if a try, which has returned, has locked the lock.
func noteIfTrue(ok *bool, lock unsafe.Pointer, typ string, mode debugMode) {
	if *ok {
		held.Locked(lock, typ, mode)
	}
}

// panicked is the error of a wait that has not returned.
type panicked struct{ error }

// mayPanic sets err to panicked until the wait returns and sets it again.
func mayPanic(err *error) (p panicked) {
	*err = p
	return p
}

// noteIfNil calls noteLocked if a wait returned and was not ended by its limit.
func noteIfNil(err *error, _ panicked, lock unsafe.Pointer, typ string, mode debugMode) {
	if *err == nil {
		held.Locked(lock, typ, mode)
	}
}

func noteUpgradeIfTrue(ok *bool, rw *RWMutex) {
	if *ok {
		held.Change(unsafe.Pointer(rw), typeRWMutex, debugUpgradable, debugWrite)
	}
}
