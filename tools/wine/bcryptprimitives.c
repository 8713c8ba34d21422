// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// A stand-in for Windows' bcryptprimitives.dll, which Wine 8.0 lacks. The Go runtime (since Go 1.21) loads that
// DLL at start-up for one function, ProcessPrng, and exits if it is not there.
// ProcessPrng(buffer, length) fills the buffer with random bytes and is documented never to fail.
// Random bytes come from RtlGenRandom, which advapi32 exports under the name SystemFunction036 (length: 32 bits).
// No C run-time library is used: setup.sh links this with -nostdlib against advapi32 alone.

typedef __SIZE_TYPE__ size_t;

__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *buffer, unsigned int length);

__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *buffer, size_t length)
{
	const size_t most = 1u << 20;

	while (length != 0) {
		size_t n = length < most ? length : most;

		if (!SystemFunction036(buffer, (unsigned int)n))
			return 0;
		buffer += n;
		length -= n;
	}
	return 1;
}

int __stdcall DllMain(void *instance, unsigned int reason, void *reserved)
{
	(void)instance;
	(void)reason;
	(void)reserved;
	return 1;
}
