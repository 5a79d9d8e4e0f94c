/* The emulated microcontroller: QEMU's `virt` machine, 32 bits, nothing below the firmware but this. */
#ifndef XSPOS_MACHINE
#define XSPOS_MACHINE

#include <stddef.h>
#include <stdint.h>

/* Where QEMU's loader puts the image of files (image.ts): read in place, as flash is. */
#define IMAGE_ADDRESS 0x84000000u

/* On the wire, in the place of a frame's length: text follows, the instructions counted so far, or a part of the memory. */
#define TEXT_MARK 0xFFFFFFFFu
#define COUNT_MARK 0xFFFFFFFEu
#define MEMORY_MARK 0xFFFFFFFDu

/* wire.c: from the start of `main` on instructions count. */
void countStart(void);
void wireText(const char* text, size_t count);
void wireMemory(const void* bytes, size_t count);

/* files.c: calls with the name of each file of the image. */
void filesEach(void (*visit)(const char* name));

/* stack.c: from the start of `main` on the C stack is painted; the most that was taken since, in bytes. */
void stackPaint(void);
size_t stackPeak(void);

#endif
