/** Percent of a battery's charge: at the first and below it runs low, at the second nothing begins any more. */
export const batteryLow = 15;
export const batteryEmpty = 5;
