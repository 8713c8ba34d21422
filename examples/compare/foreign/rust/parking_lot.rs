// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//! The locks of the crate parking_lot.

pub use parking_lot::{Condvar, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

pub const PEER: &str = "parking_lot";

#[inline(always)]
pub fn lock<T>(m: &Mutex<T>) -> MutexGuard<'_, T> {
    m.lock()
}

#[inline(always)]
pub fn read<T>(l: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    l.read()
}

#[inline(always)]
pub fn write<T>(l: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    l.write()
}

#[inline(always)]
pub fn wait<'a, T>(c: &Condvar, mut guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    c.wait(&mut guard);
    guard
}
