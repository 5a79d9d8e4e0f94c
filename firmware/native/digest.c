/* Hashes: SHA-1 and SHA-256 (FIPS 180-4), SM3 (GB/T 32905-2016); checks: CRC-16/CCITT, CRC-32 (IEEE 802.3). */
#include "digest.h"
#include "buffer.h"

typedef void (*Compress)(uint32_t* state, const uint8_t* block);

static uint32_t rotate(uint32_t value, int bits)
{
	bits &= 31;
	return bits ? (value << bits) | (value >> (32 - bits)) : value;
}

static uint32_t load32(const uint8_t* at)
{
	return ((uint32_t)at[0] << 24) | ((uint32_t)at[1] << 16) | ((uint32_t)at[2] << 8) | at[3];
}

static void store32(uint8_t* at, uint32_t value)
{
	at[0] = value >> 24;
	at[1] = value >> 16;
	at[2] = value >> 8;
	at[3] = value;
}

static void sha1Compress(uint32_t* state, const uint8_t* block)
{
	uint32_t w[80], a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
	int t;
	for (t = 0; t < 16; t++)
		w[t] = load32(block + 4 * t);
	for (; t < 80; t++)
		w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
	for (t = 0; t < 80; t++) {
		uint32_t f = t < 20 ? ((b & c) | (~b & d)) + 0x5a827999
			: t < 40 ? (b ^ c ^ d) + 0x6ed9eba1
			: t < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
			: (b ^ c ^ d) + 0xca62c1d6;
		uint32_t next = rotate(a, 5) + f + e + w[t];
		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

static const uint32_t sha256Constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

/* By a number of bits that the compiler knows, 1 to 31: no question has to be asked. */
#define turn(value, bits) (((value) >> (bits)) | ((value) << (32 - (bits))))

/* A round in which `a` to `h` stand for the working variables: the callers turn names, not values. */
#define sha256Round(a, b, c, d, e, f, g, h, constant, word) do { \
		uint32_t one = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (g ^ (e & (f ^ g))) + constant + word; \
		d += one; \
		h = one + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) | (c & (a | b))); \
	} while (0)

static void sha256Compress(uint32_t* state, const uint8_t* block)
{
	uint32_t w[64];
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
	const uint32_t* k = sha256Constants;
	int t;
	for (t = 0; t < 16; t++)
		w[t] = load32(block + 4 * t);
	for (; t < 64; t++) {
		uint32_t x = w[t - 15], y = w[t - 2];
		w[t] = w[t - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >> 3)) + w[t - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >> 10));
	}
	for (t = 0; t < 64; t += 8) {
		sha256Round(a, b, c, d, e, f, g, h, k[t], w[t]);
		sha256Round(h, a, b, c, d, e, f, g, k[t + 1], w[t + 1]);
		sha256Round(g, h, a, b, c, d, e, f, k[t + 2], w[t + 2]);
		sha256Round(f, g, h, a, b, c, d, e, k[t + 3], w[t + 3]);
		sha256Round(e, f, g, h, a, b, c, d, k[t + 4], w[t + 4]);
		sha256Round(d, e, f, g, h, a, b, c, k[t + 5], w[t + 5]);
		sha256Round(c, d, e, f, g, h, a, b, k[t + 6], w[t + 6]);
		sha256Round(b, c, d, e, f, g, h, a, k[t + 7], w[t + 7]);
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
	state[5] += f;
	state[6] += g;
	state[7] += h;
}

static void sm3Compress(uint32_t* state, const uint8_t* block)
{
	uint32_t w[68], v[8];
	int j;
	memcpy(v, state, sizeof(v));
	for (j = 0; j < 16; j++)
		w[j] = load32(block + 4 * j);
	for (; j < 68; j++) {
		uint32_t x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15);
		w[j] = x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6];
	}
	for (j = 0; j < 64; j++) {
		uint32_t constant = rotate(j < 16 ? 0x79cc4519 : 0x7a879d8a, j);
		uint32_t ss1 = rotate(rotate(v[0], 12) + v[4] + constant, 7);
		uint32_t ss2 = ss1 ^ rotate(v[0], 12);
		uint32_t ff = j < 16 ? v[0] ^ v[1] ^ v[2] : (v[0] & v[1]) | (v[0] & v[2]) | (v[1] & v[2]);
		uint32_t gg = j < 16 ? v[4] ^ v[5] ^ v[6] : (v[4] & v[5]) | (~v[4] & v[6]);
		uint32_t tt1 = ff + v[3] + ss2 + (w[j] ^ w[j + 4]);
		uint32_t tt2 = gg + v[7] + ss1 + w[j];
		v[3] = v[2];
		v[2] = rotate(v[1], 9);
		v[1] = v[0];
		v[0] = tt1;
		v[7] = v[6];
		v[6] = rotate(v[5], 19);
		v[5] = v[4];
		v[4] = tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17);
	}
	for (j = 0; j < 8; j++)
		state[j] ^= v[j];
}

