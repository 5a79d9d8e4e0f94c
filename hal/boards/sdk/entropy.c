/*
 * Random bytes of the ESP32's hardware generator. The generator is only as good as its noise: while the radio runs that
 * is the radio's; before, the SAR ADC's has to be switched on for as long as it is read (ESP-IDF, "Random Number
 * Generation").
 */
#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "bootloader_random.h"
#include "esp_random.h"
#include "esp_wifi.h"

void xspos_entropy_fill(xsMachine* the)
{
	void* bytes;
	xsUnsignedValue length;
	wifi_mode_t mode;
	xsmcGetBufferWritable(xsArg(0), &bytes, &length);
	int radio = esp_wifi_get_mode(&mode) == ESP_OK && mode != WIFI_MODE_NULL;
	if (!radio)
		bootloader_random_enable();
	esp_fill_random(bytes, length);
	if (!radio)
		bootloader_random_disable();
}
