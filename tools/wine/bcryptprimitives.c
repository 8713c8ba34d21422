// Copyright 2026 The osync Authors
// SPDX-License-Identifier: BSD-3-Clause

// The part of Windows's bcryptprimitives.dll that the Go runtime needs, and that Wine 8 lacks. It is
// built without a C library: advapi32 exports RtlGenRandom under the name SystemFunction036.

typedef __SIZE_TYPE__ size_t;

__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *buffer, unsigned int length);

// ProcessPrng fills a buffer with random bytes, and always succeeds, according to its documentation.
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
