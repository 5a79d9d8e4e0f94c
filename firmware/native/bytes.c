/*
 * Hexadecimal text, the joining and copying of byte strings, and the checks of frames: every message and every card makes them by
 * the hundred. An engine copies a view byte by byte, some 15 instructions each.
 */
#include "buffer.h"

static int hexDigit(char c)
{
	char upper = c & ~0x20;
	if ((c >= '0') && (c <= '9'))
		return c - '0';
	return (upper >= 'A') && (upper <= 'F') ? upper - 'A' + 10 : -1;
}

void xspos_bytes_toHex(xsMachine* the)
{
	static const char digits[] = "0123456789ABCDEF";
	Bytes data = bytesToRead(the, 0);
	uint32_t length = data.length, i;
	char* text;
	xsmcSetStringBuffer(xsResult, NULL, 2 * length);
	text = xsmcToString(xsResult);
	data = bytesToRead(the, 0);
	for (i = 0; i < length; i++) {
		text[2 * i] = digits[data.bytes[i] >> 4];
		text[2 * i + 1] = digits[data.bytes[i] & 15];
	}
}

/* The text as it is looked at twice: what is wrong is found before anything is made. */
void xspos_bytes_fromHex(xsMachine* the)
{
	xsType type = xsmcArgc > 0 ? xsmcTypeOf(xsArg(0)) : xsUndefinedType;
	const char* text;
	uint32_t length, i;
	uint8_t* bytes;
	if ((type != xsStringType) && (type != xsStringXType))
		xsTypeError("text missing");
	text = xsmcToString(xsArg(0));
	length = strlen(text);
	if (length & 1)
		return;
	for (i = 0; i < length; i++)
		if (hexDigit(text[i]) < 0)
			return;
	bytes = bytesResult(the, length / 2);
	text = xsmcToString(xsArg(0));
	for (i = 0; i < length / 2; i++)
		bytes[i] = (uint8_t)((hexDigit(text[2 * i]) << 4) | hexDigit(text[2 * i + 1]));
}

/* A part of the array, in the variable. */
static Bytes part(xsMachine* the, int index)
{
	void* data = NULL;
	xsUnsignedValue count = 0;
	Bytes result;
	xsmcGetIndex(xsVar(0), xsArg(0), index);
	xsmcGetBufferReadable(xsVar(0), &data, &count);
	result.bytes = data;
	result.length = count;
	return result;
}

void xspos_bytes_join(xsMachine* the)
{
	int count, i;
	uint32_t length = 0;
	uint8_t* bytes;
	if ((xsmcArgc < 1) || (xsmcTypeOf(xsArg(0)) != xsReferenceType) || !xsmcIsInstanceOf(xsArg(0), xsArrayPrototype))
		xsTypeError("parts missing");
	xsmcVars(1);
	xsmcGet(xsVar(0), xsArg(0), xsID("length"));
	count = xsmcToInteger(xsVar(0));
	for (i = 0; i < count; i++)
		length += part(the, i).length;
	bytes = bytesResult(the, length);
	for (i = 0; i < count; i++) {
		Bytes next = part(the, i);
		if (next.length > length)
			xsRangeError("parts changed");
		memcpy(bytes, next.bytes, next.length);
		bytes += next.length;
		length -= next.length;
	}
}

/* More than any message has. */
enum { LONGEST = 0xffff };

/* Characters of text or of bytes. Throws TypeError for anything else. */
static Bytes charactersArgument(xsMachine* the, int index)
{
	xsType type = index < xsmcArgc ? xsmcTypeOf(xsArg(index)) : xsUndefinedType;
	Bytes result;
	if ((type != xsStringType) && (type != xsStringXType))
		return bytesToRead(the, index);
	result.bytes = (uint8_t*)xsmcToString(xsArg(index));
	result.length = strlen((const char*)result.bytes);
	return result;
}

static int flagArgument(xsMachine* the, int index)
{
	return (index < xsmcArgc) && xsmcTest(xsArg(index));
}

