// The picture of families and services: one canvas a world, drawn from the record of weeks that the server wrote.
// The same module draws in the app's page and, within widget.js, in a notebook or a Solara page.
"use strict";
import { ARRIVED, BACK, MONTH, WAITS, World, YEAR } from "./record.js";

const NAVY = "#12436D", ORANGE = "#F46A25", INK = "#0B0C0C", GREY = "#6B7780", FAINT = "#E6EBEF", LINE = "#C5CCD3";
const MOST_DOTS = 10000, MOST_LINES = 3000, A_HEXAGON = 50;

/** One canvas, drawn for a world at a week. */
export class Picture {
  constructor(canvas, world, places, services, worldName) {
    Object.assign(this, { canvas, world, places, services, worldName });
    this.pen = canvas.getContext("2d");
    if (!this.pen) throw new Error("no canvas");
  }

  size() {
    const wide = this.canvas.clientWidth || 300, tall = Math.round(wide * (wide < 420 ? 1 : 0.86));
    const sharp = Math.min(2, window.devicePixelRatio || 1);
    if (this.canvas.width !== Math.round(wide * sharp) || this.tall !== tall) {
      this.canvas.width = Math.round(wide * sharp);
      this.canvas.height = Math.round(tall * sharp);
      this.canvas.style.height = `${tall}px`;
      Object.assign(this, { wide, tall });
      this.lay();
    }
    this.pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  }

  /** Give every home and service its place, the same in both worlds. */
  lay() {
    const { wide, tall } = this, small = wide < 420;
    const middle = [wide / 2, tall / 2];
    const reach = small ? [wide * 0.37, tall * 0.37] : [wide * 0.33, tall * 0.37];
    const ring = small ? [wide * 0.45, tall * 0.45] : [wide * 0.41, tall * 0.455];
    this.xy = new Float32Array(this.places.length);
    for (let i = 0; i < this.places.length; i += 2) {
      this.xy[i] = middle[0] + this.places[i] * reach[0];
      this.xy[i + 1] = middle[1] + this.places[i + 1] * reach[1];
    }
    const n = this.services.length;
    this.at = this.services.map((_, place) => {
      const angle = -Math.PI / 2 + (2 * Math.PI * place) / n;
      return [middle[0] + ring[0] * Math.cos(angle), middle[1] + ring[1] * Math.sin(angle)];
    });
    this.small = small;
    this.dot = Math.max(1.1, Math.min(4.6, 0.36 * this.gap()));
    if (this.world.homes > MOST_DOTS) this.hexagons(reach);
  }

  /** How far homes lie apart: the median way from some of them to the nearest other. */
  gap() {
    const homes = this.world.homes, some = Math.min(homes, 60), found = [];
    for (let n = 0; n < some; n += 1) {
      const row = Math.floor((n * homes) / some);
      let least = Infinity;
      for (let other = 0; other < homes; other += 1) {
        if (other !== row) least = Math.min(least, (this.xy[2 * other] - this.xy[2 * row]) ** 2 + (this.xy[2 * other + 1] - this.xy[2 * row + 1]) ** 2);
      }
      found.push(Math.sqrt(least));
    }
    return found.sort((one, other) => one - other)[some >> 1];
  }

  hexagons(reach) {
    const wanted = this.world.homes / A_HEXAGON, area = Math.PI * reach[0] * reach[1];
    const side = Math.sqrt(area / wanted / 2.6), across = side * Math.sqrt(3), down = side * 1.5;
    this.hexes = new Map();
    this.hexOf = new Uint32Array(this.world.homes);
    for (let row = 0; row < this.world.homes; row += 1) {
      const line = Math.round(this.xy[2 * row + 1] / down);
      const step = Math.round(this.xy[2 * row] / across - (line & 1) / 2);
      const key = line * 4096 + step;
      if (!this.hexes.has(key)) this.hexes.set(key, { x: (step + (line & 1) / 2) * across, y: line * down, n: 0, touched: 0 });
      this.hexes.get(key).n += 1;
      this.hexOf[row] = key;
    }
    this.side = side;
  }

  /** Draw a week. shown: { look, lines, passes, only (week by which lives differ), parted, follow, hover }. */
  draw(week, shown) {
    this.size();
    const { pen, world } = this;
    world.at(week);
    pen.clearRect(0, 0, this.wide, this.tall);
    if (shown.passes) this.drawPasses(week);
    if (shown.lines && world.homes <= MOST_DOTS) this.drawLines(week, shown);
    if (world.homes > MOST_DOTS) this.drawHexagons(week, shown);
    else this.drawDots(week, shown);
    this.drawFollowed(shown);
    this.drawServices(shown.look);
  }

  visible(week, shown) {
    const seen = shown.look < 0 ? null : world_seen(this.world, week, shown.look);
    return (row) => (!seen || seen.has(row)) && (!shown.only || shown.parted[row] <= week);
  }

