/*
 * CBOR as firmware/codec/cbor.ts writes and reads it. What is unusual is declined and left to TypeScript: wrong bytes above
 * all, which it has errors for. What is done here comes out the same there; test/unit/codec holds the two together.
 */
#include "buffer.h"
#include <stdlib.h>

enum { NATURAL = 0x00, NEGATIVE = 0x20, BYTES = 0x40, TEXT = 0x60, ARRAY = 0x80, MAP = 0xa0, TAG = 0xc0, SIMPLE = 0xe0 };
enum { FALSE_VALUE = 0xf4, TRUE_VALUE = 0xf5, NULL_VALUE = 0xf6, UNDEFINED_VALUE = 0xf7, DOUBLE_VALUE = 0xfb };
/* Before a byte string: it is a Uint8Array (RFC 8746). */
enum { TYPED_ARRAY = 64 };
enum { DEEPEST = 16, MOST_KEYS = 48, LONGEST_KEY = 63, LONGEST_INPUT = 0xffff };
#define LARGEST_INTEGER 9007199254740991.0

/* Bytes of the UTF-8 character at `at`, as RFC 3629 has it; 0 for anything else, and for a zero byte. */
static uint32_t character(const uint8_t* at, uint32_t left)
{
	uint8_t first = at[0], low = 0x80, high = 0xbf;
	uint32_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4, i;
	if ((first == 0) || ((first >= 0x80) && (first < 0xc2)) || (first > 0xf4) || (size > left))
		return 0;
	if (first == 0xe0)
		low = 0xa0;
	else if (first == 0xed)
		high = 0x9f;
	else if (first == 0xf0)
		low = 0x90;
	else if (first == 0xf4)
		high = 0x8f;
	for (i = 1; i < size; i++, low = 0x80, high = 0xbf)
		if ((at[i] < low) || (at[i] > high))
			return 0;
	return size;
}

static int isText(const uint8_t* bytes, uint32_t length)
{
	uint32_t at = 0, size;
	for (; at < length; at += size)
		if (!(size = character(bytes + at, length - at)))
			return 0;
	return 1;
}

/* Reading. */

typedef struct {
	const uint8_t* bytes;
	uint32_t length;
	uint32_t at;
	/* Variables that there are so far. */
	int variables;
} Input;

/* The head at the place, and the place behind it; 0 where it is none that is read here. */
static int takeHead(Input* input, uint8_t* major, double* argument)
{
	uint8_t head, information, size, i;
	if (input->at >= input->length)
		return 0;
	head = input->bytes[input->at++];
	*major = head & 0xe0;
	information = head & 0x1f;
	*argument = information;
	if (information < 24)
		return 1;
	if (information > 27)
		return 0;
	size = 1 << (information - 24);
	if (input->length - input->at < size)
		return 0;
	*argument = 0;
	for (i = 0; i < size; i++)
		*argument = *argument * 256 + input->bytes[input->at++];
	return *argument <= LARGEST_INTEGER;
}

/* Names that every object has: TypeScript refuses them. */
static int isInherited(const char* key, uint32_t length)
{
	static const char* const names[] = {
		"constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf",
	};
	uint32_t i;
	if ((length > 2) && (key[0] == '_') && (key[1] == '_'))
		return 1;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((strlen(names[i]) == length) && !memcmp(names[i], key, length))
			return 1;
	return 0;
}

static int takeKey(Input* input, uint32_t* start, uint32_t* length)
{
	uint8_t major;
	double argument;
	if (!takeHead(input, &major, &argument) || (major != TEXT) || (argument > LONGEST_KEY)
			|| (argument > input->length - input->at))
		return 0;
	*start = input->at;
	*length = (uint32_t)argument;
	input->at += *length;
	return isText(input->bytes + *start, *length) && !isInherited((const char*)input->bytes + *start, *length);
}

/* Moves behind the value at the place; 0 where it is none that is read here. Nothing is made yet. */
static int passValue(Input* input, int depth);

/* Keys are compared in their places: a map that has one twice is wrong. */
static int passMap(Input* input, uint32_t count, int depth)
{
	uint16_t starts[MOST_KEYS];
	uint8_t lengths[MOST_KEYS];
	uint32_t i, j, start, length;
	if (count > MOST_KEYS)
		return 0;
	for (i = 0; i < count; i++) {
		if (!takeKey(input, &start, &length))
			return 0;
		for (j = 0; j < i; j++)
			if ((lengths[j] == length) && !memcmp(input->bytes + starts[j], input->bytes + start, length))
				return 0;
		starts[i] = (uint16_t)start;
		lengths[i] = (uint8_t)length;
		if (!passValue(input, depth + 1))
			return 0;
	}
	return 1;
}

