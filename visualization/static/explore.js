// The picture without a mouse, and the picture as a file.
"use strict";

/** Let arrow keys go from home to home. Enter follows one, Escape leaves; the canvas is a stop for Tab only meanwhile. */
export function explore({ pictures, now, follow, draw, button, said }) {
  const start = (on) => {
    button.setAttribute("aria-pressed", on);
    for (const picture of pictures) {
      if (on) picture.canvas.tabIndex = 0;
      else picture.canvas.removeAttribute("tabindex");
    }
    if (on) {
      now.hover = now.follow >= 0 ? now.follow : 0;
      pictures[0].canvas.focus();
      said.textContent = "Arrow keys go from family to family, Enter follows one, Escape leaves.";
    } else {
      now.hover = -1;
      button.focus();
      said.textContent = "";
    }
    draw();
  };
  button.addEventListener("click", () => start(button.getAttribute("aria-pressed") !== "true"));
  for (const picture of pictures) {
    picture.canvas.addEventListener("keydown", (event) => {
      if (button.getAttribute("aria-pressed") !== "true") return;
      const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (event.key === "Escape") start(false);
      else if (event.key === "Enter") follow(now.hover);
      else if (way) {
        now.hover = picture.beside(now.hover, way);
        said.textContent = `Family ${now.hover + 1}.`;
        draw();
      } else return;
      event.preventDefault();
    });
  }
}

/** Save both worlds as one picture, with what it is of written in it, for it may travel alone. */
export function save(pictures, titles, week) {
  const shown = pictures.filter((picture) => !picture.canvas.closest("figure").hidden);
  const sharp = shown[0].canvas.width / shown[0].wide, wide = Math.max(...shown.map((picture) => picture.canvas.width));
  const sheet = document.createElement("canvas"), head = 64 * sharp, tall = shown[0].canvas.height;
  Object.assign(sheet, { width: wide * shown.length, height: head + tall + 30 * sharp });
  const pen = sheet.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, sheet.width, sheet.height);
  pen.fillStyle = "#0B0C0C";
  const font = (size, bold = "") => { pen.font = `${bold} ${size * sharp}px Arial, "Liberation Sans", Helvetica, sans-serif`; };
  font(18, "bold");
  pen.fillText(`Families and services at the end of week ${week + 1}`, 12 * sharp, 24 * sharp);
  shown.forEach((picture, i) => {
    font(15, "bold");
    pen.fillText(`World ${picture.worldName}: ${titles["AB".indexOf(picture.worldName)]}`, i * wide + 12 * sharp, 52 * sharp);
    pen.drawImage(picture.canvas, i * wide, head);
  });
  font(13);
  pen.fillText("Model results. Made-up families. Not a forecast.", 12 * sharp, sheet.height - 10 * sharp);
  const link = document.createElement("a");
  link.download = `familyabm-week-${week + 1}.png`;
  link.href = sheet.toDataURL("image/png");
  link.click();
}
