#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "esp_system.h"
#include "hal/wdt_hal.h"

/* The chip starts anew; never returns. */
void xspos_reset_restart(xsMachine* the)
{
	(void)the;
	esp_restart();
}

/* The RTC's watchdog, which the boot loader started and ESP-IDF left running. */
void xspos_reset_end_boot_watch(xsMachine* the)
{
	wdt_hal_context_t watch = RWDT_HAL_CONTEXT_DEFAULT();
	(void)the;
	wdt_hal_write_protect_disable(&watch);
	wdt_hal_disable(&watch);
	wdt_hal_write_protect_enable(&watch);
}
