/*
 * What a QR code does with every module and every codeword (ISO/IEC 18004:2015, 7): eight masks of a code with a payload of 300 bytes
 * are a quarter of a million modules.
 */
#include <stdlib.h>
#include "buffer.h"

#define SMALLEST 21
#define LARGEST 77
#define LONGEST_BLOCK 255
#define HIGHEST_DEGREE 68

/* The product in the field of 256 elements whose polynomial is 11D. */
static uint8_t product(uint8_t one, uint8_t other)
{
	uint32_t result = 0;
	int bit;
	for (bit = 7; bit >= 0; bit--) {
		result = (result << 1) ^ ((result >> 7) * 0x11D);
		result ^= ((other >> bit) & 1) * one;
	}
	return (uint8_t)result;
}

/* The coefficients of (x - 1)(x - 2)(x - 4)..., the highest, which is 1, left out. */
static void makeGenerator(uint8_t* coefficients, int degree)
{
	uint8_t root = 1;
	int step, i;
	memset(coefficients, 0, degree);
	coefficients[degree - 1] = 1;
	for (step = 0; step < degree; step++) {
		for (i = 0; i < degree; i++)
			coefficients[i] = product(coefficients[i], root) ^ (i + 1 < degree ? coefficients[i + 1] : 0);
		root = product(root, 2);
	}
}

void xspos_qr_remainder(xsMachine* the)
{
	uint8_t divisor[HIGHEST_DEGREE];
	Bytes block = bytesToRead(the, 0);
	int degree = integerArgument(the, 1, 1, HIGHEST_DEGREE);
	uint8_t* rest;
	uint32_t at;
	int i;
	if (block.length > LONGEST_BLOCK)
		xsRangeError("block too long");
	makeGenerator(divisor, degree);
	rest = bytesResult(the, degree);
	block = bytesToRead(the, 0);
	for (at = 0; at < block.length; at++) {
		uint8_t factor = block.bytes[at] ^ rest[0];
		memmove(rest, rest + 1, degree - 1);
		rest[degree - 1] = 0;
		if (factor)
			for (i = 0; i < degree; i++)
				rest[i] ^= product(divisor[i], factor);
	}
}

/* A square of modules, eight a byte, the leftmost in the highest bit; each row begins a byte. */
typedef struct {
	uint8_t* bits;
	int stride;
} Square;

static Square square(xsMachine* the, Bytes argument, int size)
{
	Square result = { argument.bytes, (size + 7) >> 3 };
	if (argument.length != (uint32_t)(result.stride * size))
		xsRangeError("modules out of range");
	return result;
}

static int moduleAt(const Square* of, int x, int y)
{
	return (of->bits[y * of->stride + (x >> 3)] >> (7 - (x & 7))) & 1;
}

static void invert(const Square* of, int x, int y, int by)
{
	of->bits[y * of->stride + (x >> 3)] ^= by << (7 - (x & 7));
}

/* A pattern's module: no data go there. */
static void setModule(const Square* modules, const Square* reserved, int x, int y, int isDark)
{
	int at = y * modules->stride + (x >> 3), bit = 0x80 >> (x & 7);
	reserved->bits[at] |= bit;
	if (isDark)
		modules->bits[at] |= bit;
	else
		modules->bits[at] &= ~bit;
}

/* Squares round a middle, as far as `radius`; bit n of `dark` tells of the one at distance n. */
static void drawRings(const Square* modules, const Square* reserved, int size, int middleX, int middleY, int radius, int dark)
{
	int x, y;
	for (y = -radius; y <= radius; y++)
		for (x = -radius; x <= radius; x++) {
			int column = middleX + x, row = middleY + y, far = abs(x) > abs(y) ? abs(x) : abs(y);
			if ((column >= 0) && (row >= 0) && (column < size) && (row < size))
				setModule(modules, reserved, column, row, (dark >> far) & 1);
		}
}

/* Where the middle of an alignment pattern lies, in both directions (annex E). */
static int alignmentPlace(int size, int count, int place)
{
	int last = size - 7, half = last - 6;
	int step = (half + 2 * count - 3) / (2 * count - 2) * 2;
	return place == 0 ? 6 : last - step * (count - 1 - place);
}

