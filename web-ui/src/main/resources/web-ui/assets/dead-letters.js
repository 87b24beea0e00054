// Dead letters: messages that a service could not handle.
import { html, nothing } from './lit-html.js';
import { get, isAdministrator, OWN, post, segment, withQuery } from './api.js';
import { absent, ask, beyond, facts, mark, pager, table, time } from './parts.js';
import { t } from './strings.js';

const d = t.deadLetters;
const SIZE = 25;
const KINDS = { dead: 'bad', waiting: 'wait', discarded: 'off' };

const state = (name) => mark(KINDS[name] ?? 'wait', d.states[name] ?? name);
const hrefOf = (letter) => `/ui/dead-letters/${segment(letter.service)}/${segment(letter.id)}`;

export const list = {
  title: () => d.title,
  every: 10000,
  async load({ query, signal }) {
    const offset = Number(query.get('offset') ?? 0);
    const { items, metadata } = await get(withQuery(`${OWN}/dead-letters`, {
      state: query.get('state'), _size: SIZE, _offset: offset,
    }), { signal });
    return { items, unavailable: Object.keys(metadata.unavailable ?? {}), page: { ...metadata.pagination, offset, size: SIZE } };
  },
  view({ items, unavailable, page }, { query, go }) {
    const wanted = query.get('state') ?? '';
    const at = (changed) => withQuery('/ui/dead-letters', { state: wanted, ...changed });
    const { columns } = d;
    return html`<form class="filter"><label>${columns.state}<select @change=${(event) => go(at({ state: event.target.value }))}>
        <option value="" .selected=${!wanted}>${d.open}</option>
        ${Object.entries(d.states).map(([name, word]) => html`<option value=${name} .selected=${name === wanted}>${word}</option>`)}</select></label></form>
      ${unavailable.length ? html`<p class="warning">${mark('warn', d.unavailable(unavailable.join(', ')))}</p>` : nothing}
      ${items.length === 0 ? beyond(page) ? nothing : html`<div class="empty"><p>${d.empty}</p></div>`
    : table(d.title, [columns.type, columns.state, columns.queue, columns.reason, columns.attempts, columns.parked],
      items.map((letter) => [
        html`<a href=${hrefOf(letter)}>${letter.type ?? d.noType}</a><div class="quiet">${letter.service} ${letter.id}</div>`,
        state(letter.state), letter.consumer,
        html`<code>${letter.reason}</code><div class="quiet">${letter.error}</div>`,
        letter.attempts, time(letter.parked_at, { ago: true }),
      ]))}
      ${pager(page, (offset) => at({ offset: offset || '' }))}`;
  },
};

export const detail = {
  title: ({ params }) => d.one(params.service, params.id),
  every: 10000,
  load: ({ params: { service, id }, signal }) => get(`${OWN}/dead-letters/${segment(service)}/${segment(id)}`, { signal }),
  view(letter, context) {
    const f = d.facts;
    const body = letter.payload ?? letter.payload_base64 ?? '';
    return html`<p class="state">${state(letter.state)} <code>${letter.reason}</code> <span>${letter.error}</span></p>
      ${actions(letter, context)}
      <section aria-labelledby="about"><h2 id="about">${d.about}</h2>${facts([
    [f.type, letter.type ?? d.noType],
    [f.queue, letter.consumer],
    [f.message, html`<code>${letter.message_id}</code>`],
    [f.correlation, letter.correlation_id ? html`<code>${letter.correlation_id}</code>` : undefined],
    [f.attempts, letter.attempts],
    [f.parked, time(letter.parked_at, { precise: true })],
    [f.nextTry, letter.next_try ? time(letter.next_try, { precise: true, ago: true }) : undefined],
    [f.decided, letter.decided_by ? html`${letter.decided_by} <span class="quiet">${time(letter.decided_at)}</span>` : undefined],
    [f.bytes, letter.payload_cut ? d.cut(letter.payload_bytes) : letter.payload_bytes],
  ])}</section>
      <section aria-labelledby="body"><h2 id="body">${letter.payload_base64 ? d.bodyBase64 : d.body}</h2>${
  body ? html`<pre tabindex="0">${pretty(body)}</pre>` : html`<p>${absent()}</p>`}</section>`;
  },
};

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function actions(letter, { reload, notify }) {
  if (letter.state === 'discarded' || !isAdministrator()) return nothing;
  const decide = (action, question) => async () => {
    const decided = await ask({
      ...question, action: () => post(`${OWN}/dead-letters/${segment(letter.service)}/${segment(letter.id)}/${action}`),
    });
    if (decided) {
      notify(question.notice);
      await reload();
    }
  };
  return html`<div class="actions">
    <button class="primary" @click=${decide('replay', d.replayQuestion)}>${d.replay}</button>
    <button class="danger" @click=${decide('discard', { ...d.discardQuestion, danger: true })}>${d.discard}</button></div>`;
}
