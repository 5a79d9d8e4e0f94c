/*
 * Key memory: keys in C memory, outside the heap whose collector leaves copies. Keys go in and are used; they never
 * come out. Slots and schedules are wiped when erased, replaced, used up, and when the memory is collected.
 */
#include "buffer.h"
#include "ciphers.h"
#include <stdlib.h>

#define LONGEST_KEY 32
#define MOST_SLOTS 256

/* The numbers that firmware/crypto/algorithms.ts names. */
enum { ALGORITHM_DES, ALGORITHM_TDES, ALGORITHM_AES, ALGORITHM_SM4 };

typedef struct {
	int32_t length;
	uint8_t bytes[LONGEST_KEY];
} Slot;

typedef struct {
	int32_t count;
	Slot slots[];
} Memory;

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

static void closeMemory(void* data)
{
	Memory* memory = data;
	if (memory) {
		wipeBytes(memory, sizeof(Memory) + memory->count * sizeof(Slot));
		free(memory);
	}
}

static Memory* memoryArgument(xsMachine* the)
{
	Memory* memory;
	if (xsmcArgc < 1)
		xsTypeError("key memory missing");
	memory = xsmcGetHostDataValidate(xsArg(0), (void*)closeMemory);
	if (!memory)
		xsTypeError("key memory missing");
	return memory;
}

static Slot* slotArgument(xsMachine* the, Memory* memory, int index)
{
	return &memory->slots[integerArgument(the, index, 0, memory->count - 1)];
}

static int keyFits(int32_t algorithm, int32_t length)
{
	switch (algorithm) {
	case ALGORITHM_DES: return length == 8;
	case ALGORITHM_TDES: return (length == 16) || (length == 24);
	case ALGORITHM_AES: return (length == 16) || (length == 24) || (length == 32);
	default: return length == 16;
	}
}

/* Arguments 1 and 2: slot and algorithm. Throws RangeError when the slot is empty or its key does not fit. */
static void prepare(xsMachine* the, Memory* memory, Cipher* cipher, int decrypt)
{
	Slot* slot = slotArgument(the, memory, 1);
	const uint8_t* key = slot->bytes;
	cipher->algorithm = integerArgument(the, 2, ALGORITHM_DES, ALGORITHM_SM4);
	cipher->decrypt = decrypt;
	cipher->blockLength = cipher->algorithm <= ALGORITHM_TDES ? 8 : 16;
	if (!keyFits(cipher->algorithm, slot->length))
		xsRangeError("no key for this algorithm in the slot");
	if (cipher->algorithm == ALGORITHM_AES)
		aesPrepare(&cipher->schedule.aes, key, slot->length);
	else if (cipher->algorithm == ALGORITHM_SM4)
		sm4Prepare(&cipher->schedule.sm4, key, decrypt);
	else
		tripleDesPrepare(&cipher->schedule.des, key, key + (slot->length > 8 ? 8 : 0), key + (slot->length > 16 ? 16 : 0), decrypt);
}

static void block(const Cipher* cipher, uint8_t* bytes)
{
	if (cipher->algorithm == ALGORITHM_AES)
		(cipher->decrypt ? aesDecrypt : aesEncrypt)(&cipher->schedule.aes, bytes);
	else if (cipher->algorithm == ALGORITHM_SM4)
		sm4Block(&cipher->schedule.sm4, bytes);
	else
		tripleDesBlock(&cipher->schedule.des, bytes);
}

static void wholeBlocks(xsMachine* the, uint32_t blockLength, uint32_t length)
{
	if (length % blockLength)
		xsRangeError("not whole blocks");
}

