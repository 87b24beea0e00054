// What all pages are made of.
import { html, svg, nothing, render } from './lit-html.js';
import { t } from './strings.js';

const SHAPES = {
  good: svg`<path d="M3.500 8.500l3 3 6-7"/>`,
  bad: svg`<path d="M4 4l8 8M12 4l-8 8"/>`,
  busy: svg`<path d="M5.500 3.500v9l7-4.500z"/>`,
  wait: svg`<circle cx="8" cy="8" r="5.500"/><path d="M8 5v3.200l2 1.300"/>`,
  warn: svg`<path d="M8 2.500l6 11H2zM8 7v3M8 11.800v.2"/>`,
  off: svg`<circle cx="8" cy="8" r="5.500"/><path d="M4.200 11.800l7.600-7.600"/>`,
  pause: svg`<path d="M5.500 3.500v9M10.500 3.500v9"/>`,
};

/** A state: shape, word and colour, so that none of them is needed alone. */
export const mark = (kind, word) => html`<span class="mark ${kind}"><svg viewBox="0 0 16 16" aria-hidden="true">${
  SHAPES[kind]}</svg>${word}</span>`;

const ABSOLUTE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const PRECISE = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const RELATIVE = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });
const UNITS = [['year', 31557600], ['month', 2629800], ['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

export function relative(iso) {
  const seconds = (Date.parse(iso) - Date.now()) / 1000;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS.at(-1);
  return RELATIVE.format(Math.round(seconds / length), unit);
}

/** In the reader's zone; UTC to whoever points at it. */
export const time = (iso, { precise = false, ago = false } = {}) => (iso
  ? html`<time datetime=${iso} title=${iso}>${(precise ? PRECISE : ABSOLUTE).format(new Date(iso))}</time>${
    ago ? html` <span class="quiet ago">${relative(iso)}</span>` : nothing}`
  : html`<span class="quiet">${t.table.none}</span>`);

export const absent = () => html`<span class="quiet">${t.table.none}</span>`;

export function duration(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

const POWERS = ['B', 'kB', 'MB', 'GB', 'TB'];

export function bytes(count) {
  const power = count < 1000 ? 0 : Math.min(POWERS.length - 1, Math.floor(Math.log10(count) / 3));
  return `${(count / 1000 ** power).toFixed(power && count / 1000 ** power < 100 ? 1 : 0)} ${POWERS[power]}`;
}

export const failure = (error) => html`<div class="failure" role="alert">${mark('bad', '')}<div>
  <p>${error.message}</p>${error.hint ? html`<p class="quiet">${error.hint}</p>` : nothing}${
  error.code ? html`<p class="quiet"><code>${error.code}</code></p>` : nothing}</div></div>`;

/**
 * A table of cells; each row is a list of what its columns show. The first column heads its row. On narrow screens a row is a block in
 * which each cell says its column; the roles are given because some browsers forget them there.
 */
export const table = (caption, columns, rows) => html`<div class="scroll"><table role="table">
  <caption class="unseen">${caption}</caption>
  <thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th scope="col" role="columnheader">${column}</th>`)}</tr></thead>
  <tbody role="rowgroup">${rows.map((cells) => html`<tr role="row">${cells.map((cell, index) => (index === 0
    ? html`<th scope="row" role="rowheader">${cell}</th>` : html`<td role="cell" data-column=${columns[index]}>${cell}</td>`))}</tr>`)}</tbody></table></div>`;

/** Names and values; those whose value is undefined are left out. */
export const facts = (pairs) => html`<dl class="facts">${pairs.filter(([, value]) => value !== undefined)
  .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

/** Whether a list has something, but all of it before this page: rows go away while people look at the last page, or keep its address. */
export const beyond = ({ total, offset }) => total > 0 && offset >= total;

/** @param hrefAt the address of the page that begins at an offset */
export function pager({ total, size, offset }, hrefAt) {
  if (total === 0 || (total <= size && offset === 0)) return nothing;
  if (beyond({ total, offset })) {
    return html`<nav class="pager" aria-label=${t.table.lastPage}><span>${t.table.beyond(total)}</span>
      <a class="button" href=${hrefAt(Math.floor((total - 1) / size) * size)}>${t.table.lastPage}</a></nav>`;
  }
  const last = Math.min(offset + size, total);
  return html`<nav class="pager" aria-label=${t.table.range(offset + 1, last, total)}>
    ${offset > 0 ? html`<a class="button" href=${hrefAt(Math.max(0, offset - size))}>${t.table.previous}</a>` : nothing}
    <span>${t.table.range(Math.min(offset + 1, total), last, total)}</span>
    ${last < total ? html`<a class="button" href=${hrefAt(offset + size)}>${t.table.next}</a>` : nothing}</nav>`;
}

/**
 * Asks before something is done, does it, and shows in the dialog why it could not be done.
 *
 * @param fields templates of what the form holds beside the buttons
 * @param word what has to be typed before the button can be used
 * @param action is given the form's values; what it answers is what is answered, null after "cancel"
 */
export function ask({ title, text, fields = nothing, verb, danger = false, word, wordLabel, action }) {
  return new Promise((resolve) => {
    const element = document.createElement('dialog');
    element.setAttribute('aria-labelledby', 'dialog-title');
    document.body.append(element);
    const state = { busy: false, error: null, typed: '' };
    let result = null;
    const draw = () => render(html`<form @submit=${submit}>
      <h2 id="dialog-title">${title}</h2>
      <div class="text">${text}</div>
      ${fields}
      ${word ? html`<label>${wordLabel}<input name="word" autocomplete="off" @input=${(event) => {
        state.typed = event.target.value;
        draw();
      }}></label>` : nothing}
      ${state.error ? failure(state.error) : nothing}
      <div class="buttons"><button type="button" @click=${() => element.close()}>${verb ? t.dialog.cancel : t.dialog.close}</button>
      ${verb ? html`<button class=${danger ? 'danger' : 'primary'} type="submit"
        ?disabled=${state.busy || (word && state.typed !== word)}>${verb}</button>` : nothing}</div></form>`, element);
    async function submit(event) {
      event.preventDefault();
      const values = Object.fromEntries(new FormData(event.target));
      state.busy = true;
      state.error = null;
      draw();
      try {
        result = (await action(values)) ?? {};
        element.close();
      } catch (error) {
        state.busy = false;
        state.error = error;
        draw();
      }
    }
    element.addEventListener('close', () => {
      element.remove();
      resolve(result);
    });
    draw();
    element.showModal();
  });
}
