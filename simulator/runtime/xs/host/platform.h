/*
 * What XS asks of the platform it runs on: a POSIX laptop or (XSPOS_BARE_METAL) nothing but a C library; one thread, no debugger.
 * XS takes this header through -DXSPLATFORM; see xsPlatform.h of the XS sources.
 */
#ifndef XSPOS_PLATFORM
#define XSPOS_PLATFORM

#undef mxLittleEndian
#define mxLittleEndian 1
/* The host says where the C stack ends: XS would ask the system for each regular expression that it compiles. */
#define mxUseDefaultCStackLimit 0
#if defined(XSPOS_BARE_METAL)
	/* None of XS's platforms. */
#elif defined(__APPLE__)
	#undef mxMacOSX
	#define mxMacOSX 1
#else
	#undef mxLinux
	#define mxLinux 1
#endif

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#if !defined(XSPOS_BARE_METAL)
	#include <pthread.h>
	#include <sys/stat.h>
#endif

/* Standard output carries frames, so whatever XS prints goes to standard error. */
#define c_vprintf(FORMAT, ARGUMENTS) vfprintf(stderr, FORMAT, ARGUMENTS)
#define c_printf(...) fprintf(stderr, __VA_ARGS__)

/* Promise jobs wait until the firmware's turn ends. */
#define mxMachinePlatform \
	int promiseJobs; \
	void* waiterCondition; \
	void* waiterData; \
	void* waiterLink;

#define mxUseDefaultBuildKeys 1
#define mxUseDefaultChunkAllocation 1
#define mxUseDefaultSlotAllocation 1
#define mxUseDefaultSharedChunks 1

/* The width of a symbol in bytecode: 16 bits on the device, 32 on a 64-bit laptop. */
#if INTPTR_MAX == INT64_MAX
	#define mx32bitID 1
#endif

#endif
