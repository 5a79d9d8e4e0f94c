/*
 * Frames on standard input and output: four bytes of length, little-endian, then the payload.
 * Writes collect until the next read, so that a frame that needs no answer costs no system call.
 */
#include "host.h"

#define FRAME_LIMIT (16 * 1024 * 1024)

static txByte* output = C_NULL;
static size_t outputSize = 0;
static size_t outputCapacity = 0;

void pipeFlush(void)
{
	size_t offset = 0;
	while (offset < outputSize) {
		ssize_t count = write(STDOUT_FILENO, output + offset, outputSize - offset);
		if (count > 0)
			offset += (size_t)count;
		else if (errno != EINTR)
			break;
	}
	outputSize = 0;
}

static void append(txMachine* the, const void* bytes, size_t count)
{
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
	header[0] = (txU1)total;
	header[1] = (txU1)(total >> 8);
	header[2] = (txU1)(total >> 16);
	header[3] = (txU1)(total >> 24);
	append(the, header, sizeof(header));
	for (part = 0; part < mxArgc; part++) {
		_xsmcGetBuffer(the, mxArgv(part), &data, &count, 0);
		append(the, data, count);
	}
	if (outputSize > 64 * 1024)
		pipeFlush();
}

static int readAll(txByte* bytes, size_t count)
{
	while (count) {
		ssize_t got = read(STDIN_FILENO, bytes, count);
		if (got > 0) {
			bytes += got;
			count -= (size_t)got;
		}
		else if (got == 0 || errno != EINTR)
			return 0;
	}
	return 1;
}

/* read(): waits for one frame and returns its payload as an ArrayBuffer, or undefined when the world has hung up. */
void pipeRead(txMachine* the)
{
	txU1 header[4];
	uint32_t count;
	void* bytes;
	pipeFlush();
	if (!readAll((txByte*)header, sizeof(header)))
		return;
	count = (uint32_t)header[0] | ((uint32_t)header[1] << 8) | ((uint32_t)header[2] << 16) | ((uint32_t)header[3] << 24);
	if (count > FRAME_LIMIT)
		mxRangeError("frame too long");
	bytes = fxArrayBuffer(the, mxResult, C_NULL, (txInteger)count, -1);
	if (!readAll(bytes, count))
		*mxResult = mxUndefined;
}