/*
 * Padding and length of all three: 0x80, zeros, the length in bits as 64 bits, big-endian. `before` bytes, whole
 * blocks, have gone into the state already.
 */
static void hashInto(Compress compress, uint32_t* state, uint32_t before, const uint8_t* data, uint32_t length)
{
	uint32_t whole = length & ~63u, left = length & 63u, at;
	uint8_t tail[128] = { 0 };
	uint32_t tailLength = left < 56 ? 64 : 128;
	for (at = 0; at < whole; at += 64)
		compress(state, data + at);
	if (left)
		memcpy(tail, data + whole, left);
	tail[left] = 0x80;
	store32(tail + tailLength - 8, (before + length) >> 29);
	store32(tail + tailLength - 4, (before + length) << 3);
	for (at = 0; at < tailLength; at += 64)
		compress(state, tail + at);
	wipeBytes(tail, sizeof(tail));
}

static void hash(xsMachine* the, Compress compress, uint32_t* state, int words)
{
	Bytes data = bytesToRead(the, 0);
	uint8_t* result;
	int i;
	hashInto(compress, state, 0, data.bytes, data.length);
	result = bytesResult(the, 4 * words);
	for (i = 0; i < words; i++)
		store32(result + 4 * i, state[i]);
}

static const uint32_t sha256Initial[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
};

void sha256After(const uint8_t* block, const uint8_t* data, uint32_t length, uint8_t* digest)
{
	uint32_t state[8];
	int i;
	memcpy(state, sha256Initial, sizeof(state));
	if (block)
		sha256Compress(state, block);
	hashInto(sha256Compress, state, block ? 64 : 0, data, length);
	for (i = 0; i < 8; i++)
		store32(digest + 4 * i, state[i]);
	wipeBytes(state, sizeof(state));
}

