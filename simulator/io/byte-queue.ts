/** Takes exactly `length` bytes from the front of a queue that holds at least as many, where it can without copying. */
export function take(queue: Uint8Array[], length: number): Uint8Array {
  const whole = queue[0];
  if (whole !== undefined && whole.length > length) {
    queue[0] = whole.subarray(length);
    return whole.subarray(0, length);
  }
  const result = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const first = queue[0]!;
    const part = first.subarray(0, length - filled);
    result.set(part, filled);
    filled += part.length;
    if (part.length === first.length) queue.shift();
    else queue[0] = first.subarray(part.length);
  }
  return result;
}