/* Electronic codebook over argument 3. Lengths are looked at before a key schedule lies on the stack. */
static void codebook(xsMachine* the, int decrypt)
{
	Memory* memory = memoryArgument(the);
	uint32_t length = bytesToRead(the, 3).length, at;
	uint8_t* result;
	Cipher cipher;
	wholeBlocks(the, integerArgument(the, 2, ALGORITHM_DES, ALGORITHM_SM4) <= ALGORITHM_TDES ? 8 : 16, length);
	result = bytesResult(the, length);
	memcpy(result, bytesToRead(the, 3).bytes, length);
	prepare(the, memory, &cipher, decrypt);
	for (at = 0; at < length; at += cipher.blockLength)
		block(&cipher, result + at);
	wipeBytes(&cipher, sizeof(cipher));
}

void xspos_vault_open(xsMachine* the)
{
	int32_t count = integerArgument(the, 0, 1, MOST_SLOTS);
	Memory* memory;
	xsResult = xsNewHostObject(closeMemory);
	memory = calloc(1, sizeof(Memory) + count * sizeof(Slot));
	if (!memory)
		xsRangeError("no memory for keys");
	memory->count = count;
	xsmcSetHostData(xsResult, memory);
}

void xspos_vault_load(xsMachine* the)
{
	Slot* slot = slotArgument(the, memoryArgument(the), 1);
	Bytes key = bytesToRead(the, 2);
	if ((key.length != 8) && (key.length != 16) && (key.length != 24) && (key.length != 32))
		xsRangeError("no key length");
	wipeBytes(slot, sizeof(Slot));
	memcpy(slot->bytes, key.bytes, key.length);
	slot->length = (int32_t)key.length;
}

void xspos_vault_erase(xsMachine* the)
{
	wipeBytes(slotArgument(the, memoryArgument(the), 1), sizeof(Slot));
}

void xspos_vault_unwrap(xsMachine* the)
{
	Memory* memory = memoryArgument(the);
	Bytes wrapped = bytesToRead(the, 3);
	Slot* slot = slotArgument(the, memory, 4);
	uint8_t key[LONGEST_KEY];
	Cipher cipher;
	uint32_t at;
	if ((wrapped.length != 8) && (wrapped.length != 16) && (wrapped.length != 24) && (wrapped.length != 32))
		xsRangeError("no key length");
	wholeBlocks(the, integerArgument(the, 2, ALGORITHM_DES, ALGORITHM_SM4) <= ALGORITHM_TDES ? 8 : 16, wrapped.length);
	prepare(the, memory, &cipher, 1);
	memcpy(key, bytesToRead(the, 3).bytes, wrapped.length);
	for (at = 0; at < wrapped.length; at += cipher.blockLength)
		block(&cipher, key + at);
	wipeBytes(slot, sizeof(Slot));
	memcpy(slot->bytes, key, wrapped.length);
	slot->length = (int32_t)wrapped.length;
	wipeBytes(key, sizeof(key));
	wipeBytes(&cipher, sizeof(cipher));
}

void xspos_vault_encrypt(xsMachine* the)
{
	codebook(the, 0);
}

void xspos_vault_decrypt(xsMachine* the)
{
	codebook(the, 1);
}

/* Cipher block chaining that keeps the last block only: the inner loop of MACs. Argument 3 is the initial value. */
void xspos_vault_chain(xsMachine* the)
{
	Memory* memory = memoryArgument(the);
	uint32_t blockLength = integerArgument(the, 2, ALGORITHM_DES, ALGORITHM_SM4) <= ALGORITHM_TDES ? 8 : 16;
	uint32_t length = bytesToRead(the, 4).length, at, i;
	uint8_t* last;
	const uint8_t* data;
	Cipher cipher;
	if (bytesToRead(the, 3).length != blockLength)
		xsRangeError("no initial block");
	wholeBlocks(the, blockLength, length);
	last = bytesResult(the, blockLength);
	memcpy(last, bytesToRead(the, 3).bytes, blockLength);
	data = bytesToRead(the, 4).bytes;
	prepare(the, memory, &cipher, 0);
	for (at = 0; at < length; at += blockLength) {
		for (i = 0; i < blockLength; i++)
			last[i] ^= data[at + i];
		block(&cipher, last);
	}
	wipeBytes(&cipher, sizeof(cipher));
}
