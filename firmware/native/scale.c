/* Larger glyphs with smoothed corners. */
#include "bitmap.h"

/*
 * What is made larger is 32 pixels wide at most: a row of it is the upper half of what a bitmap keeps. Paper surrounds a glyph.
 */
static uint32_t rowOf(const Bitmap* bitmap, int y)
{
	return (y < 0) || (y >= bitmap->height) ? 0 : (uint32_t)(bitmap->rows[y] >> 32);
}

/* Ink wherever a row of the glyph has a pixel: what is shifted beyond its edge is none of its own. */
static uint32_t inside(const Bitmap* bitmap)
{
	return ~0u << (32 - bitmap->width);
}

/* `one` where the mask has ink, `other` where it has none. */
static uint32_t either(uint32_t mask, uint32_t one, uint32_t other)
{
	return (one & mask) | (other & ~mask);
}

/* Sixteen pixels, each at twice its place. */
static uint32_t spread2(uint32_t x)
{
	x = (x | (x << 8)) & 0x00ff00ff;
	x = (x | (x << 4)) & 0x0f0f0f0f;
	x = (x | (x << 2)) & 0x33333333;
	return (x | (x << 1)) & 0x55555555;
}

/* Eight pixels, each at three times its place. */
static uint32_t spread3(uint32_t x)
{
	x = (x | (x << 8)) & 0x00f00f;
	x = (x | (x << 4)) & 0x0c30c3;
	return (x | (x << 2)) & 0x249249;
}

/* Two pixels in the place of each. */
static uint64_t twofold(uint32_t left, uint32_t right)
{
	uint64_t row = (uint64_t)((spread2(left >> 16) << 1) | spread2(right >> 16)) << 32;
	return row | (spread2(left & 0xffff) << 1) | spread2(right & 0xffff);
}

/* Three pixels in the place of each, of sixteen. */
static uint64_t threefold(uint32_t left, uint32_t middle, uint32_t right)
{
	uint32_t first = (spread3(left >> 24) << 2) | (spread3(middle >> 24) << 1) | spread3(right >> 24);
	uint32_t second =
		(spread3((left >> 16) & 0xff) << 2) | (spread3((middle >> 16) & 0xff) << 1) | spread3((right >> 16) & 0xff);
	return ((uint64_t)first << 40) | ((uint64_t)second << 16);
}

/*
 * Scale2x (EPX), a row of pixels at once: a corner takes its two neighbours' colour where they agree and the opposite ones
 * do not.
 */
void scale2x(const Bitmap* from, Bitmap* to)
{
	int y;
	to->width = 2 * from->width;
	to->height = 2 * from->height;
	for (y = 0; y < from->height; y++) {
		uint32_t e = rowOf(from, y), b = rowOf(from, y - 1), h = rowOf(from, y + 1), d = e >> 1, f = e << 1;
		uint32_t bends = (b ^ h) & (d ^ f) & inside(from);
		to->rows[2 * y] = twofold(either(bends & ~(d ^ b), d, e), either(bends & ~(b ^ f), f, e));
		to->rows[2 * y + 1] = twofold(either(bends & ~(d ^ h), d, e), either(bends & ~(h ^ f), f, e));
	}
}

/* Scale3x (AdvanceMAME), a row of pixels at once, over the eight neighbours a b c / d e f / g h i; of 16 pixels at most. */
void scale3x(const Bitmap* from, Bitmap* to)
{
	int y;
	to->width = 3 * from->width;
	to->height = 3 * from->height;
	for (y = 0; y < from->height; y++) {
		uint32_t e = rowOf(from, y), b = rowOf(from, y - 1), h = rowOf(from, y + 1);
		uint32_t a = b >> 1, c = b << 1, d = e >> 1, f = e << 1, g = h >> 1, i = h << 1;
		uint32_t bends = (b ^ h) & (d ^ f) & inside(from);
		uint32_t db = bends & ~(d ^ b), bf = bends & ~(b ^ f), dh = bends & ~(d ^ h), hf = bends & ~(h ^ f);
		to->rows[3 * y] = threefold(either(db, d, e), either((db & (e ^ c)) | (bf & (e ^ a)), b, e), either(bf, f, e));
		to->rows[3 * y + 1] =
			threefold(either((db & (e ^ g)) | (dh & (e ^ a)), d, e), e, either((bf & (e ^ i)) | (hf & (e ^ c)), f, e));
		to->rows[3 * y + 2] = threefold(either(dh, d, e), either((dh & (e ^ i)) | (hf & (e ^ g)), h, e), either(hf, f, e));
	}
}
