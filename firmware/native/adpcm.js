export function adpcmDecode(clip, at, out, state, times) @ "xspos_adpcm_decode";
