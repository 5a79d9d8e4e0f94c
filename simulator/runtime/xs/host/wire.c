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

int wireRead(void* bytes, size_t count)
{
	txByte* p = bytes;
	while (count) {
		ssize_t got = read(STDIN_FILENO, p, count);
		if (got > 0) {
			p += got;
			count -= (size_t)got;
		}
		else if (got == 0 || errno != EINTR)
			return 0;
	}
	return 1;
}

/* A laptop has nothing to add. */
void machineMetrics(char* text, size_t size)
{
	*text = 0;
}
