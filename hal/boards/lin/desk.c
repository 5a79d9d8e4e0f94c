/* What the desktop has in place of the ESP32's generator and reset, by the names of their shims in ../sdk. */
#include "xsmc.h"
#include "mc.xs.h"

#include <stdlib.h>
#include <sys/random.h>

void xspos_entropy_fill(xsMachine* the)
{
	void* bytes;
	xsUnsignedValue length;
	xsmcGetBufferWritable(xsArg(0), &bytes, &length);
	if (getrandom(bytes, length, 0) != (ssize_t)length)
		xsUnknownError("no random bytes");
}

/* The simulator cannot start an application anew: it ends, and whoever wants to go on starts it again. */
void xspos_reset_restart(xsMachine* the)
{
	(void)the;
	exit(0);
}

/* A desktop starts applications without a watch. */
void xspos_reset_end_boot_watch(xsMachine* the)
{
	(void)the;
}
