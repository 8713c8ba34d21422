// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

// A MutexType says what becomes of a thread that locks a mutex twice.
type MutexType int

// The types of mutexes. With each, an Unlock by another thread than the owner is EPERM.
const (
	// TypeDefault is the system's choice: TypeErrorCheck on FreeBSD, elsewhere TypeNormal.
	TypeDefault MutexType = iota

	// TypeNormal waits for ever, for itself.
	TypeNormal

	// TypeErrorCheck answers EDEADLK.
	TypeErrorCheck

	// TypeRecursive locks again, and wants as many unlocks.
	TypeRecursive

	// TypeAdaptiveNP is TypeNormal and spins a little before it sleeps. glibc and FreeBSD.
	TypeAdaptiveNP
)

// String returns the name of the type.
func (t MutexType) String() string {
	return nameOf(int(t), "PTHREAD_MUTEX_DEFAULT", "PTHREAD_MUTEX_NORMAL", "PTHREAD_MUTEX_ERRORCHECK",
		"PTHREAD_MUTEX_RECURSIVE", "PTHREAD_MUTEX_ADAPTIVE_NP")
}

// A Protocol says what the owner of a mutex gains while others wait.
type Protocol int

// The protocols.
const (
	ProtocolNone    Protocol = iota // nothing
	ProtocolInherit                 // the priority of the most urgent waiter, if that is higher
	ProtocolProtect                 // the priority ceiling of the mutex, waiters or not
)

// String returns the name of the protocol.
func (p Protocol) String() string {
	return nameOf(int(p), "PTHREAD_PRIO_NONE", "PTHREAD_PRIO_INHERIT", "PTHREAD_PRIO_PROTECT")
}

var (
	mutexattrInit           = symbol("pthread_mutexattr_init")
	mutexattrDestroy        = symbol("pthread_mutexattr_destroy")
	mutexattrSettype        = symbol("pthread_mutexattr_settype")
	mutexattrGettype        = symbol("pthread_mutexattr_gettype")
	mutexattrSetprotocol    = symbol("pthread_mutexattr_setprotocol")
	mutexattrGetprotocol    = symbol("pthread_mutexattr_getprotocol")
	mutexattrSetprioceiling = symbol("pthread_mutexattr_setprioceiling")
	mutexattrGetprioceiling = symbol("pthread_mutexattr_getprioceiling")
	mutexattrSetrobust      = symbol("pthread_mutexattr_setrobust")
	mutexattrGetrobust      = symbol("pthread_mutexattr_getrobust")
	mutexattrSetpshared     = symbol("pthread_mutexattr_setpshared")
	mutexattrGetpshared     = symbol("pthread_mutexattr_getpshared")
	mutexattrSetpolicyNP    = symbol("pthread_mutexattr_setpolicy_np")
	mutexattrGetpolicyNP    = symbol("pthread_mutexattr_getpolicy_np")
)

// A MutexAttr says what a mutex shall be like. It is used when the mutex is made, and can then
// be changed or destroyed. It serves one goroutine at a time.
type MutexAttr struct{ attr }

// NewMutexAttr returns attributes with the system's defaults.
func NewMutexAttr() (*MutexAttr, error) {
	a := new(MutexAttr)
	if err := newAttr(&a.attr, mutexattrInit); err != nil {
		return nil, err
	}
	return watch(a, a.o, mutexattrDestroy), nil
}

// SetType sets the type. An unknown one is EINVAL, one that the system lacks unsupported.
func (a *MutexAttr) SetType(t MutexType) error {
	return a.setIn(mutexattrSettype, system.types[:], int(t), t.String())
}

// Type returns the type; it is never TypeDefault, but what that stands for.
func (a *MutexAttr) Type() (MutexType, error) {
	i, err := a.getIn(mutexattrGettype, system.types[:], int(TypeNormal))
	return MutexType(i), err
}

// SetProtocol sets the protocol. musl answers ENOTSUP to ProtocolProtect.
func (a *MutexAttr) SetProtocol(p Protocol) error {
	return a.setIn(mutexattrSetprotocol, system.protocols[:], int(p), p.String())
}

// Protocol returns the protocol.
func (a *MutexAttr) Protocol() (Protocol, error) {
	i, err := a.getIn(mutexattrGetprotocol, system.protocols[:], 0)
	return Protocol(i), err
}

// SetPrioCeiling sets the priority that [ProtocolProtect] gives, one of SchedFIFO's. Others
// are EINVAL.
func (a *MutexAttr) SetPrioCeiling(priority int) error {
	return a.set(mutexattrSetprioceiling, uintptr(int32(priority)))
}

// PrioCeiling returns the priority ceiling.
func (a *MutexAttr) PrioCeiling() (int, error) {
	v, err := a.get(mutexattrGetprioceiling)
	return int(v), err
}

// SetRobust says whether the mutex shall tell its next owner that the last one ended without
// unlocking it: see [Mutex.Consistent]. macOS cannot.
func (a *MutexAttr) SetRobust(robust bool) error {
	return a.set(mutexattrSetrobust, uintptr(truth(robust)))
}

// Robust reports whether the mutex shall be robust.
func (a *MutexAttr) Robust() (bool, error) {
	v, err := a.get(mutexattrGetrobust)
	return v != 0, err
}

// SetPShared says whether the mutex shall work between processes that map its memory.
func (a *MutexAttr) SetPShared(shared bool) error { return a.setShared(mutexattrSetpshared, shared) }

// PShared reports whether the mutex shall work between processes.
func (a *MutexAttr) PShared() (bool, error) { return a.shared(mutexattrGetpshared) }

// SetFairNP says whether macOS shall hand the mutex to the one that has waited longest
// (PTHREAD_MUTEX_POLICY_FAIRSHARE_NP) or to the first that comes (…_FIRSTFIT_NP, its default).
// Other systems have nothing of the kind.
func (a *MutexAttr) SetFairNP(fair bool) error {
	if fair {
		return a.set(mutexattrSetpolicyNP, policyFairshare)
	}
	return a.set(mutexattrSetpolicyNP, policyFirstfit)
}

// FairNP reports what [MutexAttr.SetFairNP] has set.
func (a *MutexAttr) FairNP() (bool, error) {
	v, err := a.get(mutexattrGetpolicyNP)
	return v == policyFairshare, err
}

// The policies of a mutex on macOS.
const policyFairshare, policyFirstfit = 1, 3

// Destroy ends the life of the attributes, not of mutexes made with them. Calling it again
// does nothing.
func (a *MutexAttr) Destroy() error { return a.o.destroy(mutexattrDestroy) }