static int passValue(Input* input, int depth)
{
	uint32_t start = input->at, count;
	uint8_t major;
	double argument;
	if ((depth > DEEPEST) || (start >= input->length))
		return 0;
	if ((input->bytes[start] & 0xe0) == SIMPLE) {
		uint8_t head = input->bytes[start];
		uint32_t size = head == DOUBLE_VALUE ? 9 : (head >= FALSE_VALUE) && (head <= UNDEFINED_VALUE) ? 1 : 0;
		input->at += size;
		return size && (input->at <= input->length);
	}
	if (!takeHead(input, &major, &argument))
		return 0;
	if ((major == NATURAL) || (major == NEGATIVE))
		return 1;
	if (major == TAG)
		return (argument == TYPED_ARRAY) && passValue(input, depth + 1);
	if (argument > input->length - input->at)
		return 0;
	count = (uint32_t)argument;
	start = input->at;
	if (major == MAP)
		return passMap(input, count, depth);
	if (major == ARRAY) {
		while (count--)
			if (!passValue(input, depth + 1))
				return 0;
		return 1;
	}
	input->at += count;
	return (major == BYTES) || isText(input->bytes + start, count);
}

/* The input, wherever the collector has moved it. */
static void find(xsMachine* the, Input* input)
{
	Bytes bytes = bytesToRead(the, 0);
	input->bytes = bytes.bytes;
	input->length = bytes.length;
}