/* packDigits(digits, packed, nibble, names): the place of the first character that may not come, or -1. */
void xspos_bytes_packDigits(xsMachine* the)
{
	uint32_t nibble = (uint32_t)integerArgument(the, 2, 0, LONGEST), place;
	int names = flagArgument(the, 3);
	Bytes packed = bytesToWrite(the, 1), digits = charactersArgument(the, 0);
	xsmcSetInteger(xsResult, -1);
	for (place = 0; place < digits.length; place++, nibble++) {
		int value = hexDigit((char)digits.bytes[place]);
		if ((value < 0) || ((value > 9) && !names)) {
			xsmcSetInteger(xsResult, (xsIntegerValue)place);
			return;
		}
		if (nibble >> 1 >= packed.length)
			xsRangeError("digits do not fit");
		packed.bytes[nibble >> 1] |= (uint8_t)(nibble & 1 ? value : value << 4);
	}
}

/* unpackDigits(packed, nibble, digits, names): the place of the first nibble that may not come, or -1. */
void xspos_bytes_unpackDigits(xsMachine* the)
{
	uint32_t nibble = (uint32_t)integerArgument(the, 1, 0, LONGEST), place;
	int names = flagArgument(the, 3);
	Bytes packed = bytesToRead(the, 0), digits = bytesToWrite(the, 2);
	if (digits.length && ((digits.length + nibble + 1) / 2 > packed.length))
		xsRangeError("digits do not fit");
	xsmcSetInteger(xsResult, -1);
	for (place = 0; place < digits.length; place++, nibble++) {
		uint8_t byte = packed.bytes[nibble >> 1], value = nibble & 1 ? byte & 15 : byte >> 4;
		if ((value > 9) && !names) {
			xsmcSetInteger(xsResult, (xsIntegerValue)place);
			return;
		}
		digits.bytes[place] = value > 9 ? 'A' - 10 + value : '0' + value;
	}
}

void xspos_bytes_fold(xsMachine* the)
{
	uint32_t size = (uint32_t)integerArgument(the, 1, 1, LONGEST), i, at = 0;
	uint8_t* result;
	Bytes data;
	bytesToRead(the, 0);
	result = bytesResult(the, size);
	data = bytesToRead(the, 0);
	for (i = 0; i < data.length; i++) {
		result[at++] ^= data.bytes[i];
		if (at == size)
			at = 0;
	}
}

/* The part of the bytes of argument 0 that arguments 1 and 2 say: from a place to before another. */
static Bytes range(xsMachine* the)
{
	int32_t from = integerArgument(the, 1, 0, LONGEST), to = integerArgument(the, 2, 0, LONGEST);
	Bytes data = bytesToRead(the, 0);
	if ((from > to) || ((uint32_t)to > data.length))
		xsRangeError("bytes out of range");
	data.bytes += from;
	data.length = (uint32_t)(to - from);
	return data;
}

void xspos_bytes_sum(xsMachine* the)
{
	Bytes data = range(the);
	uint32_t sum = 0;
	while (data.length--)
		sum += *data.bytes++;
	xsmcSetInteger(xsResult, sum & 0xff);
}

void xspos_bytes_parity(xsMachine* the)
{
	Bytes data = range(the);
	uint8_t all = 0;
	while (data.length--)
		all ^= *data.bytes++;
	xsmcSetInteger(xsResult, all);
}

/* copy(source, target, at) */
void xspos_bytes_copy(xsMachine* the)
{
	uint32_t at = (uint32_t)integerArgument(the, 2, 0, INT32_MAX);
	Bytes target = bytesToWrite(the, 1), source = bytesToRead(the, 0);
	if ((at > target.length) || (source.length > target.length - at))
		xsRangeError("bytes do not fit");
	memmove(target.bytes + at, source.bytes, source.length);
}

/* wipe(bytes) */
void xspos_bytes_wipe(xsMachine* the)
{
	Bytes data = bytesToWrite(the, 0);
	wipeBytes(data.bytes, data.length);
}

/* equal(a, b): stops at the first difference. */
void xspos_bytes_equal(xsMachine* the)
{
	Bytes a = bytesToRead(the, 0), b = bytesToRead(the, 1);
	xsmcSetBoolean(xsResult, (a.length == b.length) && !memcmp(a.bytes, b.bytes, a.length));
}
