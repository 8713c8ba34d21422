// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package locks

import (
	"context"
	"time"
	"unsafe"

	"github.com/osync-go/osync/locks/park"
)

// The upgradable holder holds w and has set Upgradable; see the table in rwmutex.go. So there is one at
// a time, with no writer and any number of readers beside it. Upgrade makes it the waiting writer. Only
// the holder of w can be the waiting writer, so two goroutines never upgrade at the same time and wait
// for each other.

// UpgradableLock locks rw for reading with the right to [RWMutex.Upgrade]. It blocks while a writer or
// another upgradable holder has rw, but readers may be inside and may arrive later. It queues with the
// writers. Release the lock with UpgradableUnlock.
func (rw *RWMutex) UpgradableLock() {
	if debugging {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugUpgradable)
	}
	rw.w.Lock() // acquire
	rw.state.Or(rwUpgradable)
	if debugging {
		noteLocked(unsafe.Pointer(rw), typeRWMutex, debugUpgradable)
	}
}

// TryUpgradableLock tries to lock rw in upgradable mode without blocking, and reports whether it
// succeeded.
func (rw *RWMutex) TryUpgradableLock() (ok bool) {
	if debugging {
		defer noteIfTrue(&ok, unsafe.Pointer(rw), typeRWMutex, debugUpgradable)
	}
	if !rw.w.TryLock() { // acquire
		return false
	}
	rw.state.Or(rwUpgradable)
	return true
}

// TryUpgradableLockFor is UpgradableLock for at most d, and reports whether it succeeded. If
// d <= 0, it is equivalent to TryUpgradableLock.
func (rw *RWMutex) TryUpgradableLockFor(d time.Duration) (ok bool) {
	if debugging && d > 0 {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugUpgradable)
	}
	if debugging {
		defer noteIfTrue(&ok, unsafe.Pointer(rw), typeRWMutex, debugUpgradable)
	}
	if !rw.w.TryLockFor(d) { // acquire
		return false
	}
	rw.state.Or(rwUpgradable)
	return true
}

// UpgradableLockContext is UpgradableLock until ctx is done. It returns nil if it locked rw, and
// otherwise an error that wraps the [context.Cause] of ctx. If ctx is already done,
// UpgradableLockContext returns its cause without trying to lock rw. A nil ctx panics.
func (rw *RWMutex) UpgradableLockContext(ctx context.Context) (err error) {
	if debugging {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugUpgradable)
		defer noteIfNil(&err, mayPanic(&err), unsafe.Pointer(rw), typeRWMutex, debugUpgradable)
	}
	if err := rw.w.LockContext(ctx); err != nil { // acquire
		return err
	}
	rw.state.Or(rwUpgradable)
	return nil
}

// UpgradableLockLimit is UpgradableLock until limit is reached. The limit, the errors and the order of the
// checks are those of [Mutex.LockLimit].
func (rw *RWMutex) UpgradableLockLimit(limit park.Limit) (err error) {
	if debugging {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugUpgradable)
		defer noteIfNil(&err, mayPanic(&err), unsafe.Pointer(rw), typeRWMutex, debugUpgradable)
	}
	if err := rw.w.LockLimit(limit); err != nil { // acquire
		return err
	}
	rw.state.Or(rwUpgradable)
	return nil
}

// UpgradableUnlock undoes UpgradableLock. It does not block. It panics, and changes nothing, if rw
// is not held in upgradable mode.
func (rw *RWMutex) UpgradableUnlock() {
	if debugging && rw.state.Load()&rwUpgradable != 0 {
		noteUnlocking(unsafe.Pointer(rw), typeRWMutex, debugUpgradable)
	}
	if rw.state.And(^uint32(rwUpgradable))&rwUpgradable == 0 { // release
		panicNotUpgradable("UpgradableUnlock")
	}
	rw.w.Unlock()
}

// Upgrade turns an upgradable lock into one for writing. It blocks new readers and waits until the
// present ones have left. No writer gets in between, so what the caller has read is still true.
// Release the lock with Unlock. It panics, and changes nothing, if rw is not held in upgradable
// mode.
func (rw *RWMutex) Upgrade() {
	rw.UpgradeLimit(park.Limit{}) // no limit, no error
}

// TryUpgrade upgrades if there is no other reader, and reports whether it did. If not, the caller
// still holds rw in upgradable mode. TryUpgrade does not block.
func (rw *RWMutex) TryUpgrade() (ok bool) {
	if debugging {
		defer noteUpgradeIfTrue(&ok, rw)
	}
	if rw.state.Load()&rwUpgradable == 0 {
		panicNotUpgradable("TryUpgrade")
	}
	return rw.state.CompareAndSwap(rwUpgradable, rwWriterHolds) // acquire
}

