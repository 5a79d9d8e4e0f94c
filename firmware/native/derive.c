/*
 * Keys out of keys, without a clear one ever in the heap: variants, derivation, DUKPT's one-way step, wrapping, and
 * MACs whose message or key is a slot. The policy - which key may become what - is firmware/vault's.
 */
#include "key-memory.h"
#include "digest.h"
#include <stdlib.h>

/* How blocks follow each other in `wrap` and `unwrapBlocks`; the numbers that firmware/crypto/algorithms.ts names. */
enum { MODE_CHAINED = 1, MODE_COUNTER };

static const uint8_t dukptMask[16] = { 0xc0, 0xc0, 0xc0, 0xc0, 0, 0, 0, 0, 0xc0, 0xc0, 0xc0, 0xc0, 0, 0, 0, 0 };

static void addTo(uint8_t* target, const uint8_t* bytes, uint32_t length)
{
	while (length--)
		*target++ ^= *bytes++;
}

/* variant(memory, slot, mask, target): the key with the mask laid over it as often as it fits. */
void xspos_derive_variant(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Slot* slot = fullSlotArgument(the, memory, 1);
	Bytes mask = bytesToRead(the, 2);
	Slot* target = slotArgument(the, memory, 3);
	uint32_t length = slot->length, i;
	uint8_t* secret;
	if (!mask.length || (length % mask.length))
		xsRangeError("mask does not fit the key");
	secret = newSecret(the, length);
	for (i = 0; i < length; i++)
		secret[i] = slot->bytes[i] ^ mask.bytes[i % mask.length];
	keepSecret(target, secret, length);
}

/* combine(memory, slot, other, target): two components of equal length, folded. */
void xspos_derive_combine(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Slot* slot = fullSlotArgument(the, memory, 1);
	Slot* other = fullSlotArgument(the, memory, 2);
	Slot* target = slotArgument(the, memory, 3);
	uint32_t length = slot->length;
	uint8_t* secret;
	if (other->length != length)
		xsRangeError("components of different lengths");
	secret = newSecret(the, length);
	memcpy(secret, slot->bytes, length);
	addTo(secret, other->bytes, length);
	keepSecret(target, secret, length);
}

/* join(memory, slot, other, target): both secrets, one behind the other. */
void xspos_derive_join(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Slot* slot = fullSlotArgument(the, memory, 1);
	Slot* other = fullSlotArgument(the, memory, 2);
	Slot* target = slotArgument(the, memory, 3);
	uint32_t length = slot->length + other->length;
	uint8_t* secret = newSecret(the, length);
	memcpy(secret, slot->bytes, slot->length);
	memcpy(secret + slot->length, other->bytes, other->length);
	keepSecret(target, secret, length);
}

/* part(memory, slot, at, length, target): a piece of the secret, such as one half of a key. */
void xspos_derive_part(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Slot* slot = fullSlotArgument(the, memory, 1);
	uint32_t at = integerArgument(the, 2, 0, LONGEST_SECRET);
	uint32_t length = integerArgument(the, 3, 1, LONGEST_SECRET);
	Slot* target = slotArgument(the, memory, 4);
	uint8_t* secret;
	if (at + length > slot->length)
		xsRangeError("no such part");
	secret = newSecret(the, length);
	memcpy(secret, slot->bytes + at, length);
	keepSecret(target, secret, length);
}

/* size(memory, slot): bytes in the slot, 0 when it is empty. */
void xspos_derive_size(xsMachine* the)
{
	xsmcSetInteger(xsResult, (xsIntegerValue)slotArgument(the, memoryArgument(the), 1)->length);
}

static void encipherInto(xsMachine* the, KeyMemory* memory, uint8_t* secret, uint32_t length)
{
	Cipher cipher;
	uint32_t at;
	prepareCipher(the, memory, &cipher, 0);
	for (at = 0; at < length; at += cipher.blockLength)
		cipherBlock(&cipher, secret + at);
	wipeBytes(&cipher, sizeof(cipher));
}

