/** An "XF01" font of printable ASCII whose glyphs are solid bars; enough to lay out and draw with. */
export function tinyFont(): Uint8Array {
  const [first, count, rows, header] = [0x20, 95, 16, 32];
  const font = new Uint8Array(header + count * rows);
  const view = new DataView(font.buffer);
  view.setUint32(0, 0x58463031);
  view.setUint16(4, rows, true);
  view.setUint16(6, 1, true);
  view.setUint32(12, font.length, true);
  view.setUint32(16, font.length, true);
  view.setUint32(20, first, true);
  view.setUint16(24, count, true);
  view.setUint16(26, 8, true);
  view.setUint32(28, header, true);
  font.fill(0x3c, header + rows);
  return font;
}
