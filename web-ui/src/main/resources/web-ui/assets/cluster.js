// The cluster: its nodes as the agents see them, and handing over.
import { html, nothing } from './lit-html.js';
import { get, isAdministrator, OWN, post } from './api.js';
import { absent, ask, bytes, facts, mark, table, time } from './parts.js';
import { t } from './strings.js';

const c = t.cluster;
const CLUSTER = `${OWN}/cluster`;
const HISTORY = 50;
const KINDS = { healthy: 'good', degraded: 'warn', paused: 'pause', no_active: 'bad', split_brain: 'bad' };
const NODE_KINDS = { running: 'good', streaming: 'good', voting: 'good', unreachable: 'bad' };

export const state = (name) => mark(KINDS[name] ?? 'warn', c.states[name] ?? name);

/** A manager on its own stays so until it is started anew; it is not asked every few seconds. */
const ASK_AGAIN = 5 * 60 * 1000;
let aloneSince = -Infinity;

/** Null where this manager is on its own. */
export async function read(signal) {
  if (Date.now() - aloneSince < ASK_AGAIN) return null;
  try {
    return await get(`${CLUSTER}/status`, { signal });
  } catch (error) {
    if (error.status !== 404) throw error;
    aloneSince = Date.now();
    return null;
  }
}

export const page = {
  title: ({ data }) => (data?.status ? `${c.title}: ${c.states[data.status.state] ?? data.status.state}` : c.title),
  every: 3000,
  async load({ signal }) {
    const status = await read(signal);
    if (!status) return { status };
    const [explained, history] = await Promise.all([get(`${CLUSTER}/explain`, { signal }), get(`${CLUSTER}/history`, { signal })]);
    return { status, explained, history };
  },
  view({ status, explained, history }, context) {
    if (!status) return html`<div class="empty"><p>${c.alone}</p><p><code>${c.aloneHow}</code></p></div>`;
    const f = c.facts;
    const { columns, historyColumns } = c;
    return html`<p class="state">${state(status.state)}</p>
      ${status.why?.length ? html`<ul>${status.why.map((reason) => html`<li>${reason}</li>`)}</ul>` : nothing}
      ${actions(status, context)}
      ${facts([
    [f.cluster, status.cluster], [f.active, status.active ?? absent()], [f.epoch, status.epoch],
    [f.quorum, html`${c.quorum(status.quorum.reachable, status.quorum.voters, status.quorum.needed)} ${
      status.quorum.healthy ? nothing : mark('bad', c.noQuorum)}`],
    [f.asked, status.asked],
  ])}
      <section aria-labelledby="nodes"><h2 id="nodes">${c.nodes}</h2>${table(c.nodes,
    [columns.node, columns.role, columns.state, columns.lag, columns.inSync, columns.timeline, columns.host],
    status.members.map((member) => [
      html`${member.id} <span class="quiet">${member.kind === 'WITNESS' ? c.witness : ''} ${member.voting ? '' : c.noVote}</span>`,
      member.role ?? absent(), html`${mark(NODE_KINDS[member.state] ?? 'warn', member.state)} ${member.heard === false ? mark('warn', c.notHeard) : nothing}`,
      member.lag_bytes === null ? nothing : bytes(member.lag_bytes), member.in_sync ? mark('good', c.inSync) : mark('off', c.notInSync),
      member.timeline ?? nothing, member.host ?? nothing,
    ]))}</section>
      <section aria-labelledby="why"><h2 id="why">${c.explain}</h2><div class="card">${
    explained.sentences.map((sentence) => html`<p>${sentence}</p>`)}<p class="quiet">${c.saidBy(explained.node)}</p></div></section>
      <section aria-labelledby="history"><h2 id="history">${c.history}</h2>${history.items.length === 0 ? html`<p class="quiet">${c.noHistory}</p>`
    : table(c.history, [historyColumns.at, historyColumns.epoch, historyColumns.what, historyColumns.detail],
      history.items.slice(-HISTORY).reverse().map((entry) => [time(entry.at, { precise: true }), entry.epoch, entry.what, entry.detail ?? nothing]))}</section>`;
  },
};

function actions(status, { reload, notify }) {
  if (!isAdministrator()) return nothing;
  const targets = status.members.filter((member) => member.id !== status.active && member.kind === 'DATA' && member.state === 'streaming');
  const switchover = async () => {
    const asked = await ask({
      title: c.switchTitle, text: c.switchText(status.active), verb: c.switchVerb, danger: true,
      fields: html`<label>${c.target}<select name="target"><option value="">${c.anyTarget}</option>${
        targets.map((member) => html`<option>${member.id}</option>`)}</select></label>`,
      action: ({ target }) => post(`${CLUSTER}/switchover`, target ? { target } : {}),
    });
    if (asked) {
      notify(c.switchedNotice);
      await reload();
    }
  };
  const pause = async () => {
    const question = status.paused ? c.resumeQuestion : c.pauseQuestion;
    if (await ask({ ...question, action: () => post(`${CLUSTER}/${status.paused ? 'resume' : 'pause'}`) })) {
      notify(question.notice);
      await reload();
    }
  };
  return html`<div class="actions">
    ${targets.length && status.active ? html`<button @click=${switchover}>${c.switch}</button>` : nothing}
    <button @click=${pause}>${status.paused ? c.resume : c.pause}</button></div>`;
}
