/* The wire on a laptop: standard input and output. */
#include "host.h"

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

static int readAhead(void)
{
	for (;;) {
		ssize_t got = read(STDIN_FILENO, ahead, sizeof(ahead));
		if (got > 0) {
			aheadFrom = 0;
			aheadTo = (size_t)got;
			return 1;
		}
		if (got == 0 || errno != EINTR)
			return 0;
	}
}

/* What is taken is not kept: it may have been a card's. */
int wireRead(void* bytes, size_t count)
{
	txByte* p = bytes;
	while (count) {
		size_t part = aheadTo - aheadFrom;
		if (part == 0) {
			if (!readAhead())
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
