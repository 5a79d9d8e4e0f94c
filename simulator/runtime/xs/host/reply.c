/*
 * What comes over the bridge (hal/bridge/protocol.ts), read and made into values in one step: numbers, ASCII text, bytes, true, false,
 * null, undefined, and arrays of these. A device has its peripherals where the emulation has the bridge: what a frame
 * costs is not to be the firmware's cost. What is unusual is declined, and read() gives its payload.
 */
#include "host.h"

enum { NATURAL = 0x00, NEGATIVE = 0x20, BYTES = 0x40, TEXT = 0x60, ARRAY = 0x80 };
enum { FALSE_VALUE = 0xf4, TRUE_VALUE = 0xf5, NULL_VALUE = 0xf6, UNDEFINED_VALUE = 0xf7, DOUBLE = 0xfb };
/* Arrays inside of the frame's own. */
enum { DEEPEST = 2 };
#define LARGEST_INTEGER 9007199254740991.0

/* The frame lies in the host's memory: the collector does not move it. */
typedef struct {
	const txU1* at;
	const txU1* end;
} Input;

/* The argument of a head; -1 where it is none that is read here. */
static double takeArgument(Input* input, txU1 information)
{
	double argument = information;
	int size;
	if (information < 24)
		return argument;
	if (information > 27)
		return -1;
	size = 1 << (information - 24);
	if (input->end - input->at < size)
		return -1;
	for (argument = 0; size > 0; size--)
		argument = argument * 256 + *input->at++;
	return argument <= LARGEST_INTEGER ? argument : -1;
}

static void pushNumber(txMachine* the, double value)
{
	if ((value >= -2147483648.0) && (value <= 2147483647.0))
		mxPushInteger((txInteger)value);
	else
		mxPushNumber(value);
}

static int pushDouble(txMachine* the, Input* input)
{
	uint64_t bits = 0;
	double value;
	int i;
	if (input->end - input->at < 8)
		return 0;
	for (i = 0; i < 8; i++)
		bits = (bits << 8) | *input->at++;
	c_memcpy(&value, &bits, sizeof(value));
	mxPushNumber(value);
	return 1;
}

static int pushSimple(txMachine* the, Input* input, txU1 head)
{
	if (head == DOUBLE)
		return pushDouble(the, input);
	if (head == NULL_VALUE)
		mxPushNull();
	else if (head == UNDEFINED_VALUE)
		mxPushUndefined();
	else if ((head == FALSE_VALUE) || (head == TRUE_VALUE))
		mxPushBoolean(head == TRUE_VALUE);
	else
		return 0;
	return 1;
}

static int pushText(txMachine* the, const txU1* bytes, size_t length)
{
	size_t i;
	for (i = 0; i < length; i++)
		if ((bytes[i] == 0) || (bytes[i] & 0x80))
			return 0;
	mxPushUndefined();
	fxStringBuffer(the, the->stack, (txString)bytes, (txSize)length);
	return 1;
}

static void pushBytes(txMachine* the, const txU1* bytes, size_t length)
{
	mxPush(mxUint8ArrayConstructor);
	mxNew();
	mxPushUndefined();
	fxArrayBuffer(the, the->stack, (void*)bytes, (txInteger)length, -1);
	mxRunCount(1);
}

static int pushValue(txMachine* the, Input* input, int depth);

static int pushArray(txMachine* the, Input* input, size_t count, int depth)
{
	txSlot* array;
	size_t i;
	if ((depth > DEEPEST) || (count > (size_t)(input->end - input->at)))
		return 0;
	fxNewArray(the, (txInteger)count);
	array = the->stack;
	for (i = 0; i < count; i++) {
		if (!pushValue(the, input, depth + 1))
			return 0;
		mxPushSlot(array);
		mxSetIndex((txInteger)i);
		mxPop();
	}
	return 1;
}

/* Pushes the value at the place; 0 where it is none that is read here, with something pushed or not. */
static int pushValue(txMachine* the, Input* input, int depth)
{
	txU1 head;
	double argument;
	const txU1* start;
	if (input->at == input->end)
		return 0;
	head = *input->at++;
	if (head >= FALSE_VALUE)
		return pushSimple(the, input, head);
	argument = takeArgument(input, head & 0x1f);
	if (argument < 0)
		return 0;
	switch (head & 0xe0) {
	case NATURAL:
		pushNumber(the, argument);
		return 1;
	case NEGATIVE:
		pushNumber(the, -1 - argument);
		return 1;
	default:
		if (argument > input->end - input->at)
			return 0;
	}
	if ((head & 0xe0) == ARRAY)
		return pushArray(the, input, (size_t)argument, depth);
	start = input->at;
	input->at += (size_t)argument;
	if ((head & 0xe0) == TEXT)
		return pushText(the, start, (size_t)argument);
	if ((head & 0xe0) != BYTES)
		return 0;
	pushBytes(the, start, (size_t)argument);
	return 1;
}

/* The next frame behind `skip` bytes that it has to begin with, made into the result; `declined` where that cannot be. */
static void receive(txMachine* the, const txU1* beginning, size_t skip)
{
	txSlot* stack = the->stack;
	const txU1* bytes;
	size_t count;
	Input input;
	int whole;
	bytes = pipeReceive(the, &count);
	if (!bytes) {
		if (!skip)
			return;
		*mxResult = *mxArgv(0);
		return;
	}
	input.at = bytes + skip;
	input.end = bytes + count;
	whole = (count > skip) && !c_memcmp(bytes, beginning, skip) && pushValue(the, &input, 0) && (input.at == input.end);
	*mxResult = whole ? *the->stack : *mxArgv(0);
	the->stack = stack;
	if (whole)
		pipeForget();
}

/* reply(declined): what a call has given; declined also where it has thrown, and where the world has hung up. */
void pipeReply(txMachine* the)
{
	static const txU1 done[2] = { ARRAY | 2, 0 };
	if (mxArgc < 1)
		mxTypeError("what to give for what is declined");
	receive(the, done, sizeof(done));
}

/* receive(declined): all of a frame; undefined when the world has hung up. */
void pipeFields(txMachine* the)
{
	if (mxArgc < 1)
		mxTypeError("what to give for what is declined");
	receive(the, C_NULL, 0);
}
