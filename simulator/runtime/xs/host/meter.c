/*
 * How much memory the firmware used, as one line `metrics {...}` of JSON on standard error.
 *
 * peak: the most that was ever taken, garbage included; a fixed heap fills up before it is collected, so this says little
 *       about what is needed.
 * live: the most that survived a collection: what the firmware needs.
 * XS's profiler is left out of the build (xsProfile.c); its hook, which the collector calls when it is done, serves here.
 */
#include "host.h"

#define PAINT 0x5A

static txMachine* metered = C_NULL;
static txSize liveChunks = 0;
static txSize liveSlots = 0;
static int collections = 0;

void fxCheckProfiler(txMachine* the, txSlot* frame)
{
	if ((the != metered) || frame || !the->frame)
		return;
	collections++;
	if (liveChunks < the->currentChunksSize)
		liveChunks = the->currentChunksSize;
	if (liveSlots < the->currentHeapCount)
		liveSlots = the->currentHeapCount;
}

void fxCreateProfiler(txMachine* the)
{
}

void fxDeleteProfiler(txMachine* the, void* stream)
{
}

void meterStart(txMachine* the)
{
	metered = the;
	the->peakChunksSize = the->currentChunksSize;
	the->peakHeapCount = the->currentHeapCount;
	c_memset(the->stackBottom, PAINT, (txByte*)the->stack - (txByte*)the->stackBottom);
}

static int stackPeak(txMachine* the)
{
	txByte* byte = (txByte*)the->stackBottom;
	while ((byte < (txByte*)the->stackTop) && (*byte == PAINT))
		byte++;
	return (int)(((txByte*)the->stackTop - byte + sizeof(txSlot) - 1) / sizeof(txSlot));
}

void meterReport(void)
{
	txMachine* the = metered;
	if (!the)
		return;
	fprintf(stderr,
		"metrics {\"chunks\":{\"peak\":%d,\"live\":%d,\"limit\":%d},\"slots\":{\"peak\":%d,\"live\":%d,\"limit\":%d},"
		"\"stack\":{\"peak\":%d,\"limit\":%d},\"keys\":%d,\"aliases\":%d,\"collections\":%d,\"slotBytes\":%d}\n",
		(int)the->peakChunksSize, (int)(liveChunks ? liveChunks : the->peakChunksSize), (int)the->maximumChunksSize,
		(int)the->peakHeapCount, (int)(liveSlots ? liveSlots : the->peakHeapCount), (int)the->maximumHeapCount,
		stackPeak(the), (int)(the->stackTop - the->stackBottom), (int)(the->keyIndex - the->keyOffset),
		(int)the->aliasCount, collections, (int)sizeof(txSlot));
	metered = C_NULL;
}
