/*
 * A pseudo-terminal: prints the path of its line as the first line of standard error, then carries bytes between the line
 * and its own standard input and output until either ends. It holds the line open itself, so that others may open and close
 * it as they like, as a plug in its socket does.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

/* Carries what is there; 0 when there will be no more. */
static int carry(int from, int to)
{
	char bytes[4096];
	ssize_t count = read(from, bytes, sizeof(bytes)), done = 0;
	if (count < 0)
		return errno == EINTR || errno == EAGAIN;
	while (done < count) {
		ssize_t written = write(to, bytes + done, (size_t)(count - done));
		if (written < 0 && errno != EINTR)
			return 0;
		if (written > 0)
			done += written;
	}
	return count > 0;
}

int main(void)
{
	struct termios raw;
	int board = posix_openpt(O_RDWR | O_NOCTTY), line;
	if (board < 0 || grantpt(board) || unlockpt(board))
		return 1;
	line = open(ptsname(board), O_RDWR | O_NOCTTY);
	if (line < 0 || tcgetattr(line, &raw))
		return 1;
	cfmakeraw(&raw);
	if (tcsetattr(line, TCSANOW, &raw))
		return 1;
	fprintf(stderr, "%s\n", ptsname(board));
	for (;;) {
		struct pollfd ends[2] = { { STDIN_FILENO, POLLIN, 0 }, { board, POLLIN, 0 } };
		if (poll(ends, 2, -1) < 0 && errno != EINTR)
			return 1;
		if (ends[0].revents && !carry(STDIN_FILENO, board))
			return 0;
		if (ends[1].revents && !carry(board, STDOUT_FILENO))
			return 0;
	}
}
