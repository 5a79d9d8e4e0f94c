/* Drawing on 1-bit canvases: rows of `stride` bytes, the leftmost pixel in the most significant bit, 1 = ink. */
#include "bitmap.h"
#include "buffer.h"

#define FURTHEST 0x3fffffff

static uint8_t* canvasArgument(xsMachine* the, int32_t stride, int32_t rows)
{
	Bytes bits = bytesToWrite(the, 0);
	if ((int64_t)stride * rows > bits.length)
		xsRangeError("canvas larger than its bytes");
	return bits.bytes;
}

static void paint(uint8_t* at, uint8_t ink, int value)
{
	*at = value ? *at | ink : *at & ~ink;
}

/* fill(bits, stride, x, y, width, height, value): a rectangle, clipped to the canvas; value 0 clears. */
void xspos_raster_fill(xsMachine* the)
{
	int32_t stride = integerArgument(the, 1, 1, 0xffff);
	int32_t left = integerArgument(the, 2, -FURTHEST, FURTHEST), top = integerArgument(the, 3, -FURTHEST, FURTHEST);
	int32_t right = left + integerArgument(the, 4, -FURTHEST, FURTHEST);
	int32_t bottom = top + integerArgument(the, 5, -FURTHEST, FURTHEST);
	int32_t value = integerArgument(the, 6, 0, 1);
	Bytes bits = bytesToWrite(the, 0);
	int32_t rows = (int32_t)(bits.length / (uint32_t)stride), first, last, y;
	uint8_t head, tail;
	if (left < 0)
		left = 0;
	if (top < 0)
		top = 0;
	if (right > 8 * stride)
		right = 8 * stride;
	if (bottom > rows)
		bottom = rows;
	if ((left >= right) || (top >= bottom))
		return;
	first = left >> 3;
	last = (right - 1) >> 3;
	head = 0xff >> (left & 7);
	tail = 0xff << (7 - ((right - 1) & 7));
	for (y = top; y < bottom; y++) {
		uint8_t* row = bits.bytes + (int64_t)y * stride;
		if (first == last) {
			paint(row + first, head & tail, value);
			continue;
		}
		paint(row + first, head, value);
		memset(row + first + 1, value ? 0xff : 0, last - first - 1);
		paint(row + last, tail, value);
	}
}

static uint32_t little(const uint8_t* at, int count)
{
	uint32_t value = 0;
	while (count--)
		value = (value << 8) | at[count];
	return value;
}

/* The range of an XF01 font (firmware/screen/fonts/README.md) that holds a character; NULL when it is in none. */
static const uint8_t* findRange(Bytes font, uint32_t codePoint)
{
	uint32_t low = 0, high = little(font.bytes + 6, 2);
	if (20 + 12 * high > font.length)
		return NULL;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		const uint8_t* range = font.bytes + 20 + 12 * middle;
		uint32_t first = little(range, 4);
		if (codePoint < first)
			high = middle;
		else if (codePoint - first >= little(range + 4, 2))
			low = middle + 1;
		else
			return range;
	}
	return NULL;
}

static int rangeWidth(const uint8_t* range)
{
	return little(range + 6, 2) == 8 ? 8 : 16;
}

/* What singles, and what the font lacks, are wide. */
static int widthOutsideRanges(uint32_t codePoint)
{
	return codePoint >= 0x2e80 ? 16 : 8;
}

/* The place of a glyph's 16 rows; NULL when the font has none. */
static const uint8_t* findGlyph(Bytes font, uint32_t codePoint, int* width)
{
	uint32_t singleCount = little(font.bytes + 8, 4), table = little(font.bytes + 12, 4);
	uint32_t glyphs = little(font.bytes + 16, 4), low = 0, high = singleCount;
	const uint8_t* range = findRange(font, codePoint);
	uint64_t offset = 0;
	if (range) {
		*width = rangeWidth(range);
		offset = little(range + 8, 4) + (uint64_t)(codePoint - little(range, 4)) * CELL * (*width / 8);
		return offset + CELL * (*width / 8) <= font.length ? font.bytes + offset : NULL;
	}
	if ((uint64_t)table + 2 * (uint64_t)singleCount > font.length)
		return NULL;
	while (low < high) {
		uint32_t middle = (low + high) / 2, found = little(font.bytes + table + 2 * middle, 2);
		if (codePoint < found)
			high = middle;
		else if (codePoint > found)
			low = middle + 1;
		else {
			*width = 16;
			offset = glyphs + (uint64_t)middle * 2 * CELL;
			return offset + 2 * CELL <= font.length ? font.bytes + offset : NULL;
		}
	}
	return NULL;
}

