/*
 * How much memory the firmware used, as one line `metrics {...}` of JSON on standard error.
 *
 * peak: the most that was ever taken, garbage included; a fixed heap fills up before it is collected, so this says little
 *       about what is needed.
 * live: the most that survived a collection: what the firmware needs.
 * stack: the most slots that were taken when a function returned, as the SDK's instrumentation shows it.
 *
 * The collector calls the hook of XS's sampling profiler when it is done (mxInstrument); the build puts this file's hook in
 * its place. The stack's free part cannot be painted and looked at: regular expressions and numbers use it as scratch.
 */
#include "host.h"

static txMachine* metered = C_NULL;
/* -1: not collected yet. */
static txSize liveChunks = -1;
static txSize liveSlots = -1;
static int collections = 0;
/* Slots and bytes of chunks that a preloaded bundle left in flash. */
static int flashSlots[CENSUS_KINDS] = { 0 };
static int flashChunks = 0;
/* Bytes of code that stay when the modules have started, and of texts in the code that does not. */
static int flashBytecode = 0;
static int flashTextBytes = 0;
/* 0: XS collects when it must. */
static int collectEvery = 0;

/* XS counts what a growable chunk grows into twice until the next collection: never more than there is. */
static int peakChunks(txMachine* the)
{
	return (int)(the->peakChunksSize < the->maximumChunksSize ? the->peakChunksSize : the->maximumChunksSize);
}

static txSize larger(txSize a, txSize b)
{
	return a > b ? a : b;
}

/*
 * Not every collection looks at chunks. A dead chunk with a known content lies in the heap: a collection that leaves it
 * alone did not look at chunks, one that removes it did, and a new one is laid.
 */
static const txByte canaryText[8] = { 'd', 'e', 'a', 'd', 'b', 'i', 'r', 'd' };
static txByte* canary = C_NULL;

static txBoolean chunksCollected(txMachine* the)
{
	txBlock* block;
	for (block = the->firstBlock; block && canary; block = block->nextBlock)
		if (((txByte*)block < canary) && (canary < block->current))
			return c_memcmp(canary, canaryText, sizeof(canaryText)) != 0;
	return 1;
}

static void layCanary(txMachine* the)
{
	txBlock* block = the->firstBlock;
	txChunk* chunk = (txChunk*)block->current;
	txSize size = sizeof(txChunk) + sizeof(canaryText);
	canary = C_NULL;
	if (block->limit - block->current < size)
		return;
	block->current += size;
	chunk->size = size;
	chunk->temporary = block->current;
	the->currentChunksSize += size;
	canary = (txByte*)(chunk + 1);
	c_memcpy(canary, canaryText, sizeof(canaryText));
}

/*
 * The collector moves what is alive together and leaves the old places as they were: copies that the firmware can no longer
 * wipe. A terminal's firmware has to overwrite them after each collection, and so does this host.
 */
static void wipeFreed(txMachine* the)
{
	txBlock* block;
	for (block = the->firstBlock; block; block = block->nextBlock)
		c_memset(block->current, 0, (size_t)(block->limit - block->current));
}

/* Slots that are free and not in the list are found again by the next collection, which comes as soon as the list is at its end. */
static void cutFreeList(txMachine* the)
{
	txSlot* slot = the->freeHeap;
	int count;
	for (count = 1; slot && (count < collectEvery); count++)
		slot = slot->next;
	if (slot)
		slot->next = C_NULL;
}

void fxCheckProfiler(txMachine* the, txSlot* frame)
{
	if ((the != metered) || frame || !the->frame)
		return;
	collections++;
	liveSlots = larger(liveSlots, the->currentHeapCount);
	if (collectEvery)
		cutFreeList(the);
	if (chunksCollected(the)) {
		wipeFreed(the);
		liveChunks = larger(liveChunks, the->currentChunksSize);
		layCanary(the);
	}
}

void meterFlash(txMachine* root, int after)
{
	int counts[CENSUS_KINDS], kind;
	censusCount(root, counts);
	for (kind = 0; kind < CENSUS_KINDS; kind++)
		flashSlots[kind] = counts[kind] - (after ? flashSlots[kind] : 0);
	flashChunks = (int)root->currentChunksSize - (after ? flashChunks : 0);
	flashBytecode = after ? (int)flashCode(root) : 0;
	flashTextBytes = after ? (int)flashTexts(root) : 0;
}

void meterStart(txMachine* the, int every)
{
	metered = the;
	collectEvery = every;
	if (every)
		cutFreeList(the);
	the->stackPeak = the->stack;
	layCanary(the);
}

/* What is alive now, and the deepest stack so far, as a line `gauge {...}`; nothing may hold the place of a chunk. */
void meterGauge(void)
{
	txMachine* the = metered;
	if (!the)
		return;
	fxCollectGarbage(the);
	fprintf(stderr, "gauge {\"chunks\":%d,\"slots\":%d,\"stack\":%d}\n", (int)the->currentChunksSize,
		(int)the->currentHeapCount, (int)(the->stackTop - the->stackPeak));
}

/* `full`: the run ends because the last collection could not free enough, so that all that is taken is alive. */
void meterReport(int full)
{
	txMachine* the = metered;
	char more[128];
	if (!the)
		return;
	machineMetrics(more, sizeof(more));
	if (full || (liveChunks < 0))
		liveChunks = larger(liveChunks, full ? the->currentChunksSize : peakChunks(the));
	fprintf(stderr,
		"metrics {\"chunks\":{\"peak\":%d,\"live\":%d,\"limit\":%d},\"slots\":{\"peak\":%d,\"live\":%d,\"limit\":%d},"
		"\"stack\":{\"peak\":%d,\"limit\":%d},\"keys\":%d,\"aliases\":%d,\"collections\":%d,\"slotBytes\":%d,"
		"\"flash\":{\"bytecode\":%d,\"names\":%d,\"texts\":%d,\"chunks\":%d,\"slots\":{"
		"\"functions\":%d,\"environments\":%d,\"tables\":%d,\"names\":%d,\"variables\":%d}}%s}\n",
		peakChunks(the), (int)liveChunks, (int)the->maximumChunksSize,
		(int)the->peakHeapCount, (int)(liveSlots < 0 ? the->peakHeapCount : liveSlots), (int)the->maximumHeapCount,
		(int)(the->stackTop - the->stackPeak), (int)(the->stackTop - the->stackBottom), (int)(the->keyIndex - the->keyOffset),
		(int)the->aliasCount, collections, (int)sizeof(txSlot),
		flashBytecode ? flashBytecode : (int)bundleSize(), (int)bundleNames(), flashTextBytes, flashChunks,
		flashSlots[CENSUS_FUNCTIONS], flashSlots[CENSUS_ENVIRONMENTS], flashSlots[CENSUS_TABLES], flashSlots[CENSUS_NAMES],
		flashSlots[CENSUS_VARIABLES], more);
	metered = C_NULL;
}
