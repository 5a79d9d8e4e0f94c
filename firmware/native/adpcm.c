/* Speech of four bits a sample (IMA ADPCM, 1992), the first in the low half of its byte: 8,000 samples a second are too many for JavaScript. */
#include "buffer.h"

#define LAST_STEP 88
#define STATES ((65535 << 7) | LAST_STEP)

static const int16_t steps[LAST_STEP + 1] = {
	7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31,
	34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143,
	157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658,
	724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024,
	3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899,
	15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767
};
static const int8_t moves[8] = { -1, -1, -1, -1, 2, 4, 6, 8 };

static int32_t clamped(int32_t value, int32_t least, int32_t most)
{
	return value < least ? least : value > most ? most : value;
}

/*
 * adpcmDecode(clip, at, out, state, times): fills `out`, samples of 16 bits as this processor has them, each `times` (1 or 2) times with a straight line
 * between, from half byte `at` of the clip on. The state is the last sample, from 0 on, and the step; 0x400000 begins. Gives the new one.
 */
void xspos_adpcm_decode(xsMachine* the)
{
	int32_t at = integerArgument(the, 1, 0, 0x7ffffff), state = integerArgument(the, 3, 0, STATES);
	int32_t times = integerArgument(the, 4, 1, 2);
	int32_t value = (state >> 7) - 32768, place = clamped(state & 127, 0, LAST_STEP), i;
	Bytes out = bytesToWrite(the, 2), clip = bytesToRead(the, 0);
	int32_t count = (int32_t)(out.length / 2) / times;
	if ((uint32_t)(at + count + 1) / 2 > clip.length)
		xsRangeError("clip ends before");
	for (i = 0; i < count; i++) {
		int code = (clip.bytes[(at + i) >> 1] >> (((at + i) & 1) * 4)) & 15, before = value;
		int32_t step = steps[place], change = step >> 3;
		int16_t sample;
		if (code & 4)
			change += step;
		if (code & 2)
			change += step >> 1;
		if (code & 1)
			change += step >> 2;
		value = clamped(value + (code & 8 ? -change : change), -32768, 32767);
		place = clamped(place + moves[code & 7], 0, LAST_STEP);
		if (times == 2) {
			sample = (int16_t)((before + value) >> 1);
			memcpy(out.bytes + 4 * i, &sample, 2);
		}
		sample = (int16_t)value;
		memcpy(out.bytes + 2 * times * i + 2 * (times - 1), &sample, 2);
	}
	xsmcSetInteger(xsResult, ((value + 32768) << 7) | place);
}