// TryUpgradeFor is Upgrade for at most d, and reports whether it succeeded. If not, the caller still
// holds rw in upgradable mode. If d <= 0, it is equivalent to TryUpgrade.
func (rw *RWMutex) TryUpgradeFor(d time.Duration) bool {
	return rw.TryUpgrade() || d > 0 && rw.UpgradeLimit(park.For(d)) == nil
}

// UpgradeContext is Upgrade until ctx is done. It returns nil if it has upgraded. Otherwise it returns
// an error that wraps the [context.Cause] of ctx, and the caller still holds rw in upgradable mode: no
// writer got in between. If ctx is already done, UpgradeContext returns its cause without trying to
// upgrade. A nil ctx panics.
func (rw *RWMutex) UpgradeContext(ctx context.Context) error {
	if err := contextErr(ctx); err != nil {
		return err
	}
	return rw.UpgradeLimit(park.Context(ctx))
}

// UpgradeLimit is Upgrade until limit is reached. It returns nil if it has upgraded. Otherwise the caller
// still holds rw in upgradable mode: no writer got in between. The limit, the errors and the order of the
// checks are those of [Mutex.LockLimit].
func (rw *RWMutex) UpgradeLimit(limit park.Limit) error {
	// In one step the upgradable holder becomes the writer that waits for readers to leave. If the limit ends
	// the wait, drain turns it back.
	if debugging {
		noteBefore(unsafe.Pointer(rw), typeRWMutex, debugUpgrade)
	}
	for {
		s := rw.state.Load()
		if s&rwUpgradable == 0 {
			panicNotUpgradable("Upgrade")
		}
		if s == rwUpgradable {
			if rw.state.CompareAndSwap(s, rwWriterHolds) { // acquire
				if debugging {
					noteChange(unsafe.Pointer(rw), typeRWMutex, debugUpgradable, debugWrite)
				}
				return nil
			}
		} else if rw.state.CompareAndSwap(s, s&^rwUpgradable|rwWriterWaits) {
			break
		}
	}
	err := rw.drain(limit, rwUpgradable)
	if debugging && err == nil {
		noteChange(unsafe.Pointer(rw), typeRWMutex, debugUpgradable, debugWrite)
	}
	return err
}

// Downgrade turns a lock for writing into one for reading. No other writer gets in between, so the
// caller reads what it has written; other readers can get in. Release the lock with RUnlock. It
// does not block. It panics, and changes nothing, if rw is not locked for writing.
func (rw *RWMutex) Downgrade() {
	rw.downgrade("Downgrade", rwReader)
	if debugging {
		noteChange(unsafe.Pointer(rw), typeRWMutex, debugWrite, debugRead)
	}
	rw.w.Unlock()
}

// DowngradeToUpgradable turns a lock for writing into an upgradable one, as Downgrade does into
// one for reading. Release the lock with UpgradableUnlock. It does not block. It panics, and changes
// nothing, if rw is not locked for writing.
func (rw *RWMutex) DowngradeToUpgradable() {
	rw.downgrade("DowngradeToUpgradable", rwUpgradable)
	if debugging {
		noteChange(unsafe.Pointer(rw), typeRWMutex, debugWrite, debugUpgradable)
	}
}

// downgrade ends the turn of the writer, and adds keep to the word, as endWriting does.
func (rw *RWMutex) downgrade(name string, keep uint32) {
	if !rw.state.CompareAndSwap(rwWriterHolds, keep) { // release
		rw.endWriting(name, keep)
	}
}

// DowngradeUpgradable turns an upgradable lock into one for reading, which lets the next writer or
// upgradable holder proceed. Release the lock with RUnlock. It does not block. It panics, and
// changes nothing, if rw is not held in upgradable mode, or if there are too many readers.
func (rw *RWMutex) DowngradeUpgradable() {
	for {
		s := rw.state.Load()
		if s&rwUpgradable == 0 {
			panicNotUpgradable("DowngradeUpgradable")
		}
		if rw.state.CompareAndSwap(s, withReader(s&^rwUpgradable)) {
			if debugging {
				noteChange(unsafe.Pointer(rw), typeRWMutex, debugUpgradable, debugRead)
			}
			rw.w.Unlock()
			return
		}
	}
}

// panicNotUpgradable panics for the method name, whose lock is not held in upgradable mode.
func panicNotUpgradable(name string) { panic("locks: " + name + " without UpgradableLock") }
