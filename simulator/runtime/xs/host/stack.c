/* The C stack of a laptop: XS looks how near its end is before it goes deeper. */
#include "host.h"
#include <sys/resource.h>

/* What is kept for what XS does not look at. */
#define MARGIN (128 * 1024)
/* Of a stack without a limit. */
#define LARGEST (64 * 1024 * 1024)

static char* limit = C_NULL;

/* Called first from near the beginning of the one stack that there is. */
char* fxCStackLimit(void)
{
	char here;
	struct rlimit most;
	if (limit)
		return limit;
	if (getrlimit(RLIMIT_STACK, &most) || (most.rlim_cur == RLIM_INFINITY) || (most.rlim_cur > LARGEST))
		most.rlim_cur = LARGEST;
	limit = &here - most.rlim_cur + 2 * MARGIN;
	return limit;
}
