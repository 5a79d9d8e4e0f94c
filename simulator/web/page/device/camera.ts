import { SCENE, type SceneData } from "../../protocol.ts";
import type { Act } from "../connection.ts";
import { openDialogue } from "../dialogue.ts";
import { button, element, make } from "../dom.ts";
import { say, speech } from "../language.ts";

const { width, height } = SCENE;
/** Milliseconds from one picture of the webcam to the next. */
const PERIOD = 500;

/** The camera's window in the device, which shows what it sees; a click holds a picture before it, a file's or the webcam's. */
export class Camera {
  readonly #act: Act;
  readonly #window = element<HTMLButtonElement>("camera");
  readonly #canvas = make("canvas", { class: "scene" });
  #sees = false;
  #stopWebcam: (() => void) | undefined;

  constructor(act: Act) {
    this.#act = act;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#window.addEventListener("click", () => this.#choose());
    speech.whenSpoken(() => this.#name());
    this.#name();
  }

  /** Draws what is before the lens. */
  draw({ pixels }: SceneData): void {
    const context = this.#canvas.getContext("2d");
    if (context === null) return;
    this.#sees = pixels !== null;
    const image = context.createImageData(width, height);
    const bytes = Uint8Array.from(atob(pixels ?? ""), (character) => character.charCodeAt(0));
    for (let place = 0; place < width * height; place++) {
      const pixel = (bytes[2 * place] ?? 0) | ((bytes[2 * place + 1] ?? 0) << 8);
      const channels = [((pixel >> 11) * 255) / 31, (((pixel >> 5) & 63) * 255) / 63, ((pixel & 31) * 255) / 31, 255];
      image.data.set(channels, 4 * place);
    }
    context.putImageData(image, 0, 0);
    this.#window.style.backgroundImage = this.#sees ? `url(${this.#canvas.toDataURL()})` : "";
    this.#name();
  }

  #name(): void {
    this.#window.setAttribute("aria-label", say(this.#sees ? "camera" : "cameraDark"));
    this.#window.title = this.#window.getAttribute("aria-label") ?? "";
  }

  #choose(): void {
    const file = make("input", { type: "file", accept: "image/*" });
    const webcam = button({ text: say(this.#stopWebcam === undefined ? "cameraWebcam" : "cameraWebcamOff") });
    const cover = button({ text: say("cameraCover") });
    const refused = make("p", { class: "bad", role: "alert" });
    const dialogue = openDialogue(say("camera"), [
      make("p", { text: say("cameraHint") }),
      this.#canvas,
      make("label", {}, say("cameraFile"), file),
      refused,
      make("div", { class: "row end" }, cover, webcam),
    ]);
    const tried = (work: Promise<unknown>): void => {
      work.catch((error: unknown) => {
        refused.textContent = say("cameraRefused", { message: error instanceof Error ? error.message : String(error) });
      });
    };
    file.addEventListener("change", () => {
      const [chosen] = file.files ?? [];
      if (chosen === undefined) return;
      this.#endWebcam();
      tried(createImageBitmap(chosen).then((picture) => this.#hold(picture, picture.width, picture.height)));
    });
    webcam.addEventListener("click", () => {
      if (this.#stopWebcam === undefined) tried(this.#webcam().then(() => dialogue.close()));
      else {
        this.#endWebcam();
        dialogue.close();
      }
    });
    cover.addEventListener("click", () => {
      this.#endWebcam();
      void this.#act({ do: "look", pixels: null });
      dialogue.close();
    });
  }

  async #webcam(): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
    const video = make("video", {});
    video.srcObject = stream;
    video.muted = true;
    await video.play();
    const look = (): void => this.#hold(video, video.videoWidth, video.videoHeight);
    const timer = setInterval(look, PERIOD);
    this.#stopWebcam = () => {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
    };
    look();
  }

  #endWebcam(): void {
    this.#stopWebcam?.();
    this.#stopWebcam = undefined;
  }

  /** The middle of a picture, as large as the sensor's. */
  #hold(source: CanvasImageSource, across: number, down: number): void {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (context === null || across === 0 || down === 0) return;
    const part = Math.min(across / width, down / height);
    const [partWidth, partHeight] = [part * width, part * height];
    const [left, top] = [(across - partWidth) / 2, (down - partHeight) / 2];
    context.drawImage(source, left, top, partWidth, partHeight, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    let pixels = "";
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
      const pixel = ((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3);
      pixels += String.fromCharCode(pixel & 0xff, pixel >> 8);
    }
    void this.#act({ do: "look", pixels: btoa(pixels) });
  }
}