void xspos_digest_sha1(xsMachine* the)
{
	uint32_t state[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
	hash(the, sha1Compress, state, 5);
}

void xspos_digest_sha256(xsMachine* the)
{
	uint32_t state[8];
	memcpy(state, sha256Initial, sizeof(state));
	hash(the, sha256Compress, state, 8);
}

/*
 * A SHA-256 in parts: 32 bytes of working state and 4 bytes with the number of 64-byte blocks that it has taken, both
 * big-endian; all zeros before the first.
 */
#define sha256StateLength 36

static Bytes loadSha256(xsMachine* the, Bytes kept, uint32_t* state, uint32_t* blocks)
{
	int i;
	if (kept.length != sha256StateLength)
		xsRangeError("no state of SHA-256");
	*blocks = load32(kept.bytes + 32);
	for (i = 0; i < 8; i++)
		state[i] = *blocks ? load32(kept.bytes + 4 * i) : sha256Initial[i];
	return bytesToRead(the, 1);
}

/* sha256Part(state, data): takes whole blocks into the state. */
void xspos_digest_sha256Part(xsMachine* the)
{
	uint32_t state[8], blocks, at;
	Bytes kept = bytesToWrite(the, 0), data = loadSha256(the, kept, state, &blocks);
	int i;
	if ((data.length & 63u) || (blocks + data.length / 64 > 0x03ffffffu))
		xsRangeError("no whole blocks");
	for (at = 0; at < data.length; at += 64)
		sha256Compress(state, data.bytes + at);
	if (data.length == 0)
		return;
	for (i = 0; i < 8; i++)
		store32(kept.bytes + 4 * i, state[i]);
	store32(kept.bytes + 32, blocks + data.length / 64);
}

/* sha256End(state, data): the hash of what is in the state and of the data behind it; the state stays as it is. */
void xspos_digest_sha256End(xsMachine* the)
{
	uint32_t state[8], blocks;
	uint8_t* result = bytesResult(the, 32);
	Bytes data = loadSha256(the, bytesToRead(the, 0), state, &blocks);
	int i;
	if ((blocks > 0x03ffffffu) || (data.length > 0xffffffffu - 64 * blocks))
		xsRangeError("no whole blocks");
	hashInto(sha256Compress, state, 64 * blocks, data.bytes, data.length);
	for (i = 0; i < 8; i++)
		store32(result + 4 * i, state[i]);
}

/* One HMAC (FIPS 198-1) of 32 bytes, from the states that the key's two blocks have left; `block` has the bytes and their padding. */
static void hmacAgain(const uint32_t* inner, const uint32_t* outer, uint8_t* block)
{
	uint32_t state[8];
	int pass, i;
	for (pass = 0; pass < 2; pass++) {
		memcpy(state, pass ? outer : inner, sizeof(state));
		sha256Compress(state, block);
		for (i = 0; i < 8; i++)
			store32(block + 4 * i, state[i]);
	}
}

#define longestSalt 64

/* pbkdf2(password, salt, iterations): PBKDF2 with HMAC-SHA-256 (RFC 8018, 5.2), its first block: 32 bytes. */
void xspos_digest_pbkdf2(xsMachine* the)
{
	int32_t iterations = integerArgument(the, 2, 1, 0x7fffffff);
	uint32_t inner[8], outer[8];
	uint8_t key[64] = { 0 }, first[64 + longestSalt + 4], block[64] = { 0 }, sum[32];
	Bytes password, salt;
	uint8_t* result = bytesResult(the, 32);
	int i;
	password = bytesToRead(the, 0);
	salt = bytesToRead(the, 1);
	if (salt.length > longestSalt)
		xsRangeError("salt too long");
	if (password.length > 64)
		sha256After(NULL, password.bytes, password.length, key);
	else if (password.length)
		memcpy(key, password.bytes, password.length);
	for (i = 0; i < 64; i++)
		key[i] ^= 0x36;
	memcpy(inner, sha256Initial, sizeof(inner));
	sha256Compress(inner, key);
	memcpy(first, key, 64);
	for (i = 0; i < 64; i++)
		key[i] ^= 0x36 ^ 0x5c;
	memcpy(outer, sha256Initial, sizeof(outer));
	sha256Compress(outer, key);
	if (salt.length)
		memcpy(first + 64, salt.bytes, salt.length);
	store32(first + 64 + salt.length, 1);
	sha256After(NULL, first, 64 + salt.length + 4, block);
	sha256After(key, block, 32, sum);
	memcpy(block, sum, 32);
	block[32] = 0x80;
	store32(block + 60, (64 + 32) * 8);
	while (--iterations) {
		hmacAgain(inner, outer, block);
		for (i = 0; i < 32; i++)
			sum[i] ^= block[i];
	}
	memcpy(result, sum, 32);
	wipeBytes(key, sizeof(key));
	wipeBytes(first, sizeof(first));
	wipeBytes(block, sizeof(block));
	wipeBytes(sum, sizeof(sum));
	wipeBytes(inner, sizeof(inner));
	wipeBytes(outer, sizeof(outer));
}

void xspos_digest_sm3(xsMachine* the)
{
	uint32_t state[8] = {
		0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e
	};
	hash(the, sm3Compress, state, 8);
}

/* Polynomial 1021, most significant bit first, nothing inverted (CRC-16/IBM-3740 when it starts with FFFF). */
void xspos_digest_crc16(xsMachine* the)
{
	Bytes data = bytesToRead(the, 0);
	uint16_t crc = integerArgument(the, 1, 0, 0xffff);
	uint32_t i;
	for (i = 0; i < data.length; i++) {
		int bit;
		crc ^= data.bytes[i] << 8;
		for (bit = 0; bit < 8; bit++)
			crc = (crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0);
	}
	xsmcSetInteger(xsResult, crc);
}

/* Polynomial EDB88320, least significant bit first, inverted at both ends; `initial` is the check of what came before. */
void xspos_digest_crc32(xsMachine* the)
{
	static const uint32_t nibbles[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c
	};
	uint32_t crc = 0, i;
	Bytes data;
	if ((xsmcArgc > 1) && (xsmcTypeOf(xsArg(1)) != xsUndefinedType)) {
		xsNumberValue initial = numberArgument(the, 1);
		if (!((initial >= 0) && (initial <= 4294967295.0)) || (initial != (uint32_t)initial))
			xsRangeError("number out of range");
		crc = (uint32_t)initial;
	}
	data = bytesToRead(the, 0);
	crc = ~crc;
	for (i = 0; i < data.length; i++) {
		crc ^= data.bytes[i];
		crc = (crc >> 4) ^ nibbles[crc & 15];
		crc = (crc >> 4) ^ nibbles[crc & 15];
	}
	xsmcSetNumber(xsResult, (xsNumberValue)(uint32_t)~crc);
}
