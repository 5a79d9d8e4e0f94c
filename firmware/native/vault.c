/*
 * Key memory: keys in C memory, outside the heap whose collector leaves copies. Keys go in and are used; they never
 * come out. Slots and schedules are wiped when erased, replaced, used up, and when the memory is collected.
 */
#include "key-memory.h"
#include <stdlib.h>

#define MOST_SLOTS 256

static void closeMemory(void* data)
{
	KeyMemory* memory = data;
	int32_t i;
	if (memory) {
		for (i = 0; i < memory->count; i++)
			keepSecret(&memory->slots[i], NULL, 0);
		free(memory);
	}
}

KeyMemory* memoryArgument(xsMachine* the)
{
	KeyMemory* memory;
	if (xsmcArgc < 1)
		xsTypeError("key memory missing");
	memory = xsmcGetHostDataValidate(xsArg(0), (void*)closeMemory);
	if (!memory)
		xsTypeError("key memory missing");
	return memory;
}

Slot* slotArgument(xsMachine* the, KeyMemory* memory, int index)
{
	return &memory->slots[integerArgument(the, index, 0, memory->count - 1)];
}

Slot* fullSlotArgument(xsMachine* the, KeyMemory* memory, int index)
{
	Slot* slot = slotArgument(the, memory, index);
	if (!slot->length)
		xsRangeError("nothing in the slot");
	return slot;
}

uint8_t* newSecret(xsMachine* the, uint32_t length)
{
	uint8_t* secret;
	if (!length || (length > LONGEST_SECRET))
		xsRangeError("no key length");
	secret = malloc(length);
	if (!secret)
		xsRangeError("no memory for keys");
	return secret;
}

void keepSecret(Slot* slot, uint8_t* secret, uint32_t length)
{
	dropSecret(slot->bytes, slot->length);
	slot->bytes = secret;
	slot->length = length;
}

void dropSecret(uint8_t* secret, uint32_t length)
{
	if (secret)
		wipeBytes(secret, length);
	free(secret);
}

static int keyFits(int32_t algorithm, uint32_t length)
{
	switch (algorithm) {
	case ALGORITHM_DES: return length == 8;
	case ALGORITHM_TDES: return (length == 16) || (length == 24);
	case ALGORITHM_AES: return (length == 16) || (length == 24) || (length == 32);
	default: return length == 16;
	}
}

uint32_t blockLengthArgument(xsMachine* the, int index)
{
	return integerArgument(the, index, ALGORITHM_DES, ALGORITHM_SM4) <= ALGORITHM_TDES ? 8 : 16;
}

void prepareCipher(xsMachine* the, KeyMemory* memory, Cipher* cipher, int decrypt)
{
	Slot* slot = slotArgument(the, memory, 1);
	const uint8_t* key = slot->bytes;
	cipher->algorithm = integerArgument(the, 2, ALGORITHM_DES, ALGORITHM_SM4);
	cipher->decrypt = decrypt;
	cipher->blockLength = cipher->algorithm <= ALGORITHM_TDES ? 8 : 16;
	if (!keyFits(cipher->algorithm, slot->length))
		xsRangeError("no key for this algorithm in the slot");
	if (cipher->algorithm == ALGORITHM_AES)
		aesPrepare(&cipher->schedule.aes, key, (int)slot->length);
	else if (cipher->algorithm == ALGORITHM_SM4)
		sm4Prepare(&cipher->schedule.sm4, key, decrypt);
	else
		tripleDesPrepare(&cipher->schedule.des, key, key + (slot->length > 8 ? 8 : 0), key + (slot->length > 16 ? 16 : 0), decrypt);
}

void cipherBlock(const Cipher* cipher, uint8_t* block)
{
	if (cipher->algorithm == ALGORITHM_AES)
		(cipher->decrypt ? aesDecrypt : aesEncrypt)(&cipher->schedule.aes, block);
	else if (cipher->algorithm == ALGORITHM_SM4)
		sm4Block(&cipher->schedule.sm4, block);
	else
		tripleDesBlock(&cipher->schedule.des, block);
}

static void wholeBlocks(xsMachine* the, uint32_t blockLength, uint32_t length)
{
	if (length % blockLength)
		xsRangeError("not whole blocks");
}

/* Electronic codebook over argument 3. Lengths are looked at before a key schedule lies on the stack. */
static void codebook(xsMachine* the, int decrypt)
{
	KeyMemory* memory = memoryArgument(the);
	uint32_t length = bytesToRead(the, 3).length, at;
	uint8_t* result;
	Cipher cipher;
	wholeBlocks(the, blockLengthArgument(the, 2), length);
	result = bytesResult(the, length);
	memcpy(result, bytesToRead(the, 3).bytes, length);
	prepareCipher(the, memory, &cipher, decrypt);
	for (at = 0; at < length; at += cipher.blockLength)
		cipherBlock(&cipher, result + at);
	wipeBytes(&cipher, sizeof(cipher));
}

void xspos_vault_open(xsMachine* the)
{
	int32_t count = integerArgument(the, 0, 1, MOST_SLOTS);
	KeyMemory* memory;
	xsResult = xsNewHostObject(closeMemory);
	memory = calloc(1, sizeof(KeyMemory) + count * sizeof(Slot));
	if (!memory)
		xsRangeError("no memory for keys");
	memory->count = count;
	xsmcSetHostData(xsResult, memory);
}

void xspos_vault_load(xsMachine* the)
{
	Slot* slot = slotArgument(the, memoryArgument(the), 1);
	Bytes key = bytesToRead(the, 2);
	uint8_t* secret = newSecret(the, key.length);
	memcpy(secret, key.bytes, key.length);
	keepSecret(slot, secret, key.length);
}

void xspos_vault_erase(xsMachine* the)
{
	keepSecret(slotArgument(the, memoryArgument(the), 1), NULL, 0);
}

void xspos_vault_unwrap(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Bytes wrapped = bytesToRead(the, 3);
	Slot* slot = slotArgument(the, memory, 4);
	uint8_t* secret;
	Cipher cipher;
	uint32_t at;
	if ((wrapped.length != 8) && (wrapped.length != 16) && (wrapped.length != 24) && (wrapped.length != 32))
		xsRangeError("no key length");
	wholeBlocks(the, blockLengthArgument(the, 2), wrapped.length);
	prepareCipher(the, memory, &cipher, 1);
	secret = newSecret(the, wrapped.length);
	memcpy(secret, wrapped.bytes, wrapped.length);
	for (at = 0; at < wrapped.length; at += cipher.blockLength)
		cipherBlock(&cipher, secret + at);
	keepSecret(slot, secret, wrapped.length);
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
	KeyMemory* memory = memoryArgument(the);
	uint32_t blockLength = blockLengthArgument(the, 2);
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
	prepareCipher(the, memory, &cipher, 0);
	for (at = 0; at < length; at += blockLength) {
		for (i = 0; i < blockLength; i++)
			last[i] ^= data[at + i];
		cipherBlock(&cipher, last);
	}
	wipeBytes(&cipher, sizeof(cipher));
}
