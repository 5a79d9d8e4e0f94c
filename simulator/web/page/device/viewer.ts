import { openDialogue } from "../dialogue.ts";
import { button, make } from "../dom.ts";
import { say } from "../language.ts";
import { type Piece, savePicture, saveText } from "./piece.ts";

/** Shows one receipt at its full size, its picture beside its text. */
export function lookAt(piece: Piece): void {
  const picture = make("canvas", { width: piece.canvas.width, height: piece.canvas.height, role: "img" });
  picture.setAttribute("aria-label", piece.text.join("\n"));
  picture.getContext("2d")?.drawImage(piece.canvas, 0, 0);
  openDialogue(
    say("paper"),
    [
      make("div", { class: "look-closely" }, picture, make("pre", { text: piece.text.join("\n"), tabindex: 0 })),
      make(
        "div",
        { class: "row end" },
        button({ text: say("savePicture"), onclick: () => savePicture([piece]) }),
        button({ text: say("saveText"), onclick: () => saveText([piece]) }),
      ),
    ],
    "wide",
  );
}
