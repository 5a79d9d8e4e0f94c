#include "buffer.h"

static Bytes bytesArgument(xsMachine* the, int index, int writable)
{
	void* data = NULL;
	xsUnsignedValue count = 0;
	Bytes result;
	if (index >= xsmcArgc)
		xsTypeError("bytes missing");
	if (writable)
		xsmcGetBufferWritable(xsArg(index), &data, &count);
	else
		xsmcGetBufferReadable(xsArg(index), &data, &count);
	result.bytes = data;
	result.length = count;
	return result;
}

Bytes bytesToRead(xsMachine* the, int index)
{
	return bytesArgument(the, index, 0);
}

Bytes bytesToWrite(xsMachine* the, int index)
{
	return bytesArgument(the, index, 1);
}

uint8_t* bytesResult(xsMachine* the, uint32_t length)
{
	void* data;
	xsUnsignedValue count;
	xsmcSetArrayBuffer(xsResult, NULL, length);
	xsResult = xsNew1(xsGlobal, xsID("Uint8Array"), xsResult);
	xsmcGetBufferWritable(xsResult, &data, &count);
	return data;
}

xsNumberValue numberArgument(xsMachine* the, int index)
{
	xsType type = index < xsmcArgc ? xsmcTypeOf(xsArg(index)) : xsUndefinedType;
	if ((type != xsIntegerType) && (type != xsNumberType))
		xsTypeError("number missing");
	return xsmcToNumber(xsArg(index));
}

int32_t integerArgument(xsMachine* the, int index, int32_t least, int32_t most)
{
	xsNumberValue value = numberArgument(the, index);
	if (!((value >= least) && (value <= most)) || (value != (int32_t)value))
		xsRangeError("number out of range");
	return (int32_t)value;
}

void wipeBytes(void* bytes, size_t length)
{
	volatile uint8_t* at = bytes;
	while (length--)
		*at++ = 0;
}
