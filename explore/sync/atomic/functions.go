// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package atomic

import (
	"sync/atomic"
	"unsafe"
)

// LoadInt32 returns *addr.
func LoadInt32(addr *int32) (val int32) { return load(addr, atomic.LoadInt32) }

// LoadUint32 returns *addr.
func LoadUint32(addr *uint32) (val uint32) { return load(addr, atomic.LoadUint32) }

// LoadInt64 returns *addr.
func LoadInt64(addr *int64) (val int64) { return load(addr, atomic.LoadInt64) }

// LoadUint64 returns *addr.
func LoadUint64(addr *uint64) (val uint64) { return load(addr, atomic.LoadUint64) }

// LoadUintptr returns *addr.
func LoadUintptr(addr *uintptr) (val uintptr) { return load(addr, atomic.LoadUintptr) }

// LoadPointer returns *addr.
func LoadPointer(addr *unsafe.Pointer) (val unsafe.Pointer) { return load(addr, atomic.LoadPointer) }

// StoreInt32 sets *addr to val.
func StoreInt32(addr *int32, val int32) { store(addr, val, atomic.StoreInt32) }

// StoreUint32 sets *addr to val.
func StoreUint32(addr *uint32, val uint32) { store(addr, val, atomic.StoreUint32) }

// StoreInt64 sets *addr to val.
func StoreInt64(addr *int64, val int64) { store(addr, val, atomic.StoreInt64) }

// StoreUint64 sets *addr to val.
func StoreUint64(addr *uint64, val uint64) { store(addr, val, atomic.StoreUint64) }

// StoreUintptr sets *addr to val.
func StoreUintptr(addr *uintptr, val uintptr) { store(addr, val, atomic.StoreUintptr) }

// StorePointer sets *addr to val.
func StorePointer(addr *unsafe.Pointer, val unsafe.Pointer) { store(addr, val, atomic.StorePointer) }

// SwapInt32 sets *addr to new and returns the previous value.
func SwapInt32(addr *int32, new int32) (old int32) { return swap(addr, new, atomic.SwapInt32) }

// SwapUint32 sets *addr to new and returns the previous value.
func SwapUint32(addr *uint32, new uint32) (old uint32) { return swap(addr, new, atomic.SwapUint32) }

// SwapInt64 sets *addr to new and returns the previous value.
func SwapInt64(addr *int64, new int64) (old int64) { return swap(addr, new, atomic.SwapInt64) }

// SwapUint64 sets *addr to new and returns the previous value.
func SwapUint64(addr *uint64, new uint64) (old uint64) { return swap(addr, new, atomic.SwapUint64) }

// SwapUintptr sets *addr to new and returns the previous value.
func SwapUintptr(addr *uintptr, new uintptr) (old uintptr) {
	return swap(addr, new, atomic.SwapUintptr)
}

// SwapPointer sets *addr to new and returns the previous value.
func SwapPointer(addr *unsafe.Pointer, new unsafe.Pointer) (old unsafe.Pointer) {
	return swap(addr, new, atomic.SwapPointer)
}

// CompareAndSwapInt32 sets *addr to new if it is old, and reports whether it did.
func CompareAndSwapInt32(addr *int32, old, new int32) (swapped bool) {
	return compareAndSwap(addr, old, new, atomic.CompareAndSwapInt32)
}

// CompareAndSwapUint32 sets *addr to new if it is old, and reports whether it did.
func CompareAndSwapUint32(addr *uint32, old, new uint32) (swapped bool) {
	return compareAndSwap(addr, old, new, atomic.CompareAndSwapUint32)
}

// CompareAndSwapInt64 sets *addr to new if it is old, and reports whether it did.
func CompareAndSwapInt64(addr *int64, old, new int64) (swapped bool) {
	return compareAndSwap(addr, old, new, atomic.CompareAndSwapInt64)
}

// CompareAndSwapUint64 sets *addr to new if it is old, and reports whether it did.
func CompareAndSwapUint64(addr *uint64, old, new uint64) (swapped bool) {
	return compareAndSwap(addr, old, new, atomic.CompareAndSwapUint64)
}

// CompareAndSwapUintptr sets *addr to new if it is old, and reports whether it did.
func CompareAndSwapUintptr(addr *uintptr, old, new uintptr) (swapped bool) {
	return compareAndSwap(addr, old, new, atomic.CompareAndSwapUintptr)
}

// CompareAndSwapPointer sets *addr to new if it is old, and reports whether it did.
func CompareAndSwapPointer(addr *unsafe.Pointer, old, new unsafe.Pointer) (swapped bool) {
	return compareAndSwap(addr, old, new, atomic.CompareAndSwapPointer)
}

// AddInt32 adds delta to *addr and returns the new value.
func AddInt32(addr *int32, delta int32) (new int32) { return add(addr, delta, atomic.AddInt32) }

// AddUint32 adds delta to *addr and returns the new value.
func AddUint32(addr *uint32, delta uint32) (new uint32) { return add(addr, delta, atomic.AddUint32) }

// AddInt64 adds delta to *addr and returns the new value.
func AddInt64(addr *int64, delta int64) (new int64) { return add(addr, delta, atomic.AddInt64) }

// AddUint64 adds delta to *addr and returns the new value.
func AddUint64(addr *uint64, delta uint64) (new uint64) { return add(addr, delta, atomic.AddUint64) }

// AddUintptr adds delta to *addr and returns the new value.
func AddUintptr(addr *uintptr, delta uintptr) (new uintptr) {
	return add(addr, delta, atomic.AddUintptr)
}

// AndInt32 sets *addr to *addr & mask and returns the old value.
func AndInt32(addr *int32, mask int32) (old int32) { return and(addr, mask, atomic.AndInt32) }

// AndUint32 sets *addr to *addr & mask and returns the old value.
func AndUint32(addr *uint32, mask uint32) (old uint32) { return and(addr, mask, atomic.AndUint32) }

// AndInt64 sets *addr to *addr & mask and returns the old value.
func AndInt64(addr *int64, mask int64) (old int64) { return and(addr, mask, atomic.AndInt64) }

// AndUint64 sets *addr to *addr & mask and returns the old value.
func AndUint64(addr *uint64, mask uint64) (old uint64) { return and(addr, mask, atomic.AndUint64) }

// AndUintptr sets *addr to *addr & mask and returns the old value.
func AndUintptr(addr *uintptr, mask uintptr) (old uintptr) { return and(addr, mask, atomic.AndUintptr) }

// OrInt32 sets *addr to *addr | mask and returns the old value.
func OrInt32(addr *int32, mask int32) (old int32) { return or(addr, mask, atomic.OrInt32) }

// OrUint32 sets *addr to *addr | mask and returns the old value.
func OrUint32(addr *uint32, mask uint32) (old uint32) { return or(addr, mask, atomic.OrUint32) }

// OrInt64 sets *addr to *addr | mask and returns the old value.
func OrInt64(addr *int64, mask int64) (old int64) { return or(addr, mask, atomic.OrInt64) }

// OrUint64 sets *addr to *addr | mask and returns the old value.
func OrUint64(addr *uint64, mask uint64) (old uint64) { return or(addr, mask, atomic.OrUint64) }

// OrUintptr sets *addr to *addr | mask and returns the old value.
func OrUintptr(addr *uintptr, mask uintptr) (old uintptr) { return or(addr, mask, atomic.OrUintptr) }
