export function fill(bits, stride, x, y, width, height, value) @ "xspos_raster_fill";
export function glyph(bits, stride, rows, x, y, font, codePoint, scale, value) @ "xspos_raster_glyph";
export function pack565(bits, stride, rows, out, foreground, background) @ "xspos_raster_pack565";
