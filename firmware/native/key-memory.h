/* Key memory as its natives see it: slots of secret bytes outside the heap, and ciphers keyed from them. */
#ifndef XSPOS_KEY_MEMORY_H
#define XSPOS_KEY_MEMORY_H

#include "buffer.h"
#include "ciphers.h"

#define LONGEST_SECRET 1024

/* The numbers that firmware/crypto/algorithms.ts names. */
enum { ALGORITHM_DES, ALGORITHM_TDES, ALGORITHM_AES, ALGORITHM_SM4 };

typedef struct {
	uint32_t length;
	uint8_t* bytes;
} Slot;

typedef struct {
	int32_t count;
	Slot slots[];
} KeyMemory;

typedef struct {
	int32_t algorithm;
	int32_t decrypt;
	uint32_t blockLength;
	union {
		TripleDes des;
		Aes aes;
		Sm4 sm4;
	} schedule;
} Cipher;

/* Argument 0. Throws TypeError when it is no key memory. */
KeyMemory* memoryArgument(xsMachine* the);

/* Argument `index`: a slot by its number. Throws RangeError when there is none. */
Slot* slotArgument(xsMachine* the, KeyMemory* memory, int index);

/* The same, with something in it. Throws RangeError when it is empty. */
Slot* fullSlotArgument(xsMachine* the, KeyMemory* memory, int index);

/* Memory for a secret that `keepSecret` or `dropSecret` takes. Throws RangeError for a length that no slot has. */
uint8_t* newSecret(xsMachine* the, uint32_t length);

/* Puts the secret into the slot, over what was there, which is wiped. */
void keepSecret(Slot* slot, uint8_t* secret, uint32_t length);

/* Wipes and frees. */
void dropSecret(uint8_t* secret, uint32_t length);

/* Bytes of one block of the algorithm in argument `index`. */
uint32_t blockLengthArgument(xsMachine* the, int index);

/* Arguments 1 and 2: slot and algorithm. Throws RangeError when the slot is empty or its key does not fit. */
void prepareCipher(xsMachine* the, KeyMemory* memory, Cipher* cipher, int decrypt);
void cipherBlock(const Cipher* cipher, uint8_t* block);

#endif
