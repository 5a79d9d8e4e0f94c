/*
 * What a memory dump of the terminal would show: chunks, slots and the stack, free parts included, one after the other.
 * Taken as they are, without a collection before: nothing is tidied up for the picture.
 */
#include "host.h"

void imageEach(txMachine* the, void (*visit)(const void* bytes, size_t count))
{
	txBlock* block;
	txSlot* heap;
	for (block = the->firstBlock; block; block = block->nextBlock)
		(*visit)(block + 1, (size_t)(block->limit - (txByte*)(block + 1)));
	for (heap = the->firstHeap; heap; heap = heap->next)
		(*visit)(heap, (size_t)((txByte*)heap->value.reference - (txByte*)heap));
	(*visit)(the->stackBottom, (size_t)((txByte*)the->stackTop - (txByte*)the->stackBottom));
}
