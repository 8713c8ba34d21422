// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package pthread

// A MutexType determines what happens to a thread that locks a mutex twice.
type MutexType int

// The types of mutexes. With each, an Unlock by a thread other than the owner returns EPERM.
const (
	// TypeDefault is the system's choice: TypeErrorCheck on FreeBSD, elsewhere TypeNormal.
	TypeDefault MutexType = iota

	// TypeNormal makes the thread deadlock with itself.
	TypeNormal

	// TypeErrorCheck makes the second lock return EDEADLK.
	TypeErrorCheck

	// TypeRecursive lets the thread lock again. The mutex is free after as many unlocks.
	TypeRecursive

	// TypeAdaptiveNP is TypeNormal, but spins briefly before it sleeps. Only glibc and FreeBSD have
	// it.
	TypeAdaptiveNP
)

// String returns the name of the type.
func (t MutexType) String() string {
	return nameOf(int(t), "PTHREAD_MUTEX_DEFAULT", "PTHREAD_MUTEX_NORMAL", "PTHREAD_MUTEX_ERRORCHECK",
		"PTHREAD_MUTEX_RECURSIVE", "PTHREAD_MUTEX_ADAPTIVE_NP")
}

// A Protocol determines the priority that the owner of a mutex gains.
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

// A MutexAttr holds the attributes of a mutex to be made. Once the mutex is made, the attributes
// can be changed or destroyed. A MutexAttr must not be used by several goroutines at the same time.
type MutexAttr struct{ attr }

// NewMutexAttr returns attributes with the system's defaults.
func NewMutexAttr() (*MutexAttr, error) {
	a := new(MutexAttr)
	if err := newAttr(&a.attr, mutexattrInit); err != nil {
		return nil, err
	}
	return watch(a, a.o, mutexattrDestroy), nil
}

// SetType sets the type. It returns EINVAL for an unknown type, and an [errors.ErrUnsupported] for
// one that the system lacks.
func (a *MutexAttr) SetType(t MutexType) error {
	return a.setIn(mutexattrSettype, system.types[:], int(t), t.String())
}

// Type returns the type: never TypeDefault, but the type that it stands for.
func (a *MutexAttr) Type() (MutexType, error) {
	i, err := a.getIn(mutexattrGettype, system.types[:], int(TypeNormal))
	return MutexType(i), err
}

// SetProtocol sets the protocol. musl returns ENOTSUP for ProtocolProtect.
func (a *MutexAttr) SetProtocol(p Protocol) error {
	return a.setIn(mutexattrSetprotocol, system.protocols[:], int(p), p.String())
}

// Protocol returns the protocol.
func (a *MutexAttr) Protocol() (Protocol, error) {
	i, err := a.getIn(mutexattrGetprotocol, system.protocols[:], 0)
	return Protocol(i), err
}

// SetPrioCeiling sets the priority that [ProtocolProtect] gives, which must be one of SchedFIFO. It
// returns EINVAL for others.
func (a *MutexAttr) SetPrioCeiling(priority int) error {
	return a.set(mutexattrSetprioceiling, uintptr(int32(priority)))
}

// PrioCeiling returns the priority ceiling.
func (a *MutexAttr) PrioCeiling() (int, error) {
	v, err := a.get(mutexattrGetprioceiling)
	return int(v), err
}

// SetRobust sets whether the mutex is robust: if its owner ends without unlocking it, the next Lock
// returns [EOWNERDEAD], see [Mutex.Consistent]. macOS lacks it.
func (a *MutexAttr) SetRobust(robust bool) error {
	return a.set(mutexattrSetrobust, uintptr(truth(robust)))
}

// Robust reports whether the mutex is robust.
func (a *MutexAttr) Robust() (bool, error) {
	v, err := a.get(mutexattrGetrobust)
	return v != 0, err
}

// SetPShared sets whether the mutex works between processes that map its memory.
func (a *MutexAttr) SetPShared(shared bool) error { return a.setShared(mutexattrSetpshared, shared) }

// PShared reports whether the mutex works between processes.
func (a *MutexAttr) PShared() (bool, error) { return a.shared(mutexattrGetpshared) }

// SetFairNP sets whether the mutex of macOS is handed off in FIFO order
// (PTHREAD_MUTEX_POLICY_FAIRSHARE_NP) or allows barging (…_FIRSTFIT_NP, the default). Other systems
// lack it.
func (a *MutexAttr) SetFairNP(fair bool) error {
	if fair {
		return a.set(mutexattrSetpolicyNP, policyFairshare)
	}
	return a.set(mutexattrSetpolicyNP, policyFirstfit)
}

// FairNP returns the setting of [MutexAttr.SetFairNP].
func (a *MutexAttr) FairNP() (bool, error) {
	v, err := a.get(mutexattrGetpolicyNP)
	return v == policyFairshare, err
}

// The policies of a mutex on macOS.
const policyFairshare, policyFirstfit = 1, 3

// Destroy destroys the attributes, but not the mutexes made with them. Further calls do nothing.
func (a *MutexAttr) Destroy() error { return a.o.destroy(mutexattrDestroy) }
