/* Hashes for other natives. */
#ifndef XSPOS_DIGEST_H
#define XSPOS_DIGEST_H

#include <stdint.h>

/* SHA-256 (FIPS 180-4) of 64 bytes, where `block` is not NULL, and then of the data: 32 bytes. */
void sha256After(const uint8_t* block, const uint8_t* data, uint32_t length, uint8_t* digest);

#endif
