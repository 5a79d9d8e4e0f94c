/*
 * Where the data objects of a BER-TLV sequence stand (EMV 4.3 Book 3, annex B), as firmware/codec/tlv.ts finds them. What is
 * unusual is declined and left to TypeScript: wrong bytes above all, which it has errors for. So are primitive objects written. What
 * comes out here comes out the same there; test/unit/codec holds the two together.
 */
#include "buffer.h"

enum { DEEPEST = 8, MOST_OBJECTS = 128, LONGEST_INPUT = 0x7fff, LONGEST_TAG = 4, LONGEST_LENGTH = 4 };
enum { CONSTRUCTED = 0x20, MORE_TAG = 0x1f, LAST_TAG = 0x80, LONG_FORM = 0x80 };

typedef struct {
	const uint8_t* bytes;
	uint32_t at;
	int simple;
	int flat;
	int count;
	uint32_t tags[MOST_OBJECTS];
	/* The value's offset and length, 16 bits each. */
	uint32_t places[MOST_OBJECTS];
	/* Objects inside, at every depth. */
	uint8_t inside[MOST_OBJECTS];
} Scan;

static int takeTag(Scan* scan, uint32_t end, uint32_t* tag)
{
	uint32_t start = scan->at;
	uint8_t byte = scan->bytes[scan->at++];
	*tag = byte;
	if ((byte & MORE_TAG) != MORE_TAG)
		return 1;
	do {
		if ((scan->at >= end) || (scan->at - start >= LONGEST_TAG))
			return 0;
		byte = scan->bytes[scan->at++];
		*tag = (*tag << 8) | byte;
	} while (byte & LAST_TAG);
	return 1;
}

static int takeLength(Scan* scan, uint32_t end, uint32_t* length)
{
	uint8_t first, count;
	if (scan->at >= end)
		return 0;
	first = scan->bytes[scan->at++];
	*length = first;
	if (scan->simple || (first < LONG_FORM))
		return 1;
	count = first & ~LONG_FORM;
	if ((count > LONGEST_LENGTH) || (count > end - scan->at))
		return 0;
	for (*length = 0; count; count--)
		*length = (*length << 8) | scan->bytes[scan->at++];
	return 1;
}

/* The objects up to `end`; 0 where TypeScript has to look at them. */
static int scanObjects(Scan* scan, uint32_t end, int depth)
{
	if (depth > DEEPEST)
		return 0;
	while (scan->at < end) {
		uint8_t first = scan->bytes[scan->at];
		uint32_t tag, length;
		int own = scan->count;
		if (first == 0) {
			scan->at++;
			continue;
		}
		if (own == MOST_OBJECTS)
			return 0;
		if (!takeTag(scan, end, &tag) || !takeLength(scan, end, &length) || (length > end - scan->at))
			return 0;
		scan->tags[own] = tag;
		scan->places[own] = (scan->at << 16) | length;
		scan->count++;
		if ((first & CONSTRUCTED) && !scan->flat) {
			if (!scanObjects(scan, scan->at + length, depth + 1))
				return 0;
		}
		else
			scan->at += length;
		scan->inside[own] = (uint8_t)(scan->count - own - 1);
	}
	return 1;
}

static int flagArgument(xsMachine* the, int index)
{
	return (index < xsmcArgc) && xsmcTest(xsArg(index));
}

/* scanTlv(bytes, simple, flat): an array of tag, place and objects inside for each object; undefined where it is declined. */
void xspos_tlv_scan(xsMachine* the)
{
	Scan scan = { .simple = flagArgument(the, 1), .flat = flagArgument(the, 2) };
	Bytes data = bytesToRead(the, 0);
	int i;
	scan.bytes = data.bytes;
	if ((data.length > LONGEST_INPUT) || !scanObjects(&scan, data.length, 0))
		return;
	xsmcVars(1);
	xsmcSetNewArray(xsResult, 3 * scan.count);
	for (i = 0; i < scan.count; i++) {
		if (scan.tags[i] <= 0x7fffffff)
			xsmcSetInteger(xsVar(0), (xsIntegerValue)scan.tags[i]);
		else
			xsmcSetNumber(xsVar(0), scan.tags[i]);
		xsmcSetIndex(xsResult, 3 * i, xsVar(0));
		xsmcSetInteger(xsVar(0), (xsIntegerValue)scan.places[i]);
		xsmcSetIndex(xsResult, 3 * i + 1, xsVar(0));
		xsmcSetInteger(xsVar(0), scan.inside[i]);
		xsmcSetIndex(xsResult, 3 * i + 2, xsVar(0));
	}
}

