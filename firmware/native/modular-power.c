/*
 * Powers of large numbers, for RSA's public operation: schoolbook multiplication and long division (Knuth, The Art of
 * Computer Programming, volume 2, 4.3.1, algorithms M and D) on digits of 32 bits. Where many squares are taken of numbers
 * modulo an odd one, Montgomery's reduction (Mathematics of Computation 44, 1985) does without the division, which a
 * processor of 32 bits makes in software. The base may hold a PIN: whatever is in C memory is wiped. Not for secret
 * exponents: the time depends on the numbers.
 */
#include "buffer.h"
#include <stdlib.h>

/* 4,096 bits. */
enum { MOST_DIGITS = 128, EXPONENT_BYTES = 4 };
/* Exponents from here on are worth the way to Montgomery's numbers and back. */
enum { MANY_SQUARES = 32 };

/* Numbers have their lowest digit first. */
typedef struct {
	/* Digits of the modulus, the highest not 0. */
	int count;
	/* Bits by which the divisor is shifted, so that its highest bit is 1. */
	int shift;
	uint32_t* divisor;
	uint32_t* modulus;
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

/* Adds `digit` times the row to the sum; gives what goes over. Two digits at a time: most of all the work is done here. */
static uint32_t addRow(uint32_t* sum, const uint32_t* row, int count, uint32_t digit)
{
	uint32_t carry = 0;
	uint64_t part;
	for (; count > 1; count -= 2, row += 2, sum += 2) {
		part = (uint64_t)digit * row[0] + sum[0] + carry;
		sum[0] = (uint32_t)part;
		part = (uint64_t)digit * row[1] + sum[1] + (uint32_t)(part >> 32);
		sum[1] = (uint32_t)part;
		carry = (uint32_t)(part >> 32);
	}
	if (count) {
		part = (uint64_t)digit * row[0] + sum[0] + carry;
		sum[0] = (uint32_t)part;
		carry = (uint32_t)(part >> 32);
	}
	return carry;
}

/* Algorithm M: the product of two numbers of `count` digits. */
static void multiply(Power* power, const uint32_t* a, const uint32_t* b)
{
	uint32_t* product = power->product;
	int count = power->count, i;
	memset(product, 0, (2 * count + 1) * sizeof(*product));
	for (i = 0; i < count; i++)
		product[i + count] = addRow(product + i, b, count, a[i]);
}

/* The square: each product of two different digits once, then all of them doubled. */
static void square(Power* power, const uint32_t* a)
{
	uint32_t* product = power->product;
	int count = power->count, i;
	uint64_t over = 0;
	memset(product, 0, (2 * count + 1) * sizeof(*product));
	for (i = 0; i < count; i++)
		product[i + count] = addRow(product + 2 * i + 1, a + i + 1, count - i - 1, a[i]);
	for (i = 0; i < count; i++) {
		uint64_t own = (uint64_t)a[i] * a[i];
		over += ((uint64_t)product[2 * i] << 1) + (uint32_t)own;
		product[2 * i] = (uint32_t)over;
		over = (over >> 32) + ((uint64_t)product[2 * i + 1] << 1) + (own >> 32);
		product[2 * i + 1] = (uint32_t)over;
		over >>= 32;
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

/* What is added to make the lowest digit 0: its multiple of the modulus is found by the inverse of the modulus's lowest digit. */
static uint32_t negativeInverse(uint32_t odd)
{
	uint32_t inverse = odd;
	int i;
	/* Right in 3 bits at first, in twice as many each time. */
	for (i = 0; i < 4; i++)
		inverse *= 2 - odd * inverse;
	return 0 - inverse;
}

/* Montgomery's reduction: the product divided by 2^32 as often as there are digits, modulo the modulus, into the result. */
static void reduceMontgomery(Power* power, uint32_t inverse)
{
	uint32_t* product = power->product;
	const uint32_t* modulus = power->modulus;
	int count = power->count, i;
	uint32_t over = 0, borrow = 0;
	for (i = 0; i < count; i++) {
		uint32_t carry = addRow(product + i, modulus, count, product[i] * inverse);
		uint64_t sum = (uint64_t)product[i + count] + carry + over;
		product[i + count] = (uint32_t)sum;
		over = (uint32_t)(sum >> 32);
	}
	memcpy(power->result, product + count, count * sizeof(*product));
	if (!over && isLess(power->result, modulus, count))
		return;
	for (i = 0; i < count; i++) {
		uint64_t difference = (uint64_t)power->result[i] - modulus[i] - borrow;
		power->result[i] = (uint32_t)difference;
		borrow = (uint32_t)(difference >> 32) & 1;
	}
}

static void reduceBy(Power* power, uint32_t inverse)
{
	if (inverse)
		reduceMontgomery(power, inverse);
	else
		reduce(power);
}

/* Square and multiply, the highest bit first. */
static void raisePower(Power* power, uint32_t exponent)
{
	uint32_t bit = 0x80000000u, inverse = 0;
	size_t size = power->count * sizeof(*power->base);
	if ((power->modulus[0] & 1) && (exponent >= MANY_SQUARES)) {
		inverse = negativeInverse(power->modulus[0]);
		/* Into Montgomery's numbers: so many digits higher. */
		memset(power->product, 0, size);
		memcpy(power->product + power->count, power->base, size);
		reduce(power);
		memcpy(power->base, power->result, size);
	}
	while (!(exponent & bit))
		bit >>= 1;
	memcpy(power->result, power->base, size);
	while (bit >>= 1) {
		square(power, power->result);
		reduceBy(power, inverse);
		if (exponent & bit) {
			multiply(power, power->result, power->base);
			reduceBy(power, inverse);
		}
	}
	if (inverse) {
		memcpy(power->product, power->result, size);
		memset(power->product + power->count, 0, size + sizeof(*power->product));
		reduceMontgomery(power, inverse);
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
	memcpy(power->modulus, power->divisor, power->count * sizeof(*power->divisor));
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
	uint32_t total = (6 * most + 1) * sizeof(uint32_t);
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
	power.modulus = power.divisor + most;
	power.base = power.modulus + most;
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
