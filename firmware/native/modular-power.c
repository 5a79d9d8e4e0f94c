/*
 * Powers of large numbers, for RSA's public operation: schoolbook multiplication and long division (Knuth, The Art of
 * Computer Programming, volume 2, 4.3.1, algorithms M and D) on digits of 32 bits. The base may hold a PIN: whatever is
 * in C memory is wiped. Not for secret exponents: the time depends on the numbers.
 */
#include "buffer.h"
#include <stdlib.h>

/* 4,096 bits. */
enum { MOST_DIGITS = 128, EXPONENT_BYTES = 4 };

/* Numbers have their lowest digit first. */
typedef struct {
	/* Digits of the modulus, the highest not 0. */
	int count;
	/* Bits by which the divisor is shifted, so that its highest bit is 1. */
	int shift;
	uint32_t* divisor;
	/* Twice the digits and one. */
	uint32_t* product;
	uint32_t* base;
	uint32_t* result;
} Power;

static void digitsOf(const uint8_t* bytes, uint32_t length, uint32_t* digits, int count)
{
	uint32_t place;
	memset(digits, 0, count * sizeof(*digits));
	for (place = 0; place < length; place++)
		digits[place / 4] |= (uint32_t)bytes[length - 1 - place] << (8 * (place % 4));
}

static int isLess(const uint32_t* a, const uint32_t* b, int count)
{
	while (count--)
		if (a[count] != b[count])
			return a[count] < b[count];
	return 0;
}

/* Shifts digits towards the higher ones by less than a digit; gives what goes over. */
static uint32_t shiftUp(uint32_t* digits, int count, int bits)
{
	uint32_t over = 0;
	int i;
	for (i = 0; bits && (i < count); i++) {
		uint32_t digit = digits[i];
		digits[i] = (digit << bits) | over;
		over = digit >> (32 - bits);
	}
	return over;
}

static void shiftDown(uint32_t* digits, int count, int bits)
{
	int i;
	for (i = 0; bits && (i < count); i++)
		digits[i] = (digits[i] >> bits) | (i + 1 < count ? digits[i + 1] << (32 - bits) : 0);
}

/* Algorithm M: the product of two numbers of `count` digits. */
static void multiply(Power* power, const uint32_t* a, const uint32_t* b)
{
	uint32_t* product = power->product;
	int count = power->count, i, j;
	memset(product, 0, (2 * count + 1) * sizeof(*product));
	for (i = 0; i < count; i++) {
		uint32_t digit = a[i], carry = 0;
		for (j = 0; j < count; j++) {
			uint64_t sum = (uint64_t)digit * b[j] + product[i + j] + carry;
			product[i + j] = (uint32_t)sum;
			carry = (uint32_t)(sum >> 32);
		}
		product[i + count] = carry;
	}
}

/* One digit of the quotient (algorithm D, step D3): right, or one too large. */
static uint32_t quotientDigit(const uint32_t* number, const uint32_t* divisor, int count)
{
	uint32_t high = divisor[count - 1], next = divisor[count - 2];
	uint64_t both = ((uint64_t)number[count] << 32) | number[count - 1];
	uint64_t digit, rest;
	if (number[count] >= high) {
		digit = 0xffffffffu;
		rest = both - digit * high;
	}
	else {
		digit = both / high;
		rest = both - digit * high;
	}
	while (!(rest >> 32) && (digit * next > ((rest << 32) | number[count - 2]))) {
		digit--;
		rest += high;
	}
	return (uint32_t)digit;
}

/* Takes the divisor `digit` times from the number; whether that was once too often (steps D4 and D5). */
static int subtract(uint32_t* number, const uint32_t* divisor, int count, uint32_t digit)
{
	uint32_t carry = 0, borrow = 0, before;
	int i;
	for (i = 0; i < count; i++) {
		uint64_t times = (uint64_t)digit * divisor[i] + carry;
		uint32_t low = (uint32_t)times, value = number[i];
		carry = (uint32_t)(times >> 32);
		number[i] = value - low - borrow;
		borrow = ((uint64_t)low + borrow > value);
	}
	before = number[count];
	number[count] = before - carry - borrow;
	return (uint64_t)carry + borrow > before;
}

