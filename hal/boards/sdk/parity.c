/*
 * Even parity and two stop bits (ISO/IEC 7816-3, 7.2) on a UART that the SDK has opened with neither: its serial class always
 * configures eight bits and one stop bit. Bytes of wrong parity never reach the queue.
 */
#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

#include "driver/uart.h"
#include "soc/uart_reg.h"

void xspos_parity_even(xsMachine* the)
{
	uart_port_t port = (uart_port_t)xsmcToInteger(xsArg(0));
	if (uart_set_parity(port, UART_PARITY_EVEN) != ESP_OK || uart_set_stop_bits(port, UART_STOP_BITS_2) != ESP_OK)
		xsUnknownError("no parity");
	REG_SET_BIT(UART_CONF0_REG(port), UART_ERR_WR_MASK);
}
