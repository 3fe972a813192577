// The record of weeks that the server wrote: what was touched, what state every home is in, what that comes to.
// It is counted here as the server counts it by itself for the table; the two are tested equal.
"use strict";

export const ARRIVED = 1, BACK = 2, UNHELPED = 4, NOBODY = 255, MONTH = 4, YEAR = 52, WAITS = 1;

/** One world's weeks: what was touched, what state every home is in, and what that comes to at any week. */
export class World {
  constructor(buffer) {
    const [weeks, homes, n, m] = new Uint32Array(buffer, 0, 4);
    Object.assign(this, { weeks, homes });
    let place = 16;
    const column = (Kind, length) => {
      const found = new Kind(buffer.slice(place, place + length * Kind.BYTES_PER_ELEMENT));
      place += length * Kind.BYTES_PER_ELEMENT;
      return found;
    };
    this.row = column(Uint32Array, n);
    const changedRow = column(Uint32Array, m);
    this.week = column(Uint16Array, n);
    const changedWeek = column(Uint16Array, m);
    this.service = column(Uint8Array, n);
    this.marks = column(Uint8Array, n);
    this.by = column(Uint8Array, n);
    const changedTo = column(Uint8Array, m);
    this.changes = { row: changedRow, week: changedWeek, to: changedTo };
    this.starts = firsts(this.week, weeks);
    this.changeStarts = firsts(changedWeek, weeks);
    this.state = new Uint8Array(homes);
    this.now = -1;
  }

  /** Move to the end of a week, forward or back. */
  at(week) {
    if (week < this.now) {
      this.state.fill(0);
      this.now = -1;
    }
    const { row, to } = this.changes;
    for (let i = this.changeStarts[this.now + 1]; i < this.changeStarts[week + 1]; i += 1) this.state[row[i]] = to[i];
    this.now = week;
  }

  /** The touches of the weeks first to last, as places in the columns. */
  span(first, last) {
    return [this.starts[Math.max(0, first)], this.starts[last + 1]];
  }

  /** What stands at the end of a week, counted as the table on the server counts it. */
  count(week, look = -1) {
    this.at(week);
    const services = 11, families = Array.from({ length: services }, () => new Set());
    const arrived = new Array(services).fill(0), back = new Array(services).fill(0);
    const unhelped = new Array(services).fill(0), passed = new Array(services).fill(0);
    const [start, end] = this.span(week - MONTH + 1, week);
    for (let i = start; i < end; i += 1) {
      const service = this.service[i], marks = this.marks[i];
      families[service].add(this.row[i]);
      if (marks & ARRIVED) (marks & BACK ? back : arrived)[service] += 1;
      if (marks & UNHELPED) unhelped[service] += 1;
      if (this.by[i] !== NOBODY) passed[this.by[i]] += 1;
    }
    const bands = [0, 0, 0];
    let waiting = 0;
    for (const state of this.state) {
      bands[state & 3] += 1;
      if (state >> 2 === WAITS) waiting += 1;
    }
    const shown = look < 0 ? [...families.keys()] : [look];
    const rows = shown.map((s) => [families[s].size, arrived[s], back[s], unhelped[s], passed[s]]);
    const sum = (place) => rows.reduce((total, row) => total + row[place], 0);
    return { rows, new: sum(1), back: sum(2), bands, waiting, several: this.several(week), seen: this.seen(week, look).size };
  }

  /** The services that one home has met in the year up to a week. */
  met(row, week) {
    const found = new Set(), [start, end] = this.span(week - YEAR + 1, week);
    for (let i = start; i < end; i += 1) if (this.row[i] === row) found.add(this.service[i]);
    return [...found].sort((one, other) => one - other);
  }

  several(week) {
    const met = new Map();
    const [start, end] = this.span(week - YEAR + 1, week);
    for (let i = start; i < end; i += 1) met.set(this.row[i], (met.get(this.row[i]) || 0) | (1 << this.service[i]));
    let found = 0;
    for (const bits of met.values()) if (ones(bits) >= 3) found += 1;
    return found;
  }

  /** The homes that a service, or any, has met so far. */
  seen(week, look) {
    const found = new Set(), end = this.starts[week + 1];
    for (let i = 0; i < end; i += 1) if (look < 0 || this.service[i] === look) found.add(this.row[i]);
    return found;
  }

  /** How often work from each home had come back in the last year. */
  backs(week, look) {
    const found = new Map();
    const [start, end] = this.span(week - YEAR + 1, week);
    for (let i = start; i < end; i += 1) {
      if (this.marks[i] & BACK && (look < 0 || this.service[i] === look)) found.set(this.row[i], (found.get(this.row[i]) || 0) + 1);
    }
    return found;
  }

  passes(week) {
    const found = new Map();
    const [start, end] = this.span(week - YEAR + 1, week);
    for (let i = start; i < end; i += 1) {
      if (this.by[i] === NOBODY || this.by[i] === this.service[i]) continue;
      const pair = this.by[i] * 16 + this.service[i];
      found.set(pair, (found.get(pair) || 0) + 1);
    }
    return found;
  }
}

function firsts(weeks, n) {
  const found = new Uint32Array(n + 2);
  for (const week of weeks) found[week + 1] += 1;
  for (let week = 1; week <= n; week += 1) found[week] += found[week - 1];
  found[n + 1] = found[n];
  return found;
}

function ones(bits) {
  let n = 0;
  for (let left = bits; left; left &= left - 1) n += 1;
  return n;
}
