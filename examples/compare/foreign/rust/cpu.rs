// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

//! The processor time of the process, which std does not have.

#[cfg(unix)]
pub fn nanos() -> u64 {
    use std::os::raw::c_long;
    extern "C" {
        fn clock() -> c_long; // in microseconds, says POSIX
    }
    unsafe { clock() as u64 * 1000 }
}

#[cfg(windows)]
pub fn nanos() -> u64 {
    extern "system" {
        fn GetCurrentProcess() -> isize;
        fn GetProcessTimes(process: isize, times: *mut u64, exit: *mut u64, kernel: *mut u64, user: *mut u64) -> i32;
    }
    let (mut creation, mut exit, mut kernel, mut user) = (0, 0, 0, 0);
    unsafe { GetProcessTimes(GetCurrentProcess(), &mut creation, &mut exit, &mut kernel, &mut user) };
    (kernel + user) * 100 // from units of 100 ns
}

#[cfg(not(any(unix, windows)))]
pub fn nanos() -> u64 {
    0
}