/* The remainder of a number with zeros behind it, by a polynomial of that degree, behind it: the check of format and version. */
static int checked(int value, int degree, int polynomial)
{
	int rest = value, step;
	for (step = 0; step < degree; step++)
		rest = (rest << 1) ^ ((rest >> (degree - 1)) * polynomial);
	return (value << degree) | rest;
}

/* Level and mask, twice, and the module that is always dark (7.9.1). */
static void drawFormat(const Square* modules, const Square* reserved, int size, int format)
{
	int bits = checked(format, 10, 0x537) ^ 0x5412, bit, far = size - 1;
	for (bit = 0; bit < 15; bit++) {
		int isDark = (bits >> bit) & 1;
		if (bit < 8)
			setModule(modules, reserved, 8, bit < 6 ? bit : bit + 1, isDark);
		else
			setModule(modules, reserved, bit == 8 ? 7 : 14 - bit, 8, isDark);
		if (bit < 8)
			setModule(modules, reserved, far - bit, 8, isDark);
		else
			setModule(modules, reserved, 8, far - 14 + bit, isDark);
	}
	setModule(modules, reserved, 8, far - 7, 1);
}

/* qrPatterns(modules, reserved, size): draws finder, timing and alignment patterns and the version, and keeps room for the format (6.3). */
void xspos_qr_patterns(xsMachine* the)
{
	int size = integerArgument(the, 2, SMALLEST, LARGEST);
	Square modules = square(the, bytesToWrite(the, 0), size);
	Square reserved = square(the, bytesToWrite(the, 1), size);
	int version = (size - 17) / 4, count = version / 7 + 2, at, column, row;
	for (at = 0; at < size; at++) {
		setModule(&modules, &reserved, 6, at, at % 2 == 0);
		setModule(&modules, &reserved, at, 6, at % 2 == 0);
	}
	drawRings(&modules, &reserved, size, 3, 3, 4, 0x0B);
	drawRings(&modules, &reserved, size, size - 4, 3, 4, 0x0B);
	drawRings(&modules, &reserved, size, 3, size - 4, 4, 0x0B);
	for (row = 0; (version > 1) && (row < count); row++)
		for (column = 0; column < count; column++) {
			int isCorner = (!row && (!column || (column == count - 1))) || (!column && (row == count - 1));
			if (!isCorner)
				drawRings(&modules, &reserved, size, alignmentPlace(size, count, column), alignmentPlace(size, count, row), 2, 0x05);
		}
	drawFormat(&modules, &reserved, size, 0);
	if (version >= 7) {
		int bits = checked(version, 12, 0x1F25), bit;
		for (bit = 0; bit < 18; bit++) {
			setModule(&modules, &reserved, size - 11 + bit % 3, bit / 3, (bits >> bit) & 1);
			setModule(&modules, &reserved, bit / 3, size - 11 + bit % 3, (bits >> bit) & 1);
		}
	}
}

/* qrFormat(modules, reserved, size, format): the two bits of the level and the three of the mask, into the room that was kept. */
void xspos_qr_format(xsMachine* the)
{
	int size = integerArgument(the, 2, SMALLEST, LARGEST);
	Square modules = square(the, bytesToWrite(the, 0), size);
	Square reserved = square(the, bytesToWrite(the, 1), size);
	drawFormat(&modules, &reserved, size, integerArgument(the, 3, 0, 31));
}

/*
 * qrDraw(bits, stride, rows, x, y, modules, size, scale): draws the dark modules as squares of `scale` pixels on a canvas of one bit a pixel,
 * clipped. x is not below zero.
 */
void xspos_qr_draw(xsMachine* the)
{
	int32_t stride = integerArgument(the, 1, 1, 0xffff), rows = integerArgument(the, 2, 0, 0xffff);
	int32_t left = integerArgument(the, 3, 0, 0xffff), top = integerArgument(the, 4, -0xffff, 0xffff);
	int size = integerArgument(the, 6, SMALLEST, LARGEST), scale = integerArgument(the, 7, 1, 255);
	Bytes canvas = bytesToWrite(the, 0);
	Square modules = square(the, bytesToRead(the, 5), size);
	int32_t row, x;
	if (canvas.length < (uint32_t)(stride * rows))
		xsRangeError("canvas larger than its bytes");
	for (row = top < 0 ? -top : 0; (row < size * scale) && (top + row < rows); row++) {
		uint8_t* bits = canvas.bytes + (top + row) * stride;
		for (x = 0; (x < size * scale) && (left + x < 8 * stride); x++)
			bits[(left + x) >> 3] |= moduleAt(&modules, x / scale, row / scale) << (7 - ((left + x) & 7));
	}
}

