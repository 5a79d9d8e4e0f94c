/*
 * request(kind, handle, method, args) or request(kind, value): a frame of the bridge (hal/bridge/protocol.ts), made of arguments
 * that are numbers, ASCII text, bytes, true, false, null or undefined; true when it is written. For others it writes nothing and is false.
 * A device has its peripherals where the emulation has the bridge: what a frame costs is not to be the firmware's cost.
 */
#include "host.h"

enum { NATURAL = 0x00, NEGATIVE = 0x20, BYTES = 0x40, TEXT = 0x60, ARRAY = 0x80 };
enum { FALSE_VALUE = 0xf4, TRUE_VALUE = 0xf5, NULL_VALUE = 0xf6, UNDEFINED_VALUE = 0xf7, DOUBLE = 0xfb };
#define LARGEST_INTEGER 9007199254740991.0

extern txInteger _xsmcGetBuffer(txMachine* the, txSlot* slot, void** data, txUnsigned* count, txBoolean writable);

/* A number of `size` bytes, the highest first. */
static void putNumber(txMachine* the, uint64_t value, int size)
{
	txU1 bytes[8];
	int i;
	for (i = 0; i < size; i++)
		bytes[i] = (txU1)(value >> (8 * (size - 1 - i)));
	pipeAppend(the, bytes, (size_t)size);
}

static void putHead(txMachine* the, txU1 major, uint64_t argument)
{
	int size = argument < 24 ? 0 : argument <= 0xff ? 1 : argument <= 0xffff ? 2 : argument <= 0xffffffffu ? 4 : 8;
	txU1 head = (txU1)(major | (size == 0 ? argument : size == 1 ? 24 : size == 2 ? 25 : size == 4 ? 26 : 27));
	pipeAppend(the, &head, 1);
	putNumber(the, argument, size);
}

static int putDouble(txMachine* the, double value)
{
	txU1 head = DOUBLE;
	uint64_t bits;
	if ((value >= 0) && (value <= LARGEST_INTEGER) && (value == (double)(uint64_t)value) && !signbit(value))
		putHead(the, NATURAL, (uint64_t)value);
	else if ((value < 0) && (value >= -LARGEST_INTEGER) && (value == (double)(int64_t)value))
		putHead(the, NEGATIVE, (uint64_t)(-1 - (int64_t)value));
	else {
		c_memcpy(&bits, &value, sizeof(bits));
		pipeAppend(the, &head, 1);
		putNumber(the, bits, 8);
	}
	return 1;
}

static int putText(txMachine* the, const char* text)
{
	size_t length = c_strlen(text), i;
	for (i = 0; i < length; i++)
		if (text[i] & 0x80)
			return 0;
	putHead(the, TEXT, length);
	pipeAppend(the, text, length);
	return 1;
}

static int putBytes(txMachine* the, txSlot* slot)
{
	txSlot* content = slot->value.reference->next;
	void* data = C_NULL;
	txUnsigned count = 0;
	if (!content || !(content->flag & XS_INTERNAL_FLAG) || (content->kind != XS_TYPED_ARRAY_KIND)
			|| (content->value.typedArray.dispatch->size != 1))
		return 0;
	_xsmcGetBuffer(the, slot, &data, &count, 0);
	putHead(the, BYTES, count);
	pipeAppend(the, data, count);
	return 1;
}

static int putByte(txMachine* the, txU1 byte)
{
	pipeAppend(the, &byte, 1);
	return 1;
}

static int putValue(txMachine* the, txSlot* slot)
{
	switch (slot->kind) {
	case XS_UNDEFINED_KIND: return putByte(the, UNDEFINED_VALUE);
	case XS_NULL_KIND: return putByte(the, NULL_VALUE);
	case XS_BOOLEAN_KIND: return putByte(the, slot->value.boolean ? TRUE_VALUE : FALSE_VALUE);
	case XS_INTEGER_KIND: return putDouble(the, slot->value.integer);
	case XS_NUMBER_KIND: return putDouble(the, slot->value.number);
	case XS_STRING_KIND:
	case XS_STRING_X_KIND: return putText(the, slot->value.string);
	case XS_REFERENCE_KIND: return putBytes(the, slot);
	default: return 0;
	}
}

void pipeRequest(txMachine* the)
{
	size_t begun = pipeBegin(the);
	txInteger count, i;
	int whole;
	if (mxArgc == 2) {
		putHead(the, ARRAY, 2);
		whole = putValue(the, mxArgv(0)) && putValue(the, mxArgv(1));
		pipeEnd(the, begun, whole);
		mxResult->kind = XS_BOOLEAN_KIND;
		mxResult->value.boolean = (txBoolean)whole;
		return;
	}
	if (mxArgc != 4)
		mxTypeError("kind, handle, method and arguments");
	mxPushSlot(mxArgv(3));
	mxGetID(mxID(_length));
	count = fxToInteger(the, the->stack);
	mxPop();
	putHead(the, ARRAY, 4);
	whole = putValue(the, mxArgv(0)) && putValue(the, mxArgv(1)) && putValue(the, mxArgv(2));
	putHead(the, ARRAY, (uint64_t)count);
	for (i = 0; whole && (i < count); i++) {
		mxPushSlot(mxArgv(3));
		mxGetIndex(i);
		whole = putValue(the, the->stack);
		mxPop();
	}
	pipeEnd(the, begun, whole);
	mxResult->kind = XS_BOOLEAN_KIND;
	mxResult->value.boolean = (txBoolean)whole;
}
