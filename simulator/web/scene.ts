import type { Simulation } from "../world/simulation.ts";
import { type PageEvent, SCENE } from "./protocol.ts";

const { width, height } = SCENE;

/** What the page holds before the camera's lens, in whatever world: it lies outside of it, and is not repeated with it. */
export class Scene {
  #pixels: string | null = null;

  /** Throws to refuse a picture of another size. */
  show(pixels: string | null, simulation: Simulation): void {
    if (pixels !== null && Buffer.from(String(pixels), "base64").length !== width * height * 2)
      throw new Error(`a picture has ${width} x ${height} pixels of 16 bits`);
    this.#pixels = pixels;
    this.standBefore(simulation);
  }

  /** Stands before the camera of another world. */
  standBefore({ chips: { camera } }: Simulation): void {
    const bytes = this.#pixels === null ? undefined : Buffer.from(this.#pixels, "base64");
    camera.show((x, y) => bytes?.readUInt16LE(2 * (Math.floor(y * height) * width + Math.floor(x * width))) ?? 0);
  }

  get event(): PageEvent {
    return { name: "scene", data: { pixels: this.#pixels } };
  }
}