/* Inverts free modules by the bits of the codewords, in pairs of columns from the right, up and down in turns (7.7.3). */
void xspos_qr_place(xsMachine* the)
{
	int size = integerArgument(the, 2, SMALLEST, LARGEST);
	Square modules = square(the, bytesToWrite(the, 0), size);
	Square reserved = square(the, bytesToRead(the, 1), size);
	Bytes data = bytesToRead(the, 3);
	uint32_t bit = 0, bits = data.length * 8;
	int right, step, x;
	for (right = size - 1; right >= 1; right -= 2) {
		if (right == 6)
			right = 5; /* the column of the timing pattern */
		for (step = 0; step < size; step++) {
			int y = ((right + 1) & 2) == 0 ? size - 1 - step : step;
			for (x = right; x >= right - 1; x--) {
				if (moduleAt(&reserved, x, y) || (bit >= bits))
					continue;
				invert(&modules, x, y, (data.bytes[bit >> 3] >> (7 - (bit & 7))) & 1);
				bit++;
			}
		}
	}
}

/* The condition of a data mask pattern (7.8.2): modules where it is zero are inverted. */
static int condition(int pattern, int x, int y)
{
	int product = x * y;
	switch (pattern) {
	case 0: return (x + y) % 2;
	case 1: return y % 2;
	case 2: return x % 3;
	case 3: return (x + y) % 3;
	case 4: return (x / 3 + (y >> 1)) % 2;
	case 5: return product % 2 + product % 3;
	case 6: return (product % 2 + product % 3) % 2;
	default: return ((x + y) % 2 + product % 3) % 2;
	}
}

void xspos_qr_mask(xsMachine* the)
{
	int size = integerArgument(the, 2, SMALLEST, LARGEST);
	Square modules = square(the, bytesToWrite(the, 0), size);
	Square reserved = square(the, bytesToRead(the, 1), size);
	int pattern = integerArgument(the, 3, 0, 7);
	int x, y;
	for (y = 0; y < size; y++)
		for (x = 0; x < size; x++)
			if (!moduleAt(&reserved, x, y) && !condition(pattern, x, y))
				invert(&modules, x, y, 1);
}

/* 1:1:3:1:1, with four light modules on one side: what looks like a finder pattern. */
#define FINDER_LEFT 0x5D0
#define FINDER_RIGHT 0x05D
#define FINDER_BITS 0x7FF

/* Of one row or column: runs of five and more, and what looks like a finder pattern, the quiet zone being light. */
static int32_t linePenalty(const Square* of, int size, int line, int isColumn)
{
	int32_t penalty = 0;
	int run = 0, last = -1, place;
	uint32_t seen = 0;
	for (place = 0; place < size + 4; place++) {
		int module = place >= size ? 0 : isColumn ? moduleAt(of, line, place) : moduleAt(of, place, line);
		seen = ((seen << 1) | module) & FINDER_BITS;
		if ((seen == FINDER_LEFT) || (seen == FINDER_RIGHT))
			penalty += 40;
		if (place >= size)
			continue;
		run = module == last ? run + 1 : 1;
		last = module;
		if (run == 5)
			penalty += 3;
		else if (run > 5)
			penalty += 1;
	}
	return penalty;
}

void xspos_qr_penalty(xsMachine* the)
{
	int size = integerArgument(the, 1, SMALLEST, LARGEST);
	Square modules = square(the, bytesToRead(the, 0), size);
	int32_t penalty = 0, dark = 0, total = size * size, away;
	int line, x;
	for (line = 0; line < size; line++) {
		penalty += linePenalty(&modules, size, line, 0) + linePenalty(&modules, size, line, 1);
		for (x = 0; x < size; x++) {
			int module = moduleAt(&modules, x, line);
			dark += module;
			if (line && x && (moduleAt(&modules, x - 1, line) + moduleAt(&modules, x, line - 1) + moduleAt(&modules, x - 1, line - 1) == 3 * module))
				penalty += 3;
		}
	}
	away = dark * 20 - total * 10;
	if (away < 0)
		away = -away;
	away = (away + total - 1) / total - 1;
	xsmcSetInteger(xsResult, penalty + 10 * (away > 0 ? away : 0));
}