/* A hollow box stands for a character that the font does not have. */
static void loadBox(Bitmap* bitmap)
{
	uint64_t edge = bitmap->width == 8 ? 0x7eull << 56 : 0x7ffeull << 48;
	uint64_t side = bitmap->width == 8 ? 0x42ull << 56 : 0x4002ull << 48;
	int y;
	for (y = 0; y < CELL; y++)
		bitmap->rows[y] = (y < 2) || (y > 13) ? 0 : (y == 2) || (y == 13) ? edge : side;
}

static void loadGlyph(Bitmap* bitmap, Bytes font, uint32_t codePoint)
{
	const uint8_t* glyph;
	int y;
	bitmap->height = CELL;
	glyph = findGlyph(font, codePoint, &bitmap->width);
	if (!glyph) {
		bitmap->width = widthOutsideRanges(codePoint);
		loadBox(bitmap);
		return;
	}
	for (y = 0; y < CELL; y++) {
		bitmap->rows[y] = bitmap->width == 8 ? (uint64_t)glyph[y] << 56
			: ((uint64_t)glyph[2 * y] << 56) | ((uint64_t)glyph[2 * y + 1] << 48);
	}
}

/* Draws a row's ink, which starts at pixel x; the paper leaves the canvas as it is. */
static void drawRow(uint64_t ink, uint8_t* row, int32_t stride, int32_t x, int value)
{
	uint32_t halves[2] = { (uint32_t)(ink >> 32), (uint32_t)ink };
	int32_t at = x >> 3, shift = x & 7;
	int half;
	for (half = 0; half < 2; half++, at = (x >> 3) + 4) {
		uint32_t rest = halves[half];
		for (; rest; rest <<= 8, at++) {
			uint8_t byte = (uint8_t)(rest >> 24);
			if ((at >= 0) && (at < stride))
				paint(row + at, byte >> shift, value);
			if (shift && (at + 1 >= 0) && (at + 1 < stride))
				paint(row + at + 1, byte << (8 - shift), value);
		}
	}
}

static void draw(const Bitmap* bitmap, uint8_t* bits, int32_t stride, int32_t rows, int32_t x, int32_t y, int value)
{
	int row = y < 0 ? -y : 0, last = bitmap->height < rows - y ? bitmap->height : rows - y;
	for (; row < last; row++)
		drawRow(bitmap->rows[row], bits + (int64_t)(y + row) * stride, stride, x, value);
}

/* stamp(bits, stride, rows, x, y, picture, pictureStride): draws the ink of a picture of one bit a pixel, clipped. */
void xspos_raster_stamp(xsMachine* the)
{
	int32_t stride = integerArgument(the, 1, 1, 0xffff), rows = integerArgument(the, 2, 0, 0xffff);
	int32_t x = integerArgument(the, 3, -FURTHEST, FURTHEST), y = integerArgument(the, 4, -FURTHEST, FURTHEST);
	int32_t width = integerArgument(the, 6, 1, 8), row, column;
	uint8_t* bits = canvasArgument(the, stride, rows);
	Bytes picture = bytesToRead(the, 5);
	int32_t height = (int32_t)(picture.length / (uint32_t)width);
	for (row = y < 0 ? -y : 0; (row < height) && (row < rows - y); row++) {
		uint64_t ink = 0;
		for (column = 0; column < width; column++)
			ink |= (uint64_t)picture.bytes[row * width + column] << (56 - 8 * column);
		drawRow(ink, bits + (int64_t)(y + row) * stride, stride, x, 1);
	}
}

/* Argument `index` as a font of this module's size. */
static Bytes fontArgument(xsMachine* the, int index)
{
	Bytes font = bytesToRead(the, index);
	if ((font.length < 20) || memcmp(font.bytes, "XF01", 4) || (little(font.bytes + 4, 2) != CELL))
		xsRangeError("no XF01 font of 16 rows");
	return font;
}

/* Argument `index` as text: UTF-8 as XS keeps it, U+0000 in two bytes. Good until the next allocation. */
static const uint8_t* textArgument(xsMachine* the, int index)
{
	xsType type = index < xsmcArgc ? xsmcTypeOf(xsArg(index)) : xsUndefinedType;
	if ((type != xsStringType) && (type != xsStringXType))
		xsTypeError("text missing");
	return (const uint8_t*)xsmcToString(xsArg(index));
}

