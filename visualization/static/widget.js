// As an anywidget: the picture at the week, record and look that Python sets; a press tells Python the home.
"use strict";
import { World } from "./record.js";
import { Picture } from "./picture.js";

async function render({ model, el }) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas.style, { display: "block", width: "100%", maxWidth: "52rem" });
  canvas.setAttribute("role", "img");
  el.append(canvas);
  const bytes = (name) => {
    const view = model.get(name);
    return view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  };
  let picture;
  const draw = () => {
    if (!picture || !canvas.clientWidth) return;
    const week = picture.world.weeks - 1;
    picture.draw(week, { look: model.get("look"), lines: true, passes: model.get("passes"), follow: model.get("family") });
    canvas.setAttribute("aria-label", model.get("label") || "Families and services");
    if (model.get("drawn") === model.get("week")) return;
    model.set("drawn", model.get("week"));
    model.save_changes();
  };
  const renew = () => {
    const world = new World(bytes("record"));
    if (picture && picture.world.homes === world.homes) picture.world = world;
    else picture = new Picture(canvas, world, new Float32Array(bytes("places")), model.get("services"), "");
    draw();
  };
  canvas.addEventListener("click", (event) => {
    model.set("family", picture.near(event.offsetX, event.offsetY));
    model.save_changes();
  });
  model.on("change:record", renew);
  for (const name of ["look", "passes", "family", "label"]) model.on(`change:${name}`, draw);
  new ResizeObserver(draw).observe(canvas);
  renew();
}

export default { render };
