// Instants: on the page, on paper, and in a field for a local time.

import { h } from "../../shared/dom.js";
import { clock, dayOfTime } from "../../shared/text.js";

/** An instant that programs can read. @param {string} instant */
export function instantText(instant) {
  return h("time.nowrap", { datetime: instant }, clock(instant));
}

/** A time with its day, as it is written on paper and in lists. @param {string} instant */
export function fullTime(instant) {
  const time = new Date(instant);
  return `${dayOfTime(time)} ${String(time.getHours()).padStart(2, "0")}:${String(time.getMinutes()).padStart(2, "0")}`;
}

/** An instant as a field of local time has it; nothing where it is none. @param {string} instant */
export function localMinute(instant) {
  const time = new Date(instant);
  return Number.isNaN(time.getTime()) ? "" : new Date(time.getTime() - time.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
