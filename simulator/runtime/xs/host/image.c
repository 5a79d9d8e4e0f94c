/*
 * What a memory dump of the terminal would show: chunks, slots and the stack, free parts included, one after the other.
 * Written as they are, without a collection before: nothing is tidied up for the picture.
 */
#include "host.h"

static const char* imagePath = C_NULL;

void imageAt(const char* path)
{
	imagePath = path;
}

void imageWrite(txMachine* the)
{
	FILE* file;
	txBlock* block;
	txSlot* heap;
	if (!imagePath)
		return;
	file = fopen(imagePath, "wb");
	if (!file)
		abortWith(1, "no image", strerror(errno));
	for (block = the->firstBlock; block; block = block->nextBlock)
		fwrite(block + 1, 1, (size_t)(block->limit - (txByte*)(block + 1)), file);
	for (heap = the->firstHeap; heap; heap = heap->next)
		fwrite(heap, 1, (size_t)((txByte*)heap->value.reference - (txByte*)heap), file);
	fwrite(the->stackBottom, 1, (size_t)((txByte*)the->stackTop - (txByte*)the->stackBottom), file);
	if (fclose(file))
		abortWith(1, "no image", strerror(errno));
}
