/*
 * The microcontroller's start. The image's file "arguments" has five numbers of 32 bits: chunk bytes, slots and stack slots
 * of the firmware's machine (0: growing), 1 for a bundle that lies in flash with all that it makes, and 1 when the wire gets
 * what is in memory at the end; "bytecode" is the bundle, and every other file a resource by its name.
 */
#include "host.h"
#include "machine.h"

/* Standard error collects a line, then sends it. */
static char line[2048];
static size_t lineLength = 0;

static int flushLine(FILE* file)
{
	if (lineLength)
		wireText(line, lineLength);
	lineLength = 0;
	return 0;
}

static int putCharacter(char c, FILE* file)
{
	line[lineLength++] = c;
	if ((c == '\n') || (lineLength == sizeof(line)))
		flushLine(file);
	return (unsigned char)c;
}

static FILE console = FDEV_SETUP_STREAM(putCharacter, C_NULL, flushLine, _FDEV_SETUP_WRITE);
FILE* const stdin = &console;
FILE* const stdout = &console;
FILE* const stderr = &console;

/* QEMU's test device ends the machine with a status. */
void _exit(int status)
{
	flushLine(&console);
	*(volatile uint32_t*)0x100000u = status ? (((uint32_t)status << 16) | 0x3333) : 0x5555;
	for (;;);
}

/* Every file but the two of the machine itself is a resource. */
static void mapResource(const char* name)
{
	char pair[2 * 56 + 2];
	if (!c_strcmp(name, "arguments") || !c_strcmp(name, "bytecode"))
		return;
	snprintf(pair, sizeof(pair), "%s=%s", name, name);
	resourceMap(pair);
}

static void sendMemory(txMachine* the)
{
	imageEach(the, wireMemory);
}

int main(void)
{
	size_t size;
	const uint32_t* numbers;
	RunArguments arguments = { .bytecode = "bytecode" };
	countStart();
	stackPaint();
	numbers = fileMap("arguments", &size);
	if (!numbers || (size < 5 * sizeof(uint32_t)))
		abortWith(XS_FATAL_CHECK_EXIT, "image", "no arguments");
	arguments.chunks = (int)numbers[0];
	arguments.slots = (int)numbers[1];
	arguments.stack = (int)numbers[2];
	arguments.preload = (int)numbers[3];
	filesEach(mapResource);
	runBundle(&arguments, numbers[4] ? sendMemory : C_NULL);
	_exit(0);
}
