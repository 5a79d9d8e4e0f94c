/*
 * Byte arguments of natives: a Uint8Array (with its offset), an ArrayBuffer, or a host buffer that lies in flash.
 *
 * The collector moves ArrayBuffers. A pointer from here is good until the next call that can allocate (making a
 * result, calling JavaScript): take results first, pointers after.
 */
#ifndef XSPOS_BUFFER_H
#define XSPOS_BUFFER_H

#include "xsmc.h"
#include <stdint.h>
#include <string.h>

typedef struct {
	uint8_t* bytes;
	uint32_t length;
} Bytes;

/* Argument `index` to read from. Throws TypeError when it is missing or holds no bytes. */
Bytes bytesToRead(xsMachine* the, int index);

/* Argument `index` to write to. Throws TypeError when it is missing, holds no bytes, or lies in flash. */
Bytes bytesToWrite(xsMachine* the, int index);

/* Makes the result a new Uint8Array of `length` zero bytes and gives its place. */
uint8_t* bytesResult(xsMachine* the, uint32_t length);

/* Argument `index`, which must be a number already: no JavaScript runs. Throws TypeError otherwise. */
xsNumberValue numberArgument(xsMachine* the, int index);

/* Argument `index` as an integer between `least` and `most`. Throws TypeError or RangeError otherwise. */
int32_t integerArgument(xsMachine* the, int index, int32_t least, int32_t most);

/* Overwrites secrets so that the compiler cannot leave it out. */
void wipeBytes(void* bytes, size_t length);

#endif