static double doubleAt(const uint8_t* bytes)
{
	uint64_t bits = 0;
	double value;
	int i;
	for (i = 0; i < 8; i++)
		bits = (bits << 8) | bytes[i];
	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* Into a slot: JavaScript's integers where they fit. */
static void setNumber(xsMachine* the, xsSlot* slot, double value)
{
	if ((value >= -2147483648.0) && (value <= 2147483647.0))
		xsmcSetInteger(*slot, (xsIntegerValue)value);
	else
		xsmcSetNumber(*slot, value);
}

/* What the collector may move is copied into a chunk that is there already. */
static void setText(xsMachine* the, Input* input, uint32_t length, xsSlot* slot)
{
	xsmcSetStringBuffer(*slot, NULL, length);
	find(the, input);
	memcpy(xsmcToString(*slot), input->bytes + input->at, length);
	input->at += length;
}

static void setBytes(xsMachine* the, Input* input, uint32_t length, xsSlot* slot)
{
	xsmcSetArrayBuffer(*slot, NULL, length);
	find(the, input);
	if (length)
		memcpy(xsmcToArrayBuffer(*slot), input->bytes + input->at, length);
	input->at += length;
	*slot = xsNew1(xsGlobal, xsID("Uint8Array"), *slot);
	find(the, input);
}

/*
 * Makes the value at the place, which passValue has found good, in the variable of its depth. Inside of arrays and maps the
 * value is in the variable behind theirs.
 */
static void makeValue(xsMachine* the, Input* input, int depth);

static void makeMap(xsMachine* the, Input* input, uint32_t count, int depth)
{
	char name[LONGEST_KEY + 1];
	xsmcSetNewObject(xsVar(depth));
	while (count--) {
		uint32_t start, length;
		find(the, input);
		takeKey(input, &start, &length);
		memcpy(name, input->bytes + start, length);
		name[length] = 0;
		makeValue(the, input, depth + 1);
		if ((name[0] >= '0') && (name[0] <= '9')) {
			xsmcSetString(xsResult, name);
			xsmcSetAt(xsVar(depth), xsResult, xsVar(depth + 1));
		}
		else
			xsmcSet(xsVar(depth), xsID(name), xsVar(depth + 1));
	}
}

static void makeValue(xsMachine* the, Input* input, int depth)
{
	uint8_t head, major;
	double argument;
	uint32_t count, i;
	if (input->variables <= depth) {
		xsmcVars(1);
		input->variables++;
	}
	find(the, input);
	head = input->bytes[input->at];
	if (head >= FALSE_VALUE) {
		input->at++;
		if (head == DOUBLE_VALUE) {
			xsmcSetNumber(xsVar(depth), doubleAt(input->bytes + input->at));
			input->at += 8;
		}
		else if (head == NULL_VALUE)
			xsmcSetNull(xsVar(depth));
		else if (head == UNDEFINED_VALUE)
			xsmcSetUndefined(xsVar(depth));
		else
			xsmcSetBoolean(xsVar(depth), head == TRUE_VALUE);
		return;
	}
	takeHead(input, &major, &argument);
	count = (uint32_t)argument;
	switch (major) {
	case NATURAL:
		setNumber(the, &xsVar(depth), argument);
		break;
	case NEGATIVE:
		setNumber(the, &xsVar(depth), -1 - argument);
		break;
	case BYTES:
		setBytes(the, input, count, &xsVar(depth));
		break;
	case TEXT:
		setText(the, input, count, &xsVar(depth));
		break;
	case ARRAY:
		xsmcSetNewArray(xsVar(depth), count);
		for (i = 0; i < count; i++) {
			makeValue(the, input, depth + 1);
			xsmcSetIndex(xsVar(depth), i, xsVar(depth + 1));
		}
		break;
	case MAP:
		makeMap(the, input, count, depth);
		break;
	default:
		makeValue(the, input, depth);
	}
}

/* read(bytes, declined): the value, or `declined`. */
void xspos_cbor_read(xsMachine* the)
{
	Input input = { 0 };
	find(the, &input);
	if ((input.length > LONGEST_INPUT) || !passValue(&input, 0) || (input.at != input.length)) {
		xsResult = xsArg(1);
		return;
	}
	input.at = 0;
	makeValue(the, &input, 0);
	xsResult = xsVar(0);
}

/* Writing. */

typedef struct {
	uint8_t* bytes;
	uint32_t length;
	uint32_t capacity;
	int variables;
} Output;

static int reserve(Output* output, uint32_t count)
{
	uint32_t capacity = output->capacity;
	uint8_t* larger;
	if (count <= capacity - output->length)
		return 1;
	if (count > LONGEST_INPUT)
		return 0;
	capacity = 2 * (output->length + count);
	larger = malloc(capacity);
	if (!larger)
		return 0;
	if (output->bytes) {
		memcpy(larger, output->bytes, output->length);
		wipeBytes(output->bytes, output->length);
		free(output->bytes);
	}
	output->bytes = larger;
	output->capacity = capacity;
	return 1;
}

static int putBytes(Output* output, const void* bytes, uint32_t count)
{
	if (!reserve(output, count))
		return 0;
	memcpy(output->bytes + output->length, bytes, count);
	output->length += count;
	return 1;
}

static int putByte(Output* output, uint8_t byte)
{
	return putBytes(output, &byte, 1);
}

/* The number's lowest bytes, the highest of them first. */
static int putNumber(Output* output, uint64_t number, int size)
{
	uint8_t bytes[8];
	int i;
	for (i = 0; i < size; i++)
		bytes[i] = (uint8_t)(number >> (8 * (size - 1 - i)));
	return putBytes(output, bytes, size);
}

static int putHead(Output* output, uint8_t major, uint64_t argument)
{
	int size = argument < 24 ? 0 : argument <= 0xff ? 1 : argument <= 0xffff ? 2 : argument <= 0xffffffffu ? 4 : 8;
	uint8_t information = size == 0 ? (uint8_t)argument : size == 1 ? 24 : size == 2 ? 25 : size == 4 ? 26 : 27;
	return putByte(output, major | information) && putNumber(output, argument, size);
}

static int putNumeral(Output* output, double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof(bits));
	if ((value >= 0) && (value <= LARGEST_INTEGER) && (value == (double)(uint64_t)value) && !(bits >> 63))
		return putHead(output, NATURAL, (uint64_t)value);
	if ((value < 0) && (value >= -LARGEST_INTEGER) && (value == (double)(int64_t)value))
		return putHead(output, NEGATIVE, (uint64_t)(-1 - (int64_t)value));
	return putByte(output, DOUBLE_VALUE) && putNumber(output, bits, 8);
}

static int putText(Output* output, const char* text)
{
	uint32_t length = strlen(text);
	return isText((const uint8_t*)text, length) && putHead(output, TEXT, length) && putBytes(output, text, length);
}

static int isAscii(const char* text)
{
	for (; *text; text++)
		if (*text & 0x80)
			return 0;
	return 1;
}

/* Before another key: shorter, or lower in its first character that differs. */
static int isBefore(const char* a, const char* b)
{
	size_t length = strlen(a), other = strlen(b);
	return length == other ? strcmp(a, b) < 0 : length < other;
}

/* The order in which the keys, an array in a variable, are written; their number, or -1. Nothing is allocated meanwhile. */
static int sortKeys(xsMachine* the, xsSlot* keys, xsSlot* key, uint8_t* order)
{
	const char* names[MOST_KEYS];
	int count, i, j;
	xsmcGet(*key, *keys, xsID("length"));
	count = xsmcToInteger(*key);
	if (count > MOST_KEYS)
		return -1;
	for (i = 0; i < count; i++) {
		xsmcGetIndex(*key, *keys, i);
		names[i] = xsmcToString(*key);
		if (!isAscii(names[i]))
			return -1;
		for (j = i; (j > 0) && isBefore(names[i], names[order[j - 1]]); j--)
			order[j] = order[j - 1];
		order[j] = (uint8_t)i;
	}
	return count;
}

