/* The wire on a laptop: standard input and output. */
#include "host.h"
#include <signal.h>

int wireWrite(const void* bytes, size_t count)
{
	const txByte* p = bytes;
	while (count) {
		ssize_t written = write(STDOUT_FILENO, p, count);
		if (written > 0) {
			p += written;
			count -= (size_t)written;
		}
		else if (errno != EINTR)
			return 0;
	}
	return 1;
}

/* Bytes that came with those that were asked for: most frames are short, and come whole. */
static txByte ahead[64 * 1024];
static size_t aheadFrom = 0, aheadTo = 0;

/* Somebody wants to know how much memory is taken (SIGUSR1). */
static volatile sig_atomic_t asked = 0;

static void ask(int signal)
{
	asked = 1;
}

void wireOpen(void)
{
	struct sigaction action = { .sa_handler = ask };
	sigaction(SIGUSR1, &action, C_NULL);
}

int wireWait(void)
{
	if (aheadFrom < aheadTo)
		return WIRE_READY;
	for (;;) {
		ssize_t got;
		if (asked) {
			asked = 0;
			return WIRE_ASKED;
		}
		got = read(STDIN_FILENO, ahead, sizeof(ahead));
		if (got > 0) {
			aheadFrom = 0;
			aheadTo = (size_t)got;
			return WIRE_READY;
		}
		if (got == 0 || errno != EINTR)
			return WIRE_ENDED;
	}
}

/* What is taken is not kept: it may have been a card's. */
int wireRead(void* bytes, size_t count)
{
	txByte* p = bytes;
	while (count) {
		size_t part = aheadTo - aheadFrom;
		if (part == 0) {
			if (wireWait() == WIRE_ENDED)
				return 0;
			continue;
		}
		if (part > count)
			part = count;
		c_memcpy(p, ahead + aheadFrom, part);
		c_memset(ahead + aheadFrom, 0, part);
		aheadFrom += part;
		p += part;
		count -= part;
	}
	return 1;
}

/* A laptop counts nothing. */
void wirePause(void)
{
}

void wireResume(void)
{
}

/* A laptop has nothing to add. */
void machineMetrics(char* text, size_t size)
{
	*text = 0;
}