/* The next character of a text, whose pointer moves behind it; the text's last byte is 0. */
static uint32_t nextCharacter(const uint8_t** text)
{
	const uint8_t* at = *text;
	uint32_t character = *at++;
	int more = character < 0xc0 ? 0 : character < 0xe0 ? 1 : character < 0xf0 ? 2 : 3;
	if (more)
		character &= 0x3f >> more;
	while (more-- && ((*at & 0xc0) == 0x80))
		character = (character << 6) | (*at++ & 0x3f);
	*text = at;
	return character;
}

/* measure(font, text): the pixels that a text takes at scale 1. */
void xspos_raster_measure(xsMachine* the)
{
	Bytes font = fontArgument(the, 0);
	const uint8_t* text = textArgument(the, 1);
	int32_t width = 0;
	while (*text) {
		uint32_t character = nextCharacter(&text);
		const uint8_t* range = findRange(font, character);
		width += range ? rangeWidth(range) : widthOutsideRanges(character);
	}
	xsmcSetInteger(xsResult, width);
}

static int32_t drawCharacter(Bytes font, uint32_t character, int32_t scale, uint8_t* bits, int32_t stride, int32_t rows,
	int32_t x, int32_t y, int32_t value)
{
	Bitmap first, second;
	Bitmap* drawn = &first;
	loadGlyph(&first, font, character);
	if (scale == 3) {
		scale3x(&first, &second);
		drawn = &second;
	}
	else if (scale > 1) {
		scale2x(&first, &second);
		drawn = &second;
		if (scale == 4) {
			scale2x(&second, &first);
			drawn = &first;
		}
	}
	draw(drawn, bits, stride, rows, x, y, value);
	return drawn->width;
}

/* text(bits, stride, rows, x, y, font, text, scale, value): draws the ink of a text, clipped; gives its width. */
void xspos_raster_text(xsMachine* the)
{
	int32_t stride = integerArgument(the, 1, 1, 0xffff), rows = integerArgument(the, 2, 0, 0xffff);
	int32_t x = integerArgument(the, 3, -FURTHEST, FURTHEST), y = integerArgument(the, 4, -FURTHEST, FURTHEST);
	int32_t scale = integerArgument(the, 7, 1, 4), value = integerArgument(the, 8, 0, 1), width = 0;
	uint8_t* bits = canvasArgument(the, stride, rows);
	Bytes font = fontArgument(the, 5);
	const uint8_t* text = textArgument(the, 6);
	while (*text)
		width += drawCharacter(font, nextCharacter(&text), scale, bits, stride, rows, x + width, y, value);
	xsmcSetInteger(xsResult, width);
}

/* The pixels of `count` canvas bytes where four bytes may be stored at once: two pixels a store. */
static void packPairs(const uint8_t* bits, uint64_t count, uint32_t* out, const uint8_t colours[2][2])
{
	uint32_t pairs[4];
	uint8_t i;
	for (i = 0; i < 4; i++) {
		memcpy(&pairs[i], colours[i >> 1], 2);
		memcpy((uint8_t*)&pairs[i] + 2, colours[i & 1], 2);
	}
	for (; count; count--, bits++) {
		*out++ = pairs[*bits >> 6];
		*out++ = pairs[(*bits >> 4) & 3];
		*out++ = pairs[(*bits >> 2) & 3];
		*out++ = pairs[*bits & 3];
	}
}

/* pack565(bits, stride, first, rows, out, foreground, background): each pixel of rows becomes a colour of two bytes, big-endian. */
void xspos_raster_pack565(xsMachine* the)
{
	int32_t stride = integerArgument(the, 1, 1, 0xffff), first = integerArgument(the, 2, 0, 0xffff);
	int32_t rows = integerArgument(the, 3, 0, 0xffff);
	int32_t foreground = integerArgument(the, 5, 0, 0xffff), background = integerArgument(the, 6, 0, 0xffff);
	Bytes bits = bytesToRead(the, 0), out = bytesToWrite(the, 4);
	const uint8_t* from = bits.bytes + (uint64_t)stride * first;
	uint64_t count = (uint64_t)stride * rows, i;
	const uint8_t colours[2][2] = {
		{ (uint8_t)(background >> 8), (uint8_t)background }, { (uint8_t)(foreground >> 8), (uint8_t)foreground }
	};
	uint8_t* at = out.bytes;
	if (((uint64_t)stride * first + count > bits.length) || (16 * count > out.length))
		xsRangeError("canvas larger than its bytes");
	if (((uintptr_t)at & 3) == 0) {
		packPairs(from, count, (uint32_t*)at, colours);
		return;
	}
	for (i = 0; i < count; i++) {
		int bit;
		for (bit = 7; bit >= 0; bit--, at += 2)
			memcpy(at, colours[(from[i] >> bit) & 1], 2);
	}
}