/* Writes the value in the variable of its depth; 0 where TypeScript has to. */
static int putValue(xsMachine* the, Output* output, int depth);

enum { KEYS, SINGLE, PER_DEPTH = 2 };

static int putMap(xsMachine* the, Output* output, int depth)
{
	uint8_t order[MOST_KEYS];
	xsSlot* object = &xsVar(PER_DEPTH * depth + SINGLE);
	xsSlot* keys = &xsVar(PER_DEPTH * depth + KEYS);
	int count, i;
	xsmcGet(xsResult, xsGlobal, xsID("Object"));
	xsmcCall(*keys, xsResult, xsID("keys"), object, NULL);
	count = sortKeys(the, keys, &xsResult, order);
	if ((count < 0) || !putHead(output, MAP, count))
		return 0;
	for (i = 0; i < count; i++) {
		xsmcGetIndex(xsResult, *keys, order[i]);
		if (!putText(output, xsmcToString(xsResult)))
			return 0;
		xsmcGetAt(xsVar(PER_DEPTH * (depth + 1) + SINGLE), *object, xsResult);
		if (!putValue(the, output, depth + 1))
			return 0;
	}
	return 1;
}

static int putArray(xsMachine* the, Output* output, int depth)
{
	xsSlot* array = &xsVar(PER_DEPTH * depth + SINGLE);
	int count, i;
	xsmcGet(xsResult, *array, xsID("length"));
	count = xsmcToInteger(xsResult);
	if (!putHead(output, ARRAY, count))
		return 0;
	for (i = 0; i < count; i++) {
		xsmcGetIndex(xsVar(PER_DEPTH * (depth + 1) + SINGLE), *array, i);
		if (!putValue(the, output, depth + 1))
			return 0;
	}
	return 1;
}

static int putView(xsMachine* the, Output* output, xsSlot* view)
{
	void* data;
	xsUnsignedValue count;
	xsmcGet(xsResult, xsGlobal, xsID("Uint8Array"));
	xsmcGet(xsResult, xsResult, xsID("prototype"));
	if (!xsmcIsInstanceOf(*view, xsResult))
		return 0;
	xsmcGetBufferReadable(*view, &data, &count);
	return putHead(output, BYTES, count) && putBytes(output, data, count);
}

static int putValue(xsMachine* the, Output* output, int depth)
{
	xsSlot* value = &xsVar(PER_DEPTH * depth + SINGLE);
	if (depth > DEEPEST)
		return 0;
	switch (xsmcTypeOf(*value)) {
	case xsUndefinedType:
		return putByte(output, UNDEFINED_VALUE);
	case xsNullType:
		return putByte(output, NULL_VALUE);
	case xsBooleanType:
		return putByte(output, xsmcToBoolean(*value) ? TRUE_VALUE : FALSE_VALUE);
	case xsIntegerType:
	case xsNumberType:
		return putNumeral(output, xsmcToNumber(*value));
	case xsStringType:
	case xsStringXType:
		return putText(output, xsmcToString(*value));
	case xsReferenceType:
		if (xsmcIsInstanceOf(*value, xsTypedArrayPrototype))
			return putView(the, output, value);
		if (xsmcIsCallable(*value))
			return 0;
		if (output->variables <= depth + 1) {
			xsmcVars(PER_DEPTH);
			output->variables++;
		}
		return xsmcIsInstanceOf(*value, xsArrayPrototype) ? putArray(the, output, depth) : putMap(the, output, depth);
	default:
		return 0;
	}
}

/* write(value): its encoding, or undefined. */
void xspos_cbor_write(xsMachine* the)
{
	Output output = { 0 };
	xsmcVars(PER_DEPTH);
	output.variables = 1;
	xsVar(SINGLE) = xsArg(0);
	xsTry {
		int done = putValue(the, &output, 0);
		xsmcSetUndefined(xsResult);
		if (done) {
			uint8_t* bytes = bytesResult(the, output.length);
			memcpy(bytes, output.bytes, output.length);
		}
	}
	xsCatch {
		if (output.bytes)
			wipeBytes(output.bytes, output.length);
		free(output.bytes);
		xsThrow(xsException);
	}
	if (output.bytes)
		wipeBytes(output.bytes, output.length);
	free(output.bytes);
}
