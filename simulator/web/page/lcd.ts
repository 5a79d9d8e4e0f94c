const WIDTH = 320;

/** Draws the rows that came from the display chip's memory (little-endian RGB565 in base64). */
export function drawLcd(canvas: HTMLCanvasElement, update: { readonly y: number; readonly rows: string }): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const bytes = Uint8Array.from(atob(update.rows), (character) => character.charCodeAt(0));
  const pixels = new Uint16Array(bytes.buffer);
  const image = context.createImageData(WIDTH, pixels.length / WIDTH);
  for (let place = 0; place < pixels.length; place++) {
    const pixel = pixels[place] ?? 0;
    image.data[place * 4] = ((pixel >> 11) * 255) / 31;
    image.data[place * 4 + 1] = (((pixel >> 5) & 63) * 255) / 63;
    image.data[place * 4 + 2] = ((pixel & 31) * 255) / 31;
    image.data[place * 4 + 3] = 255;
  }
  context.putImageData(image, 0, update.y);
}
