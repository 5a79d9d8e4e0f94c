/** The SDK's camera of the ESP32, which has no typing of its own, as far as it is used here. */
declare module "embedded:io/image/in/camera" {
  class Camera {
    /** `imageType` is a number of "commodetto/Bitmap"; the next larger size that the sensor has is taken. Waits for the first picture. */
    constructor(options: {
      width: number;
      height: number;
      imageType: number;
      format: "buffer" | "buffer/disposable";
      onReadable?: () => void;
    });
    close(): void;
    start(): void;
    stop(): void;
    /** The oldest picture that waits: its bytes are written into the buffer, and counted; a buffer that is too small throws. */
    read(buffer: ArrayBuffer): number | undefined;
    readonly width: number;
    readonly height: number;
  }
  export default Camera;
}
