/* Block ciphers of the vault: one block at a time, the key as it is; schedules are made for each call and wiped. */
#ifndef XSPOS_CIPHERS_H
#define XSPOS_CIPHERS_H

#include <stdint.h>

typedef struct {
	uint8_t keys[3][16][8];
} TripleDes;

typedef struct {
	uint8_t keys[15][16];
	int rounds;
} Aes;

typedef struct {
	uint32_t keys[32];
} Sm4;

/* Three keys of 8 bytes (FIPS 46-3); parity bits are not looked at. Single DES is three times the same key. */
void tripleDesPrepare(TripleDes* cipher, const uint8_t* key1, const uint8_t* key2, const uint8_t* key3, int decrypt);
void tripleDesBlock(const TripleDes* cipher, uint8_t* block);

/* A key of 16, 24 or 32 bytes (FIPS 197). */
void aesPrepare(Aes* cipher, const uint8_t* key, int length);
void aesEncrypt(const Aes* cipher, uint8_t* block);
void aesDecrypt(const Aes* cipher, uint8_t* block);

/* A key of 16 bytes (GB/T 32907-2016). */
void sm4Prepare(Sm4* cipher, const uint8_t* key, int decrypt);
void sm4Block(const Sm4* cipher, uint8_t* block);

#endif
