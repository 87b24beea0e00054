// What keeps a manager in order: maintenance mode, the audit log, log bundles.
import { html, nothing } from './lit-html.js';
import { call, get, may, MANAGER, saveFile, segment, withQuery } from './api.js';
import { absent, ask, beyond, facts, mark, pager, table, time } from './parts.js';
import { hrefOf as executionHref, status as executionStatus } from './executions.js';
import { t } from './strings.js';

const m = t.maintenance;
const a = t.audit;
const b = t.bundles;
const SIZE = 50;
const BUNDLES = 20;
const BUNDLE_KINDS = { creating: 'busy', created: 'good', uploaded: 'good', failed: 'bad' };
const MAINTENANCE_KINDS = { deactivated: 'good', activating: 'busy', activated: 'warn' };

export const maintenance = {
  title: () => m.title,
  every: 3000,
  load: ({ signal }) => get(`${MANAGER}/maintenance`, { signal }),
  view(state, context) {
    const remaining = state.remaining_executions ?? [];
    const { columns } = m;
    return html`<p class="state">${mark(MAINTENANCE_KINDS[state.status] ?? 'wait', m.states[state.status] ?? state.status)}</p>
      <p>${m.meanings[state.status] ?? nothing}</p>
      ${maintenanceActions(state, context)}
      ${state.status === 'deactivated' ? nothing : html`<section aria-labelledby="about"><h2 id="about">${m.about}</h2>${facts([
        [m.facts.by, state.requested_by || undefined],
        [m.facts.requested, state.activation_requested_at ? time(state.activation_requested_at, { precise: true, ago: true }) : undefined],
        [m.facts.activated, state.activated_at ? time(state.activated_at, { precise: true, ago: true }) : undefined],
        [m.facts.reason, state.reason || undefined],
      ])}</section>`}
      ${state.status === 'activating' ? html`<section aria-labelledby="remaining"><h2 id="remaining">${m.waitsFor}</h2>${
        remaining.length === 0 ? html`<p class="quiet">${m.waitsForNothing}</p>`
    : table(m.waitsFor, [columns.execution, columns.status, columns.deployment], remaining.map((execution) => [
      html`<a href=${executionHref(execution.id)}>${execution.workflow_id}</a><div class="quiet"><code>${execution.id.slice(0, 8)}</code></div>`,
      executionStatus(execution.status), execution.deployment_id || absent(),
    ]))}</section>` : nothing}`;
  },
};

function maintenanceActions({ status }, { notify, reload }) {
  const permission = 'maintenance_mode_set';
  if (!may(permission)) return html`<p class="quiet">${t.errors.notAllowed(permission)}</p>`;
  const to = (action, question, danger) => async () => {
    const done = await ask({
      ...question, danger,
      async action() {
        try {
          await call('POST', `${MANAGER}/maintenance/${action}`);
        } catch (error) {
          if (error.status !== 304) throw error; // somebody else was quicker: it is as it was asked to be
        }
      },
    });
    if (done) {
      notify(question.notice);
      await reload();
    }
  };
  return html`<div class="actions">${status === 'deactivated'
    ? html`<button class="danger" @click=${to('activate', m.activateQuestion, true)}>${m.activate}</button>`
    : html`<button class="primary" @click=${to('deactivate', m.deactivateQuestion, false)}>${m.deactivate}</button>`}</div>`;
}

/** What an entry was answered with: not known until it was, or after a crash. */
function answered(status) {
  if (!status) return html`<span class="quiet">${a.notKnown}</span>`;
  return mark(status < 400 ? 'good' : 'bad', status);
}

/** What tells people which one it is, as far as the request named it. */
function thing({ ref_identifier: named, ref_id: id }) {
  return named?.id ?? named?.username ?? named?.name ?? id ?? nothing;
}

/** What the field of a time says, in UTC; it is in the reader's zone. */
const utc = (local) => (local ? new Date(local).toISOString() : '');

