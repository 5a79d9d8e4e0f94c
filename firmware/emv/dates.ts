/** Years of two packed digits: from 50 on they are in the last century (EMV 4.3 Book 4, 6.7.3). As four packed digits. */
export function fullYear(year: number): number {
  return year < 0x50 ? 0x2000 + year : 0x1900 + year;
}

/** True when a date YYMMDD of packed decimals is before another one. A missing byte counts as zero. */
export function isBefore(date: Uint8Array, other: Uint8Array): boolean {
  return dateNumber(date) < dateNumber(other);
}

/** A month of packed decimals as a number that grows with time. */
export function monthNumber(year: number, month: number): number {
  return (fullYear(year) << 8) | month;
}

function dateNumber(date: Uint8Array): number {
  return (monthNumber(date[0] ?? 0, date[1] ?? 0) << 8) | (date[2] ?? 0);
}
