#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "esp_ota_ops.h"

/* Number of the app partition that runs; a factory's own counts as the first. */
void xspos_slots_running(xsMachine* the)
{
	const esp_partition_t* partition = esp_ota_get_running_partition();
	int slot = 0;
	if (partition && (partition->subtype == ESP_PARTITION_SUBTYPE_APP_OTA_1))
		slot = 1;
	xsmcSetInteger(xsResult, slot);
}

/* What runs works: the boot loader's rollback is called off. */
void xspos_slots_keep(xsMachine* the)
{
	if (ESP_OK != esp_ota_mark_app_valid_cancel_rollback())
		xsUnknownError("keep failed");
}
