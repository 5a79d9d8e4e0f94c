export function qrRemainder(data, degree) @ "xspos_qr_remainder";
export function qrPlace(modules, reserved, size, codewords) @ "xspos_qr_place";
export function qrMask(modules, reserved, size, pattern) @ "xspos_qr_mask";
export function qrPenalty(modules, size) @ "xspos_qr_penalty";
export function qrPatterns(modules, reserved, size) @ "xspos_qr_patterns";
export function qrFormat(modules, reserved, size, format) @ "xspos_qr_format";
export function qrDraw(bits, stride, rows, x, y, modules, size, scale) @ "xspos_qr_draw";
