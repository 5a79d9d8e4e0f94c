/* Glyphs for other natives. */
#ifndef XSPOS_BITMAP_H
#define XSPOS_BITMAP_H

#include <stdint.h>

/* Pixels of a glyph's side in the font. */
#define CELL 16
#define LARGEST (4 * CELL)

/* A glyph at some scale: `size` rows of `width` pixels, the leftmost in the most significant bit. */
typedef struct {
	int width;
	int height;
	uint64_t rows[LARGEST];
} Bitmap;

/* Twice and three times as large, with smoothed corners; `to` is another bitmap. */
void scale2x(const Bitmap* from, Bitmap* to);
void scale3x(const Bitmap* from, Bitmap* to);

#endif