/* derive(memory, slot, algorithm, data, target, length): the beginning of the enciphered data becomes a key. */
void xspos_derive_derive(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Bytes data = bytesToRead(the, 3);
	Slot* target = slotArgument(the, memory, 4);
	uint32_t length = integerArgument(the, 5, 1, LONGEST_SECRET);
	uint8_t* secret;
	Cipher check;
	if (!data.length || (data.length % blockLengthArgument(the, 2)) || (length > data.length))
		xsRangeError("not whole blocks");
	prepareCipher(the, memory, &check, 0);
	wipeBytes(&check, sizeof(check));
	secret = newSecret(the, data.length);
	memcpy(secret, data.bytes, data.length);
	encipherInto(the, memory, secret, data.length);
	wipeBytes(secret + length, data.length - length);
	keepSecret(target, secret, length);
}

/* encipher(memory, slot, algorithm, source, target): a slot's content, enciphered block by block, becomes a key. */
void xspos_derive_encipher(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Slot* source = fullSlotArgument(the, memory, 3);
	Slot* target = slotArgument(the, memory, 4);
	uint32_t length = source->length;
	uint8_t* secret;
	Cipher check;
	if (length % blockLengthArgument(the, 2))
		xsRangeError("not whole blocks");
	prepareCipher(the, memory, &check, 0);
	wipeBytes(&check, sizeof(check));
	secret = newSecret(the, length);
	memcpy(secret, source->bytes, length);
	encipherInto(the, memory, secret, length);
	keepSecret(target, secret, length);
}

/* One half of DUKPT's one-way step: the register folded with the right half, under the left half, folded again. */
static void oneWay(const uint8_t* key, const uint8_t* registerBytes, uint8_t* half)
{
	TripleDes des;
	memcpy(half, registerBytes, 8);
	addTo(half, key + 8, 8);
	tripleDesPrepare(&des, key, key, key, 0);
	tripleDesBlock(&des, half);
	addTo(half, key + 8, 8);
	wipeBytes(&des, sizeof(des));
}

/* dukpt(memory, slot, register, target): ANSI X9.24-1:2009, A.2, "Non-reversible Key Generation Process". */
void xspos_derive_dukpt(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Slot* slot = fullSlotArgument(the, memory, 1);
	Bytes registerBytes = bytesToRead(the, 2);
	Slot* target = slotArgument(the, memory, 3);
	uint8_t key[16];
	uint8_t* secret;
	if ((slot->length != 16) || (registerBytes.length != 8))
		xsRangeError("no DUKPT key of double length");
	secret = newSecret(the, 16);
	memcpy(key, slot->bytes, 16);
	oneWay(key, registerBytes.bytes, secret + 8);
	addTo(key, dukptMask, 16);
	oneWay(key, registerBytes.bytes, secret);
	wipeBytes(key, sizeof(key));
	keepSecret(target, secret, 16);
}

static void nextCounter(uint8_t* counter, uint32_t length)
{
	while (length-- && !++counter[length])
		;
}

/* Chains or counts over bytes in place. Only whole blocks are chained. */
static void run(const Cipher* cipher, int mode, int decrypt, uint8_t* register_, uint8_t* bytes, uint32_t length)
{
	uint32_t size = cipher->blockLength, at;
	uint8_t kept[16];
	for (at = 0; at < length; at += size) {
		uint32_t part = length - at < size ? length - at : size;
		if (mode == MODE_COUNTER) {
			memcpy(kept, register_, size);
			cipherBlock(cipher, kept);
			addTo(bytes + at, kept, part);
			nextCounter(register_, size);
		}
		else if (decrypt) {
			memcpy(kept, bytes + at, size);
			cipherBlock(cipher, bytes + at);
			addTo(bytes + at, register_, size);
			memcpy(register_, kept, size);
		}
		else {
			addTo(bytes + at, register_, size);
			cipherBlock(cipher, bytes + at);
			memcpy(register_, bytes + at, size);
		}
	}
	wipeBytes(kept, sizeof(kept));
}