/* Writing. */

/* One whole tag of a primitive object: one byte, or a first one that ends in 1F, then higher ones up to the last. */
static int isPrimitiveTag(uint32_t tag)
{
	int shift = tag > 0xffffff ? 24 : tag > 0xffff ? 16 : tag > 0xff ? 8 : 0;
	uint8_t first = (uint8_t)(tag >> shift);
	if (!tag || (first & CONSTRUCTED) || (((first & MORE_TAG) == MORE_TAG) != (shift > 0)))
		return 0;
	while (shift) {
		shift -= 8;
		if (!((tag >> shift) & LAST_TAG) != !shift)
			return 0;
	}
	return 1;
}

static uint32_t bytesOf(uint32_t number)
{
	return number > 0xffffff ? 4 : number > 0xffff ? 3 : number > 0xff ? 2 : 1;
}

static uint8_t* putNumber(uint8_t* at, uint32_t number)
{
	int shift;
	for (shift = 8 * ((int)bytesOf(number) - 1); shift >= 0; shift -= 8)
		*at++ = (uint8_t)(number >> shift);
	return at;
}

/* The object of the array at a place: its tag, and the place and length of its value; 0 where TypeScript has to look at it. */
static int objectAt(xsMachine* the, int place, uint32_t* tag, Bytes* value)
{
	void* data = NULL;
	xsUnsignedValue count = 0;
	xsNumberValue number;
	xsmcGetIndex(xsVar(0), xsArg(0), place);
	if (xsmcTypeOf(xsVar(0)) != xsReferenceType)
		return 0;
	xsmcGet(xsVar(1), xsVar(0), xsID("tag"));
	if ((xsmcTypeOf(xsVar(1)) != xsIntegerType) && (xsmcTypeOf(xsVar(1)) != xsNumberType))
		return 0;
	number = xsmcToNumber(xsVar(1));
	if (!((number > 0) && (number <= 0xffffffffu)) || (number != (xsNumberValue)(uint32_t)number))
		return 0;
	*tag = (uint32_t)number;
	xsmcGet(xsVar(1), xsVar(0), xsID("value"));
	if ((xsmcTypeOf(xsVar(1)) != xsReferenceType) || !isPrimitiveTag(*tag))
		return 0;
	xsmcGetBufferReadable(xsVar(1), &data, &count);
	value->bytes = data;
	value->length = count;
	return 1;
}

/* writeTlv(objects): their bytes, one behind the other; undefined where it is declined. */
void xspos_tlv_write(xsMachine* the)
{
	uint32_t size = 0, tag;
	uint8_t* at;
	Bytes value;
	int count, i;
	if ((xsmcArgc < 1) || (xsmcTypeOf(xsArg(0)) != xsReferenceType) || !xsmcIsInstanceOf(xsArg(0), xsArrayPrototype))
		return;
	xsmcVars(2);
	xsmcGet(xsVar(0), xsArg(0), xsID("length"));
	count = xsmcToInteger(xsVar(0));
	for (i = 0; i < count; i++) {
		if (!objectAt(the, i, &tag, &value) || (value.length > LONGEST_INPUT))
			return;
		size += bytesOf(tag) + (value.length < LONG_FORM ? 1 : 1 + bytesOf(value.length)) + value.length;
		if (size > LONGEST_INPUT)
			return;
	}
	at = bytesResult(the, size);
	for (i = 0; i < count; i++) {
		if (!objectAt(the, i, &tag, &value))
			xsRangeError("objects changed");
		at = putNumber(at, tag);
		if (value.length >= LONG_FORM)
			*at++ = (uint8_t)(LONG_FORM | bytesOf(value.length));
		at = putNumber(at, value.length);
		memcpy(at, value.bytes, value.length);
		at += value.length;
	}
}
