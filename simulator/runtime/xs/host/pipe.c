/*
 * Frames on the wire: four bytes of length, little-endian, then the payload.
 * Writes collect until the next read, so that a frame that needs no answer costs no system call.
 */
#include "host.h"

#define FRAME_LIMIT (16 * 1024 * 1024)
/* Bytes of a piece that is long. */
#define LONG_PIECE 64
/* Bytes that are not kept back any longer: none on the microcontroller, whose count of instructions then says when each frame was written. */
#ifdef XSPOS_BARE_METAL
	#define FULL 0
#else
	#define FULL (64 * 1024)
#endif
/* In the place of a length: the world has hung up. */
#define HUNG_UP 0xFFFFFFFFu

static txByte* output = C_NULL;
static size_t outputSize = 0;
static size_t outputCapacity = 0;
static int hungUp = 0;

void pipeFlush(void)
{
	if (outputSize)
		wireWrite(output, outputSize);
	outputSize = 0;
}

/* Long pieces are what a device's peripherals would fetch by themselves: moving them is not counted. */
void pipeAppend(txMachine* the, const void* bytes, size_t count)
{
	int isLong = count >= LONG_PIECE;
	if (isLong)
		wirePause();
	if (outputCapacity - outputSize < count) {
		size_t capacity = (outputSize + count) * 2;
		txByte* grown = c_realloc(output, capacity);
		if (!grown)
			fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
		output = grown;
		outputCapacity = capacity;
	}
	c_memcpy(output + outputSize, bytes, count);
	outputSize += count;
	if (isLong)
		wireResume();
}

static void putLength(txU1* header, size_t length)
{
	header[0] = (txU1)length;
	header[1] = (txU1)(length >> 8);
	header[2] = (txU1)(length >> 16);
	header[3] = (txU1)(length >> 24);
}

/* Begins a frame whose length is not known yet; gives its place. */
size_t pipeBegin(txMachine* the)
{
	static const txU1 header[4] = { 0 };
	pipeAppend(the, header, sizeof(header));
	return outputSize - sizeof(header);
}

/* Ends a frame that was begun, or takes it back. */
void pipeEnd(txMachine* the, size_t begun, int whole)
{
	size_t length = outputSize - begun - 4;
	if (!whole) {
		outputSize = begun;
		return;
	}
	if (length > FRAME_LIMIT)
		mxRangeError("frame too long");
	putLength((txU1*)output + begun, length);
	if (outputSize > FULL)
		pipeFlush();
}

/* The bytes of an ArrayBuffer or of a view of bytes; they may move at the next allocation. */
extern txInteger _xsmcGetBuffer(txMachine* the, txSlot* slot, void** data, txUnsigned* count, txBoolean writable);

/*
 * write(...parts): sends one frame, at the latest when read is called. Its payload is the parts (ArrayBuffer or
 * Uint8Array) one after the other.
 */
void pipeWrite(txMachine* the)
{
	void* data = C_NULL;
	txUnsigned count = 0;
	size_t total = 0;
	txU1 header[4];
	txInteger part;
	if (mxArgc < 1)
		mxTypeError("no frame");
	for (part = 0; part < mxArgc; part++) {
		_xsmcGetBuffer(the, mxArgv(part), &data, &count, 0);
		total += count;
	}
	if (total > FRAME_LIMIT)
		mxRangeError("frame too long");
	putLength(header, total);
	pipeAppend(the, header, sizeof(header));
	for (part = 0; part < mxArgc; part++) {
		_xsmcGetBuffer(the, mxArgv(part), &data, &count, 0);
		pipeAppend(the, data, count);
	}
	if (outputSize > FULL)
		pipeFlush();
}

/* A frame that waits to be made into values, or to be read. */
static txU1* frame = C_NULL;
static size_t frameCapacity = 0;
static size_t frameSize = 0;
static int frameWaits = 0;

/* Sends what was written and waits for the next frame; gives the bytes of its payload, or -1 when the world has hung up. */
static int64_t awaitFrame(txMachine* the)
{
	txU1 header[4];
	uint32_t count;
	pipeFlush();
	while (!hungUp && (wireWait() == WIRE_ASKED))
		meterGauge();
	if (hungUp || !wireRead(header, sizeof(header)))
		return -1;
	count = (uint32_t)header[0] | ((uint32_t)header[1] << 8) | ((uint32_t)header[2] << 16) | ((uint32_t)header[3] << 24);
	if (count == HUNG_UP) {
		hungUp = 1;
		return -1;
	}
	if (count > FRAME_LIMIT)
		mxRangeError("frame too long");
	return count;
}

/* Waits for one frame and keeps it, until it is forgotten or read: its payload, or NULL when the world has hung up. */
const txU1* pipeReceive(txMachine* the, size_t* count)
{
	int64_t size = awaitFrame(the);
	if (size < 0)
		return C_NULL;
	if (!frame || ((size_t)size > frameCapacity)) {
		c_free(frame);
		frameCapacity = (size_t)size + 256;
		frame = c_malloc(frameCapacity);
		if (!frame)
			fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	}
	if (!wireRead(frame, (size_t)size))
		return C_NULL;
	frameSize = *count = (size_t)size;
	frameWaits = 1;
	return frame;
}

/* It may have been a card's. */
void pipeForget(void)
{
	c_memset(frame, 0, frameSize);
	frameWaits = 0;
}

/* read(): waits for one frame and returns its payload as an ArrayBuffer, or undefined when the world has hung up. */
void pipeRead(txMachine* the)
{
	int64_t size;
	void* bytes;
	if (frameWaits) {
		fxArrayBuffer(the, mxResult, frame, (txInteger)frameSize, -1);
		pipeForget();
		return;
	}
	size = awaitFrame(the);
	if (size < 0)
		return;
	bytes = fxArrayBuffer(the, mxResult, C_NULL, (txInteger)size, -1);
	if (!wireRead(bytes, (size_t)size))
		*mxResult = mxUndefined;
}
