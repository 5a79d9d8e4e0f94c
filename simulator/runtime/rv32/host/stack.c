/* The C stack of the microcontroller (linker: __stack, __stack_size): how deep it was ever used. */
#include "host.h"
#include "machine.h"

#define PAINT 0x5A5A5A5Au
/* What the painter itself stands on. */
#define OWN 256

extern char __stack[];
extern char __stack_size[];

static uint32_t* lowest(void)
{
	return (uint32_t*)(__stack - (size_t)__stack_size);
}

void stackPaint(void)
{
	char here;
	uint32_t* p;
	for (p = lowest(); (char*)p < &here - OWN; p++)
		*p = PAINT;
}

size_t stackPeak(void)
{
	uint32_t* p = lowest();
	while (((char*)p < __stack) && (*p == PAINT))
		p++;
	return (size_t)(__stack - (char*)p);
}

/* XS looks how near the end is before it goes deeper; it keeps 1 KiB for what it does not look at. */
char* fxCStackLimit(void)
{
	return (char*)lowest() + 1024;
}