  drawDots(week, shown) {
    const { pen, world, xy, dot } = this, may = this.visible(week, shown);
    const kinds = new Map(), backs = world.backs(week, shown.look);
    for (let row = 0; row < world.homes; row += 1) {
      if (!may(row)) continue;
      const state = world.state[row], waits = state >> 2 === WAITS;
      const kind = shown.look < 0 ? (state & 3) * 2 + (waits ? 1 : 0) : 6;
      if (!kinds.has(kind)) kinds.set(kind, []);
      kinds.get(kind).push(row);
    }
    for (const [kind, rows] of [...kinds].sort((one, other) => (one[0] % 6) - (other[0] % 6))) {
      pen.beginPath();
      for (const row of rows) shape(pen, kind === 6 ? 0 : kind >> 1, xy[2 * row], xy[2 * row + 1], dot);
      const colour = kind === 6 ? GREY : [FAINT, NAVY, ORANGE][kind >> 1];
      pen.fillStyle = kind !== 6 && kind & 1 ? "#fff" : colour;
      pen.fill();
      pen.strokeStyle = kind >> 1 === 0 || kind === 6 ? GREY : kind >> 1 === 1 ? NAVY : INK;
      pen.lineWidth = kind !== 6 && kind & 1 ? 1.8 : 0.8;
      pen.stroke();
    }
    pen.beginPath();
    for (const [row, times] of backs) {
      if (!may(row)) continue;
      for (let ring = 0; ring < Math.min(3, times); ring += 1) {
        const r = dot * 1.5 + (1 + ring) * Math.min(2.4, dot * 0.6);
        pen.moveTo(xy[2 * row] + r, xy[2 * row + 1]);
        pen.arc(xy[2 * row], xy[2 * row + 1], r, 0, 2 * Math.PI);
      }
    }
    pen.strokeStyle = INK;
    pen.lineWidth = 0.9;
    pen.stroke();
  }

  drawHexagons(week, shown) {
    const { pen, world } = this, may = this.visible(week, shown);
    for (const hex of this.hexes.values()) hex.touched = 0;
    const met = new Set(), [start, end] = world.span(week - YEAR + 1, week);
    for (let i = start; i < end; i += 1) {
      if (world.marks[i] & ARRIVED && (shown.look < 0 || world.service[i] === shown.look)) met.add(world.row[i]);
    }
    for (const row of met) if (may(row)) this.hexes.get(this.hexOf[row]).touched += 1;
    for (const hex of this.hexes.values()) {
      const share = Math.min(1, (hex.touched / Math.max(8, hex.n)) * 2);
      pen.beginPath();
      for (let corner = 0; corner < 6; corner += 1) {
        const angle = Math.PI / 6 + (corner * Math.PI) / 3;
        pen.lineTo(hex.x + this.side * 0.96 * Math.cos(angle), hex.y + this.side * 0.96 * Math.sin(angle));
      }
      pen.closePath();
      pen.fillStyle = `rgba(18, 67, 109, ${(0.06 + 0.94 * share).toFixed(2)})`;
      pen.fill();
      pen.strokeStyle = LINE;
      pen.lineWidth = 0.6;
      pen.stroke();
    }
  }

  drawLines(week, shown) {
    const { pen, world, xy, at } = this, may = this.visible(week, shown);
    const [start, end] = world.span(week - MONTH + 1, week);
    const fresh = new Path2D(), back = new Path2D();
    let drawn = 0;
    for (let i = end - 1; i >= start && drawn < MOST_LINES; i -= 1) {
      const row = world.row[i], service = world.service[i];
      if ((shown.look >= 0 && service !== shown.look) || !may(row)) continue;
      const line = world.marks[i] & BACK ? back : fresh;
      line.moveTo(xy[2 * row], xy[2 * row + 1]);
      line.lineTo(at[service][0], at[service][1]);
      drawn += 1;
    }
    pen.lineWidth = world.homes > 3000 ? 0.5 : 0.9;
    pen.strokeStyle = "rgba(18, 67, 109, .38)";
    pen.stroke(fresh);
    pen.strokeStyle = "rgba(190, 70, 10, .75)";
    pen.setLineDash([5, 3]);
    pen.stroke(back);
    pen.setLineDash([]);
  }

  drawPasses(week) {
    const { pen, at } = this, passes = this.world.passes(week);
    const most = Math.max(1, ...passes.values());
    pen.strokeStyle = "rgba(107, 119, 128, .5)";
    for (const [pair, times] of passes) {
      const [x, y] = at[pair >> 4], [u, v] = at[pair & 15];
      const bend = [(x + u) / 2 + (v - y) * 0.12, (y + v) / 2 + (x - u) * 0.12];
      pen.beginPath();
      pen.lineWidth = 1 + (11 * times) / most;
      pen.moveTo(x, y);
      pen.quadraticCurveTo(bend[0], bend[1], u, v);
      pen.stroke();
    }
  }