static void addBack(uint32_t* number, const uint32_t* divisor, int count)
{
	uint32_t carry = 0;
	int i;
	for (i = 0; i < count; i++) {
		uint64_t sum = (uint64_t)number[i] + divisor[i] + carry;
		number[i] = (uint32_t)sum;
		carry = (uint32_t)(sum >> 32);
	}
	number[count] += carry;
}

/* Algorithm D: what is left of the product, into the result. */
static void reduce(Power* power)
{
	uint32_t* product = power->product;
	int count = power->count, place;
	product[2 * count] = shiftUp(product, 2 * count, power->shift);
	for (place = count; place >= 0; place--) {
		uint32_t digit = quotientDigit(product + place, power->divisor, count);
		if (subtract(product + place, power->divisor, count, digit))
			addBack(product + place, power->divisor, count);
	}
	shiftDown(product, count, power->shift);
	memcpy(power->result, product, count * sizeof(*product));
}

/* Square and multiply, the highest bit first. */
static void raisePower(Power* power, uint32_t exponent)
{
	uint32_t bit = 0x80000000u;
	while (!(exponent & bit))
		bit >>= 1;
	memcpy(power->result, power->base, power->count * sizeof(*power->base));
	while (bit >>= 1) {
		multiply(power, power->result, power->result);
		reduce(power);
		if (exponent & bit) {
			multiply(power, power->result, power->base);
			reduce(power);
		}
	}
}

/* The numbers as digits; 0 where they are not for here. */
static int prepare(Power* power, Bytes base, Bytes modulus)
{
	digitsOf(modulus.bytes, modulus.length, power->divisor, power->count);
	digitsOf(base.bytes, base.length, power->base, power->count);
	while (power->count && !power->divisor[power->count - 1])
		if (power->base[--power->count])
			return 0;
	if ((power->count < 2) || !isLess(power->base, power->divisor, power->count))
		return 0;
	while (!((power->divisor[power->count - 1] << power->shift) >> 31))
		power->shift++;
	shiftUp(power->divisor, power->count, power->shift);
	return 1;
}

static uint32_t exponentArgument(xsMachine* the)
{
	Bytes bytes = bytesToRead(the, 1);
	uint32_t exponent = 0, i;
	if (bytes.length > EXPONENT_BYTES)
		return 0;
	for (i = 0; i < bytes.length; i++)
		exponent = (exponent << 8) | bytes.bytes[i];
	return exponent;
}

/* modularPower(base, exponent, modulus): undefined where big integers have to do it. */
void xspos_modular_power(xsMachine* the)
{
	uint32_t exponent = exponentArgument(the), length = bytesToRead(the, 2).length, place;
	int most = (int)((length + 3) / 4);
	uint32_t total = (5 * most + 1) * sizeof(uint32_t);
	Power power = { .count = most };
	uint8_t* result;
	if ((bytesToRead(the, 0).length != length) || !exponent || (most < 2) || (most > MOST_DIGITS))
		return;
	result = bytesResult(the, length);
	power.divisor = malloc(total);
	if (!power.divisor) {
		xsmcSetUndefined(xsResult);
		return;
	}
	power.base = power.divisor + most;
	power.result = power.base + most;
	power.product = power.result + most;
	if (prepare(&power, bytesToRead(the, 0), bytesToRead(the, 2))) {
		raisePower(&power, exponent);
		for (place = 0; place < (uint32_t)(4 * power.count) && (place < length); place++)
			result[length - 1 - place] = (uint8_t)(power.result[place / 4] >> (8 * (place % 4)));
	}
	else
		xsmcSetUndefined(xsResult);
	wipeBytes(power.divisor, total);
	free(power.divisor);
}