/* Argument 4: the initial block. Argument 3: the mode, which says whether the length must be whole blocks. */
static int modeArgument(xsMachine* the, uint32_t length)
{
	int mode = integerArgument(the, 3, MODE_CHAINED, MODE_COUNTER);
	uint32_t size = blockLengthArgument(the, 2);
	if (bytesToRead(the, 4).length != size)
		xsRangeError("no initial block");
	if ((mode == MODE_CHAINED) && (length % size))
		xsRangeError("not whole blocks");
	return mode;
}

/* wrap(memory, slot, algorithm, mode, initial, source): the source's secret, enciphered. */
void xspos_derive_wrap(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Slot* source = fullSlotArgument(the, memory, 5);
	uint32_t length = source->length;
	int mode = modeArgument(the, length);
	uint8_t register_[16];
	uint8_t* result;
	Cipher cipher;
	prepareCipher(the, memory, &cipher, 0);
	wipeBytes(&cipher, sizeof(cipher));
	result = bytesResult(the, length);
	prepareCipher(the, memory, &cipher, 0);
	memcpy(register_, bytesToRead(the, 4).bytes, cipher.blockLength);
	memcpy(result, source->bytes, length);
	run(&cipher, mode, 0, register_, result, length);
	wipeBytes(&cipher, sizeof(cipher));
}

/* unwrapBlocks(memory, slot, algorithm, mode, initial, wrapped, target): all that was wrapped becomes a slot's secret. */
void xspos_derive_unwrapBlocks(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Bytes wrapped = bytesToRead(the, 5);
	Slot* target = slotArgument(the, memory, 6);
	int mode = modeArgument(the, wrapped.length);
	uint8_t register_[16];
	uint8_t* secret;
	Cipher cipher;
	prepareCipher(the, memory, &cipher, mode == MODE_CHAINED);
	wipeBytes(&cipher, sizeof(cipher));
	secret = newSecret(the, wrapped.length);
	prepareCipher(the, memory, &cipher, mode == MODE_CHAINED);
	memcpy(register_, bytesToRead(the, 4).bytes, cipher.blockLength);
	memcpy(secret, wrapped.bytes, wrapped.length);
	run(&cipher, mode, 1, register_, secret, wrapped.length);
	keepSecret(target, secret, wrapped.length);
	wipeBytes(&cipher, sizeof(cipher));
}

/* takeKey(memory, source, target): the key behind its length of two bytes, in bits; false when no such key is there. */
void xspos_derive_takeKey(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Slot* source = fullSlotArgument(the, memory, 1);
	Slot* target = slotArgument(the, memory, 2);
	uint32_t bits = source->length < 2 ? 0 : (source->bytes[0] << 8) | source->bytes[1];
	uint32_t length = bits >> 3;
	uint8_t* secret;
	if (!bits || (bits & 7) || (length > source->length - 2)) {
		xsmcSetFalse(xsResult);
		return;
	}
	secret = newSecret(the, length);
	memcpy(secret, source->bytes + 2, length);
	keepSecret(target, secret, length);
	xsmcSetTrue(xsResult);
}

/* Times two in the field of the block's size (NIST SP 800-38B, 5.3 and 6.1). */
static void doubleBlock(uint8_t* block, uint32_t size)
{
	uint8_t carry = block[0] >> 7;
	uint32_t i;
	for (i = 0; i + 1 < size; i++)
		block[i] = (uint8_t)((block[i] << 1) | (block[i + 1] >> 7));
	block[size - 1] = (uint8_t)((block[size - 1] << 1) ^ (carry ? (size == 16 ? 0x87 : 0x1b) : 0));
}

/* CMAC of two parts, one behind the other, over the block at `mac`, which is zeros. */
static void cmacOf(const Cipher* cipher, const uint8_t* data, uint32_t first, const uint8_t* secret, uint32_t second, uint8_t* mac)
{
	uint32_t size = cipher->blockLength, total = first + second, at = 0, i;
	uint8_t subkey[16] = { 0 };
	cipherBlock(cipher, subkey);
	doubleBlock(subkey, size);
	if (!total || (total % size))
		doubleBlock(subkey, size);
	do {
		for (i = 0; i < size; i++, at++)
			mac[i] ^= at < first ? data[at] : at < total ? secret[at - first] : at == total ? 0x80 : 0;
		if (at >= total)
			addTo(mac, subkey, size);
		cipherBlock(cipher, mac);
	} while (at < total);
	wipeBytes(subkey, sizeof(subkey));
}