export const audit = {
  title: () => a.title,
  every: 10000,
  async load({ query, signal }) {
    const offset = Number(query.get('offset') ?? 0);
    const { items, metadata } = await get(withQuery(`${MANAGER}/audit`, {
      order_by: 'created_at', desc: true, size: SIZE, offset, creator_name: query.get('user'), since: utc(query.get('since')),
      execution_id: query.get('execution'),
    }), { signal });
    return { items, page: { ...metadata.pagination, offset, size: SIZE } };
  },
  view({ items, page }, { query, go }) {
    const filters = Object.fromEntries(['user', 'since', 'execution'].map((name) => [name, query.get(name) ?? '']));
    const at = (changed) => withQuery('/ui/audit', { ...filters, ...changed });
    const filtered = Object.values(filters).some(Boolean);
    const { columns } = a;
    return html`<form class="filter" role="search" @submit=${(event) => {
      event.preventDefault();
      go(at(Object.fromEntries(new FormData(event.target))));
    }}><label>${columns.who}<input name="user" type="search" .value=${filters.user}></label>
      <label>${a.since}<input name="since" type="datetime-local" .value=${filters.since}></label>
      <label>${a.execution}<input name="execution" type="search" .value=${filters.execution}></label><button>${t.table.apply}</button></form>
    ${items.length === 0 ? beyond(page) ? nothing : html`<div class="empty"><p>${filtered ? a.noMatch : a.empty}</p></div>`
    : table(a.title, [columns.when, columns.who, columns.what, columns.on, columns.answered, columns.from], items.map((entry) => [
      time(entry.created_at, { precise: true }),
      html`${entry.creator_name}${entry.execution_id ? html`<div class="quiet"><a href=${executionHref(entry.execution_id)}><code>${
        entry.execution_id.slice(0, 8)}</code></a></div>` : nothing}`,
      html`${entry.operation}<div class="quiet"><code>${entry.method ?? ''} ${entry.path ?? ''}</code></div>`,
      html`${entry.ref_table}<div>${thing(entry)}</div>${
        entry.tenant_name ? html`<div class="quiet">${entry.tenant_name}</div>` : nothing}`,
      answered(entry.status), entry.address ?? absent(),
    ]))}
    ${pager(page, (offset) => at({ offset: offset || '' }))}`;
  },
};

const bundle = (id) => `${MANAGER}/log-bundles/${segment(id)}`;
const suggested = () => `bundle-${new Date().toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-')}`;

export const bundles = {
  title: () => b.title,
  every: 3000,
  async load({ query, signal }) {
    const offset = Number(query.get('offset') ?? 0);
    const { items, metadata } = await get(withQuery(`${MANAGER}/log-bundles`, { _sort: '-created_at', _size: BUNDLES, _offset: offset }), { signal });
    return { items, page: { ...metadata.pagination, offset, size: BUNDLES } };
  },
  view({ items, page }, context) {
    const { columns } = b;
    return html`<p>${b.about}</p>
    <div class="actions">${may('log_bundle_create') ? html`<button class="primary" @click=${() => make(context)}>${b.create}</button>` : nothing}</div>
    ${items.length === 0 ? beyond(page) ? nothing : html`<div class="empty"><p>${b.empty}</p></div>`
    : table(b.title, [columns.id, columns.status, columns.created, columns.by, columns.actions], items.map((one) => [
      one.id,
      html`${mark(BUNDLE_KINDS[one.status] ?? 'wait', one.status)}${one.error ? html`<div class="quiet">${one.error}</div>` : nothing}`,
      time(one.created_at, { ago: true }), one.created_by, bundleActions(one, context),
    ]))}
    ${pager(page, (offset) => withQuery('/ui/log-bundles', { offset: offset || '' }))}`;
  },
};

async function make({ notify, reload }) {
  const asked = await ask({
    title: b.createTitle, text: b.createText, verb: b.createVerb,
    fields: html`<label>${b.id}<input name="id" required value=${suggested()} autocomplete="off"></label>`,
    async action({ id }) {
      await call('PUT', bundle(id), { body: {} });
      return { id };
    },
  });
  if (asked) {
    notify(b.createdNotice(asked.id));
    await reload();
  }
}

function bundleActions(one, { notify, reload }) {
  const download = async () => {
    await saveFile(`${bundle(one.id)}/archive`, `${one.id}.zip`);
    notify(b.downloaded);
  };
  const remove = async () => {
    const removed = await ask({
      title: b.removeTitle(one.id), text: b.removeText, verb: b.removeVerb, danger: true, action: () => call('DELETE', bundle(one.id)),
    });
    if (removed) {
      notify(b.removedNotice(one.id));
      await reload();
    }
  };
  const whole = ['created', 'uploaded'].includes(one.status);
  return html`<div class="buttons">${whole && may('log_bundle_download') ? html`<button aria-label=${b.downloadTitle(one.id)} @click=${() =>
    ask({ title: b.downloadTitle(one.id), text: b.downloadText, verb: b.downloadVerb, action: download })}>${b.download}</button>` : nothing}${
    one.status !== 'creating' && may('log_bundle_delete')
      ? html`<button class="danger" aria-label=${b.removeTitle(one.id)} @click=${remove}>${b.remove}</button>` : nothing}</div>`;
}
