export function fill(bits, stride, x, y, width, height, value) @ "xspos_raster_fill";
export function measure(font, text) @ "xspos_raster_measure";
export function text(bits, stride, rows, x, y, font, text, scale, value) @ "xspos_raster_text";
export function stamp(bits, stride, rows, x, y, picture, pictureStride) @ "xspos_raster_stamp";
export function pack565(bits, stride, first, rows, out, foreground, background) @ "xspos_raster_pack565";
