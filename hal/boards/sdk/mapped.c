#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "esp_partition.h"

/* A data partition, read in place; never unmapped, because what is read from it lives as long as the firmware. */
void xspos_mapped(xsMachine* the)
{
	const esp_partition_t* partition = esp_partition_find_first(
		ESP_PARTITION_TYPE_DATA, ESP_PARTITION_SUBTYPE_ANY, xsmcToString(xsArg(0)));
	esp_partition_mmap_handle_t handle;
	const void* bytes;
	if (!partition)
		return;
	if (ESP_OK != esp_partition_mmap(partition, 0, partition->size, ESP_PARTITION_MMAP_DATA, &bytes, &handle))
		return;
	xsResult = xsNewHostObject(NULL);
	xsmcSetHostBuffer(xsResult, (void*)bytes, partition->size);
	xsmcPetrifyHostBuffer(xsResult);
}
