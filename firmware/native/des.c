/* DES and triple DES (FIPS 46-3). Tables count bits from 1, the most significant first, as the standard does. */
#include "ciphers.h"
#include <string.h>

static const uint8_t initialPermutation[64] = {
	58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16, 8,
	57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7
};

static const uint8_t finalPermutation[64] = {
	40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31, 38, 6, 46, 14, 54, 22, 62, 30, 37, 5, 45, 13, 53, 21, 61, 29,
	36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27, 34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25
};

static const uint8_t roundPermutation[32] = {
	16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25
};

static const uint8_t keyChoice1[56] = {
	57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
	63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4
};

static const uint8_t keyChoice2[48] = {
	14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
	41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32
};

static const uint8_t sBoxes[8][64] = {
	{ 14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8,
	4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13 },
	{ 15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9, 11, 5,
	0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9 },
	{ 10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11, 15, 1,
	13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12 },
	{ 7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10, 14, 9,
	10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14 },
	{ 2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9, 8, 6,
	4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3 },
	{ 12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11, 3, 8,
	9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13 },
	{ 4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15, 8, 6,
	1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12 },
	{ 13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14, 9, 2,
	7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11 }
};

static uint64_t permute(uint64_t value, int bits, const uint8_t* table, int count)
{
	uint64_t result = 0;
	while (count--)
		result = (result << 1) | ((value >> (bits - *table++)) & 1);
	return result;
}

static uint64_t load64(const uint8_t* at)
{
	uint64_t value = 0;
	int i;
	for (i = 0; i < 8; i++)
		value = (value << 8) | at[i];
	return value;
}

/* Round keys in the order they are used: chunk i of six bits enters S-box i. */
static void schedule(uint8_t keys[16][8], const uint8_t* key, int decrypt)
{
	uint64_t chosen = permute(load64(key), 64, keyChoice1, 56);
	uint32_t c = (uint32_t)(chosen >> 28), d = (uint32_t)(chosen & 0xfffffff);
	int round, i;
	for (round = 0; round < 16; round++) {
		int shift = (round < 2) || (round == 8) || (round == 15) ? 1 : 2;
		uint64_t subkey;
		c = ((c << shift) | (c >> (28 - shift))) & 0xfffffff;
		d = ((d << shift) | (d >> (28 - shift))) & 0xfffffff;
		subkey = permute(((uint64_t)c << 28) | d, 56, keyChoice2, 48);
		for (i = 0; i < 8; i++)
			keys[decrypt ? 15 - round : round][i] = (uint8_t)((subkey >> (42 - 6 * i)) & 63);
	}
}

static uint32_t feistel(uint32_t right, const uint8_t* key)
{
	uint32_t substituted = 0;
	int i;
	for (i = 0; i < 8; i++) {
		/* The expansion: chunk i is bits 4i to 4i + 5 of the half, counted from 1 and around its ends. */
		int turn = (27 - 4 * i) & 31;
		uint32_t six = (((right >> turn) | (right << (32 - turn))) & 63) ^ key[i];
		substituted = (substituted << 4) | sBoxes[i][(six & 32) | ((six & 1) << 4) | (six >> 1 & 15)];
	}
	return (uint32_t)permute(substituted, 32, roundPermutation, 32);
}

void tripleDesPrepare(TripleDes* cipher, const uint8_t* key1, const uint8_t* key2, const uint8_t* key3, int decrypt)
{
	schedule(cipher->keys[0], decrypt ? key3 : key1, decrypt);
	schedule(cipher->keys[1], key2, !decrypt);
	schedule(cipher->keys[2], decrypt ? key1 : key3, decrypt);
}

/* The final permutation of one DES and the initial one of the next undo each other. */
void tripleDesBlock(const TripleDes* cipher, uint8_t* block)
{
	uint64_t value = permute(load64(block), 64, initialPermutation, 64);
	uint32_t left = (uint32_t)(value >> 32), right = (uint32_t)value;
	int pass, round, i;
	for (pass = 0; pass < 3; pass++) {
		uint32_t swap;
		for (round = 0; round < 16; round++) {
			uint32_t next = left ^ feistel(right, cipher->keys[pass][round]);
			left = right;
			right = next;
		}
		swap = left;
		left = right;
		right = swap;
	}
	value = permute(((uint64_t)left << 32) | right, 64, finalPermutation, 64);
	for (i = 0; i < 8; i++)
		block[i] = (uint8_t)(value >> (56 - 8 * i));
}