/* cmac(memory, slot, algorithm, data, source): over the data, then the source's secret; no source when it is -1. */
void xspos_derive_cmac(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Slot* source = integerArgument(the, 4, -1, memory->count - 1) < 0 ? NULL : fullSlotArgument(the, memory, 4);
	uint32_t size = blockLengthArgument(the, 2), length = bytesToRead(the, 3).length;
	uint8_t* mac;
	Cipher cipher;
	prepareCipher(the, memory, &cipher, 0);
	wipeBytes(&cipher, sizeof(cipher));
	mac = bytesResult(the, size);
	prepareCipher(the, memory, &cipher, 0);
	cmacOf(&cipher, bytesToRead(the, 3).bytes, length, source ? source->bytes : NULL, source ? source->length : 0, mac);
	wipeBytes(&cipher, sizeof(cipher));
}

/* deriveByCmac(memory, slot, algorithm, data, part, target, length): the CMACs of the data's parts, joined and cut, become a key. */
void xspos_derive_deriveByCmac(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	uint32_t size = blockLengthArgument(the, 2);
	Bytes data = bytesToRead(the, 3);
	uint32_t part = integerArgument(the, 4, 1, 64);
	Slot* target = slotArgument(the, memory, 5);
	uint32_t length = integerArgument(the, 6, 1, 64), count, i;
	uint8_t* secret;
	uint8_t macs[64] = { 0 };
	Cipher cipher;
	count = data.length / part;
	if ((data.length % part) || (count * size > sizeof(macs)) || (length > count * size))
		xsRangeError("parts do not fit the key");
	prepareCipher(the, memory, &cipher, 0);
	wipeBytes(&cipher, sizeof(cipher));
	secret = newSecret(the, length);
	prepareCipher(the, memory, &cipher, 0);
	for (i = 0; i < count; i++)
		cmacOf(&cipher, data.bytes + i * part, part, NULL, 0, macs + i * size);
	memcpy(secret, macs, length);
	wipeBytes(macs, sizeof(macs));
	wipeBytes(&cipher, sizeof(cipher));
	keepSecret(target, secret, length);
}

/* hmac(memory, slot, data): HMAC with SHA-256 (FIPS 198-1) under a slot's secret. */
void xspos_derive_hmac(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Slot* slot = fullSlotArgument(the, memory, 1);
	uint32_t length = bytesToRead(the, 2).length, i;
	uint8_t key[64] = { 0 }, inner[32];
	uint8_t* mac = bytesResult(the, 32);
	if (slot->length > sizeof(key))
		sha256After(NULL, slot->bytes, slot->length, key);
	else
		memcpy(key, slot->bytes, slot->length);
	for (i = 0; i < sizeof(key); i++)
		key[i] ^= 0x36;
	sha256After(key, bytesToRead(the, 2).bytes, length, inner);
	for (i = 0; i < sizeof(key); i++)
		key[i] ^= 0x36 ^ 0x5c;
	sha256After(key, inner, sizeof(inner), mac);
	wipeBytes(key, sizeof(key));
	wipeBytes(inner, sizeof(inner));
}

/* same(memory, slot, other): whether both hold the same secret, in a time that depends on the lengths alone. */
void xspos_derive_same(xsMachine* the)
{
	KeyMemory* memory = memoryArgument(the);
	Slot* slot = fullSlotArgument(the, memory, 1);
	Slot* other = fullSlotArgument(the, memory, 2);
	uint8_t difference = slot->length != other->length;
	uint32_t i;
	if (!difference)
		for (i = 0; i < slot->length; i++)
			difference |= slot->bytes[i] ^ other->bytes[i];
	xsmcSetBoolean(xsResult, !difference);
}
