/*
 * What a microcontroller's C library has in its ROM: memory moved by words. XS copies its slots with these, 16 bytes at a
 * time; Debian's picolibc is made for size and takes single bytes, some eight times the instructions.
 */
#include <stddef.h>
#include <stdint.h>

/* Words may lie over anything. */
typedef uint32_t __attribute__((may_alias)) Word;

/* The compiler must not take a loop for the function that it is in. */
#define BY_HAND __attribute__((optimize("O2", "no-tree-loop-distribute-patterns")))

enum { WORD = sizeof(Word), BLOCK = 4 * WORD };

static inline int aligned(const void* a, const void* b)
{
	return (((uintptr_t)a | (uintptr_t)b) & (WORD - 1)) == 0;
}

/* From the lowest byte up: right for places that overlap, too, where the target is the lower one. */
BY_HAND static inline void upwards(uint8_t* t, const uint8_t* f, size_t count)
{
	if (aligned(t, f)) {
		for (; count >= BLOCK; count -= BLOCK, t += BLOCK, f += BLOCK) {
			const Word* source = (const Word*)f;
			Word a = source[0], b = source[1], c = source[2], d = source[3];
			Word* target = (Word*)t;
			target[0] = a;
			target[1] = b;
			target[2] = c;
			target[3] = d;
		}
		for (; count >= WORD; count -= WORD, t += WORD, f += WORD)
			*(Word*)t = *(const Word*)f;
	}
	while (count--)
		*t++ = *f++;
}

BY_HAND void* memcpy(void* restrict to, const void* restrict from, size_t count)
{
	upwards(to, from, count);
	return to;
}

/* From the highest byte down, for places that overlap where the target is the higher one. */
BY_HAND static inline void downwards(uint8_t* t, const uint8_t* f, size_t count)
{
	t += count;
	f += count;
	if (aligned(t, f)) {
		for (; count >= WORD; count -= WORD) {
			t -= WORD;
			f -= WORD;
			*(Word*)t = *(const Word*)f;
		}
	}
	while (count--)
		*--t = *--f;
}

BY_HAND void* memmove(void* to, const void* from, size_t count)
{
	if ((uintptr_t)to - (uintptr_t)from >= count)
		upwards(to, from, count);
	else
		downwards(to, from, count);
	return to;
}

BY_HAND void* memset(void* to, int value, size_t count)
{
	uint8_t* t = to;
	Word word = (uint8_t)value * 0x01010101u;
	if (aligned(t, t)) {
		for (; count >= BLOCK; count -= BLOCK, t += BLOCK) {
			Word* target = (Word*)t;
			target[0] = word;
			target[1] = word;
			target[2] = word;
			target[3] = word;
		}
		for (; count >= WORD; count -= WORD, t += WORD)
			*(Word*)t = word;
	}
	while (count--)
		*t++ = (uint8_t)value;
	return to;
}