  drawFollowed(shown) {
    for (const [row, colour] of [[shown.hover, GREY], [shown.follow, INK]]) {
      if (row === undefined || row < 0 || row >= this.world.homes) continue;
      const x = this.xy[2 * row], y = this.xy[2 * row + 1], r = Math.max(12, this.dot * 3);
      this.pen.beginPath();
      this.pen.arc(x, y, r, 0, 2 * Math.PI);
      this.pen.moveTo(x - r - 7, y); this.pen.lineTo(x - r, y);
      this.pen.moveTo(x + r, y); this.pen.lineTo(x + r + 7, y);
      this.pen.strokeStyle = "#fff"; this.pen.lineWidth = 6; this.pen.stroke();
      this.pen.strokeStyle = colour; this.pen.lineWidth = 3; this.pen.stroke();
    }
  }

  drawServices(look) {
    const { pen } = this;
    pen.font = `${this.small ? "bold 13px" : "14px"} Arial, "Liberation Sans", Helvetica, sans-serif`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    this.services.forEach((name, place) => {
      const lines = this.small ? [String(place + 1)] : twoLines(name);
      const half = this.small ? 12 : Math.max(...lines.map((line) => pen.measureText(line).width)) / 2 + 8;
      const tall = this.small ? 12 : 5 + 8.5 * lines.length;
      const x = Math.min(this.wide - half - 1, Math.max(half + 1, this.at[place][0]));
      const y = Math.min(this.tall - tall - 1, Math.max(tall + 1, this.at[place][1]));
      pen.beginPath();
      pen.rect(x - half, y - tall, 2 * half, 2 * tall);
      pen.fillStyle = look === place ? NAVY : "#fff";
      pen.fill();
      pen.strokeStyle = INK;
      pen.lineWidth = 1.5;
      pen.stroke();
      pen.fillStyle = look === place ? "#fff" : INK;
      lines.forEach((line, i) => pen.fillText(line, x, y + 0.5 + 16 * (i - (lines.length - 1) / 2)));
    });
  }

  /** The nearest home that lies in a direction from another; that one itself if there is none. */
  beside(row, [right, down]) {
    const x = this.xy[2 * row], y = this.xy[2 * row + 1];
    let best = row, least = Infinity;
    for (let other = 0; other < this.world.homes; other += 1) {
      const along = (this.xy[2 * other] - x) * right + (this.xy[2 * other + 1] - y) * down;
      const across = Math.abs((this.xy[2 * other] - x) * down) + Math.abs((this.xy[2 * other + 1] - y) * right);
      if (along > 0.5 && along >= across && along + 2 * across < least) [best, least] = [other, along + 2 * across];
    }
    return best;
  }

  /** The home nearest to a point on the canvas, -1 if none is near. */
  near(x, y) {
    let best = -1, least = 18 * 18;
    for (let row = 0; row < this.world.homes; row += 1) {
      const far = (this.xy[2 * row] - x) ** 2 + (this.xy[2 * row + 1] - y) ** 2;
      if (far < least) [best, least] = [row, far];
    }
    return best;
  }
}

/** A service's name on two lines where one would be long, broken at the space nearest the middle. */
function twoLines(name) {
  const spaces = [...name].flatMap((letter, i) => (letter === " " ? [i] : []));
  if (name.length < 13 || !spaces.length) return [name];
  const middle = spaces.reduce((best, i) => (Math.abs(i - name.length / 2) < Math.abs(best - name.length / 2) ? i : best));
  return [name.slice(0, middle), name.slice(middle + 1)];
}

function world_seen(world, week, look) {
  if (world.seenAt !== `${week} ${look}`) {
    world.seenSet = world.seen(week, look);
    world.seenAt = `${week} ${look}`;
  }
  return world.seenSet;
}

function shape(pen, band, x, y, r) {
  if (band === 0) {
    pen.moveTo(x + r, y);
    pen.arc(x, y, r, 0, 2 * Math.PI);
  } else if (band === 1) {
    const s = r * 1.35;
    pen.moveTo(x, y - s); pen.lineTo(x + s, y + s * 0.8); pen.lineTo(x - s, y + s * 0.8); pen.closePath();
  } else {
    pen.rect(x - r * 1.15, y - r * 1.15, r * 2.3, r * 2.3);
  }
}

/** Fetch what a picture plays. source: the address that the parts' names follow. */
export async function load(source) {
  const part = async (name, read) => {
    const answer = await fetch(source.replace("{part}", name));
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer[read]();
  };
  const [meta, a, b, places, parted] = await Promise.all([
    part("meta.json", "json"), part("a.bin", "arrayBuffer"), part("b.bin", "arrayBuffer"),
    part("places.bin", "arrayBuffer"), part("parted.bin", "arrayBuffer"),
  ]);
  return { meta, worlds: [new World(a), new World(b)], places: new Float32Array(places), parted: new Uint16Array(parted) };
}
