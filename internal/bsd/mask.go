// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

package bsd

// Sets of CPUs in the forms of FreeBSD, NetBSD and DragonFly.

// CPUMask returns the set of some CPUs, in which CPU n is a bit of word n/bits, for CPUs below most. It returns
// false for another CPU.
func CPUMask[W uint | uint32 | uint64](cpus []int, most int) (mask []W, ok bool) {
	mask = make([]W, 1)
	bits := wordBits[W]()
	for _, cpu := range cpus {
		if cpu < 0 || cpu >= most {
			return nil, false
		}
		for cpu/bits >= len(mask) {
			mask = append(mask, 0)
		}
		mask[cpu/bits] |= 1 << (cpu % bits)
	}
	return mask, true
}

// MaskCPUs returns the CPUs of a set.
func MaskCPUs[W uint | uint32 | uint64](mask []W) (cpus []int) {
	bits := wordBits[W]()
	for i, word := range mask {
		for bit := range bits {
			if word>>bit&1 != 0 {
				cpus = append(cpus, i*bits+bit)
			}
		}
	}
	return cpus
}

// WithRoom calls set with mask, or with larger and larger sets of the same CPUs, of at most most, for as long as it
// returns tooSmall: before FreeBSD 14 a set must have as many bits as the kernel was built for.
func WithRoom(mask []uint, set func(mask []uint) error, most int, tooSmall error) error {
	_, err := Growing(func(larger []uint) error {
		if copy(larger, mask) < len(mask) {
			return tooSmall
		}
		return set(larger)
	}, most, tooSmall)
	return err
}

func wordBits[W uint | uint32 | uint64]() (bits int) {
	for word := ^W(0); word != 0; word <<= 1 {
		bits++
	}
	return bits
}

// Growing calls get with larger and larger sets, of at most most CPUs, for as long as it returns tooSmall.
// Before FreeBSD 14 that is also the error for a set that is too large, so it begins with a word.
func Growing(get func(mask []uint) error, most int, tooSmall error) ([]uint, error) {
	for words := 1; ; words *= 2 {
		mask := make([]uint, words)
		err := get(mask)
		if err == nil {
			return mask, nil
		}
		if err != tooSmall || 2*words*wordBits[uint]() > most {
			return nil, err
		}
	}
}
