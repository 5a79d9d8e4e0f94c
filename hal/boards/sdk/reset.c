#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "esp_system.h"

/* The chip starts anew; never returns. */
void xspos_reset_restart(xsMachine* the)
{
	(void)the;
	esp_restart();
}
