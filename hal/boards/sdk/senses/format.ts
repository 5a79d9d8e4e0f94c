/** What audio input and output ask of I2S: the pins are the manifest's ("audioIn", "audioOut" under "defines"). */
export const format = Object.freeze({ bitsPerSample: 16, channels: 1, audioType: "LPCM", format: "buffer" } as const);
