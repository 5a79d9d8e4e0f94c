/*
 * XS's table of what a machine may do, as the SDK's linker writes it for a board (`strip` of its manifest_base.json): functions
 * have no own `length` and `name`, which would take two slots each.
 */
#include "host.h"

#define fxNewFunctionLength C_NULL
#define fxNewFunctionName C_NULL
#include "xsDefaults.c"
