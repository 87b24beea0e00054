// Snapshots, and what restores of them did and do.
import { html, nothing } from './lit-html.js';
import { call, get, may, MANAGER, OWN, post, saveFile, segment, withQuery } from './api.js';
import { absent, ask, beyond, bytes, duration, facts, failure, mark, pager, relative, table, time } from './parts.js';
import { t } from './strings.js';

const n = t.snapshots;
const r = t.restores;
const SIZE = 20;
const RESTORES = 10;
const KINDS = { creating: 'busy', created: 'good', uploaded: 'good', failed: 'bad' };
const RESTORE_KINDS = { requested: 'wait', staging: 'busy', verifying: 'busy', swapping: 'busy', completed: 'good', failed: 'bad' };

export const status = (name) => mark(KINDS[name] ?? 'wait', name);
const restoreStatus = (restore) => mark(RESTORE_KINDS[restore.status] ?? 'wait', restore.status);
export const hrefOf = (id) => `/ui/snapshots/${segment(id)}`;
const restoreHref = (id) => `/ui/restores/${segment(id)}`;
const own = (id) => `${OWN}/snapshots/${segment(id)}`;
const ended = (restore) => ['completed', 'failed'].includes(restore.status);

// What a finished snapshot is does not change.
const finished = new Map();

async function details(snapshot, signal) {
  const key = `${snapshot.tenant_name}/${snapshot.id}/${snapshot.created_at}/${snapshot.status}`;
  if (finished.has(key)) return finished.get(key);
  const known = await get(own(snapshot.id), { signal });
  if (known.status !== 'creating') finished.set(key, known);
  return known;
}

function progress({ progress: p }) {
  const known = p.estimated_bytes > 0 && p.bytes <= p.estimated_bytes;
  return html`<progress max=${known ? p.estimated_bytes : 1} value=${known ? p.bytes : nothing} aria-label=${n.progress}></progress>
    <span class="quiet">${p.phase ?? ''} ${n.soFar(bytes(p.bytes), p.rows)}</span>`;
}

export const list = {
  title: () => n.title,
  every: 5000,
  async load({ query, signal }) {
    const offset = Number(query.get('offset') ?? 0);
    const [{ items, metadata }, restores] = await Promise.all([
      get(withQuery(`${MANAGER}/snapshots`, { _sort: '-created_at', _size: SIZE, _offset: offset }), { signal }),
      may('snapshot_restore') ? get(withQuery(`${OWN}/restores`, { _size: RESTORES }), { signal }) : { items: [] },
    ]);
    return {
      items: await Promise.all(items.map((snapshot) => details(snapshot, signal))),
      restores: restores.items, page: { ...metadata.pagination, offset, size: SIZE },
    };
  },
  view({ items, restores, page }, context) {
    const { columns, restoreColumns } = n;
    return html`<div class="actions">
      ${may('snapshot_create') ? html`<button class="primary" @click=${() => create(context)}>${n.create}</button>` : nothing}
      ${may('snapshot_upload') ? html`<button @click=${() => upload(context)}>${n.upload}</button>` : nothing}</div>
    ${items.length === 0 ? beyond(page) ? nothing : html`<div class="empty"><p>${n.empty}</p></div>`
    : table(n.title, [columns.id, columns.status, columns.created, columns.size, columns.took, columns.by], items.map((snapshot) => [
      html`<a href=${hrefOf(snapshot.id)}>${snapshot.id}</a>`,
      html`${status(snapshot.status)}${snapshot.status === 'creating' ? html`<div>${progress(snapshot)}</div>` : nothing}${
        snapshot.error ? html`<div class="quiet">${snapshot.error}</div>` : nothing}`,
      time(snapshot.created_at, { ago: true }),
      snapshot.size_bytes === null ? nothing : bytes(snapshot.size_bytes),
      snapshot.duration_seconds ? duration(snapshot.duration_seconds * 1000) : nothing,
      snapshot.created_by,
    ]))}
    ${pager(page, (offset) => withQuery('/ui/snapshots', { offset: offset || '' }))}
    ${restores.length === 0 ? nothing : html`<section aria-labelledby="restores"><h2 id="restores">${n.restores}</h2>${
      table(n.restores, [restoreColumns.snapshot, restoreColumns.status, restoreColumns.requested, restoreColumns.by, restoreColumns.undo],
        restores.map((restore) => [
          html`<a href=${restoreHref(restore.id)}>${restore.snapshot_id}</a>${restore.dry_run ? html` <span class="quiet">${r.plan}</span>` : nothing}`,
          html`${restoreStatus(restore)}${restore.error ? html`<div class="quiet">${restore.error}</div>` : nothing}`,
          time(restore.requested_at, { ago: true }), restore.requested_by, r.undoStates[restore.undo] ?? restore.undo,
        ]))}</section>`}`;
  },
};

/** A name that sorts by time, for whoever has none in mind. */
const suggested = () => `manual-${new Date().toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-')}`;

const check = (name, words) => html`<label class="check"><input type="checkbox" name=${name} checked>${words}</label>`;

async function create({ go, notify }) {
  const asked = await ask({
    title: n.createTitle, text: n.createText, verb: n.createVerb,
    fields: html`<label>${n.id}<input name="id" required value=${suggested()} autocomplete="off"></label>
      ${check('include_credentials', n.credentials)}${check('include_logs', n.logs)}${check('include_events', n.events)}`,
    async action({ id, ...chosen }) {
      await call('PUT', `${MANAGER}/snapshots/${segment(id)}`, {
        body: Object.fromEntries(['include_credentials', 'include_logs', 'include_events'].map((name) => [name, name in chosen])),
      });
      return { id };
    },
  });
  if (asked) {
    notify(n.createdNotice(asked.id));
    go(hrefOf(asked.id));
  }
}

async function upload({ go, notify }) {
  const asked = await ask({
    title: n.uploadTitle, text: n.uploadText, verb: n.uploadVerb,
    fields: html`<label>${n.file}<input name="file" type="file" accept=".zip" required></label>
      <label>${n.id}<input name="id" required autocomplete="off"></label>`,
    async action({ id, file }) {
      await call('PUT', `${MANAGER}/snapshots/${segment(id)}/archive`, { body: file });
      return { id };
    },
  });
  if (asked) {
    notify(n.uploadedNotice(asked.id));
    go(hrefOf(asked.id));
  }
}

export const detail = {
  title: ({ params }) => params.id,
  every: 3000,
  load: ({ params: { id }, signal }) => get(own(id), { signal }),
  view(snapshot, context) {
    const f = n.facts;
    const contents = Object.entries(snapshot.contents ?? {});
    const { options } = snapshot;
    const without = [
      options.include_credentials ? '' : n.credentials, options.include_logs ? '' : n.logs, options.include_events ? '' : n.events,
    ].filter(Boolean);
    return html`<p class="state">${status(snapshot.status)} ${snapshot.status === 'creating' ? progress(snapshot) : nothing}${
      snapshot.error ? html`<span>${snapshot.error}</span>` : nothing}</p>
      ${actions(snapshot, context)}
      <section aria-labelledby="about"><h2 id="about">${n.about}</h2>${facts([
    [f.created, html`${time(snapshot.created_at, { precise: true })} <span class="quiet">${snapshot.created_by}</span>`],
    [f.took, snapshot.duration_seconds ? duration(snapshot.duration_seconds * 1000) : undefined],
    [f.size, snapshot.size_bytes === null ? undefined : bytes(snapshot.size_bytes)],
    [f.layout, snapshot.layout ?? undefined],
    [f.without, without.length ? without.join(', ') : undefined],
    [f.execution, snapshot.execution_id && may('execution_get') ? html`<a href="/ui/executions/${segment(snapshot.execution_id)}"><code>${
      snapshot.execution_id.slice(0, 8)}</code></a>` : undefined],
    [f.sha256, snapshot.sha256 ? html`<code>${snapshot.sha256}</code>` : undefined],
  ])}</section>
      ${contents.length ? html`<section aria-labelledby="contents"><h2 id="contents">${n.contents}</h2>${
    table(n.contents, [n.contentsColumns.name, n.contentsColumns.count], contents)}</section>` : nothing}`;
  },
};

function actions(snapshot, { go, notify }) {
  const whole = ['created', 'uploaded'].includes(snapshot.status);
  const download = async () => {
    notify(n.downloading);
    await saveFile(`${MANAGER}/snapshots/${segment(snapshot.id)}/archive`, `${snapshot.id}.zip`);
    notify(n.downloaded);
  };
  const remove = async () => {
    const removed = await ask({
      title: n.removeTitle(snapshot.id), text: n.removeText, verb: n.removeVerb, danger: true,
      action: () => call('DELETE', `${MANAGER}/snapshots/${segment(snapshot.id)}`),
    });
    if (removed) {
      notify(n.removedNotice(snapshot.id));
      go('/ui/snapshots');
    }
  };
  return html`<div class="actions">
    ${whole && may('snapshot_restore') ? html`<a class="button" href="${hrefOf(snapshot.id)}/restore">${n.restore}</a>` : nothing}
    ${whole && may('snapshot_download') ? html`<button @click=${() => ask({ title: n.downloadTitle(snapshot.id), text: n.downloadText(bytes(snapshot.size_bytes)), verb: n.downloadVerb, action: download })}>${n.download}</button>` : nothing}
    ${snapshot.status !== 'creating' && may('snapshot_delete') ? html`<button class="danger" @click=${remove}>${n.remove}</button>` : nothing}</div>`;
}

/** The plan is made when it is asked for: it is a whole restore but for its last step. */
export const restore = {
  title: ({ params }) => r.of(params.id),
  every: Infinity,
  async load({ params: { id }, signal, data }) {
    return data ?? { snapshot: await get(own(id), { signal }), options: { force: false, accept_clock_skew: false }, plan: null, planning: false, error: null };
  },
  view(data, context) {
    const { snapshot, options, plan, planning, error } = data;
    const makePlan = async () => {
      Object.assign(data, { planning: true, error: null });
      context.draw();
      try {
        data.plan = await post(`${OWN}/restores/plan`, { snapshot_id: snapshot.id, ...options });
      } catch (refused) {
        data.error = refused;
      }
      data.planning = false;
      context.draw();
    };
    const option = (name, words) => html`<label class="check"><input type="checkbox" .checked=${options[name]} ?disabled=${planning}
      @change=${(event) => {
        options[name] = event.target.checked;
        data.plan = null;
        context.draw();
      }}>${words}</label>`;
    return html`<p>${r.intro(snapshot.id)} ${time(snapshot.created_at, { ago: true })}</p>
      ${option('force', r.force)}${option('accept_clock_skew', r.clockSkew)}
      <div class="actions"><button class=${plan ? '' : 'primary'} ?disabled=${planning} @click=${makePlan}>${plan ? r.planAgain : r.makePlan}</button></div>
      ${planning ? html`<p role="status">${mark('busy', r.planning)}</p><progress aria-label=${r.planning}></progress>` : nothing}
      ${error ? failure(error) : nothing}
      ${plan ? planned(plan, options, snapshot, context) : nothing}`;
  },
};

function planned(plan, options, snapshot, { go }) {
  const begin = async () => {
    const begun = await ask({
      title: r.of(snapshot.id), text: r.confirmText, verb: r.restoreVerb, danger: true, word: snapshot.id, wordLabel: r.typeName(snapshot.id),
      action: () => post(`${MANAGER}/snapshots/${segment(snapshot.id)}/restore`, options),
    });
    if (begun) go(restoreHref(begun.id));
  };
  return html`<section aria-labelledby="plan"><h2 id="plan">${r.planTitle}</h2>
    <p class="state">${plan.possible ? mark('good', r.possible) : mark('bad', r.impossible)}</p>
    ${plan.refusals.map((refusal) => failure({ message: refusal.message, hint: refusal.hint, code: refusal.error_code }))}
    ${plan.possible ? html`<div class="actions"><button class="danger" @click=${begin}>${r.restore}</button></div>` : nothing}
    ${plan.replaces.length ? html`<h2>${r.replaces}</h2><ul>${plan.replaces.map((one) => html`<li>${one}</li>`)}</ul>` : nothing}</section>
    ${outcomes(plan.restore)}`;
}

/** What a restore, or its plan, found and decided. */
function outcomes(restore) {
  const rows = Object.entries(restore.counts?.rows ?? {});
  const fates = Object.entries(restore.counts?.executions ?? {}).filter(([, count]) => count > 0);
  const { decisionColumns: columns } = r;
  return html`
    ${restore.warnings?.length ? html`<section aria-labelledby="warnings"><h2 id="warnings">${r.warnings}</h2>
      <div class="warning">${restore.warnings.map((warning) => html`<p>${mark('warn', '')} ${warning}</p>`)}</div></section>` : nothing}
    <section aria-labelledby="fates"><h2 id="fates">${r.executions}</h2>
      ${fates.length ? facts(fates.map(([fate, count]) => [fate, count])) : html`<p class="quiet">${r.noExecutions}</p>`}
      ${restore.decisions?.length ? table(r.executions, [columns.workflow, columns.was, columns.fate, columns.scheduledFor, columns.text],
    restore.decisions.map((decision) => [
      html`${decision.workflow_id} <span class="quiet"><code>${decision.execution_id.slice(0, 8)}</code> ${decision.tenant_name}</span>`,
      decision.status_in_snapshot, html`<code>${decision.fate}</code>`,
      decision.scheduled_for ? time(decision.scheduled_for, { precise: true }) : absent(), decision.text ?? nothing,
    ])) : nothing}</section>
    ${rows.length ? html`<section aria-labelledby="rows"><h2 id="rows">${r.rows}</h2>${table(r.rows, [r.rowsColumns.table, r.rowsColumns.count], rows)}</section>` : nothing}`;
}

export const restored = {
  title: ({ data, params }) => (data ? (data.dry_run ? r.planOf : r.of)(data.snapshot_id) : params.id),
  every: 1500,
  load: ({ params: { id }, signal }) => get(`${OWN}/restores/${segment(id)}`, { signal }),
  view(one, context) {
    const f = r.facts;
    return html`<p class="state">${restoreStatus(one)} ${ended(one) ? nothing : html`<progress max="1" value=${one.progress ?? nothing}
      aria-label=${r.progress}></progress> <span class="quiet" aria-live="polite">${one.phase ?? ''} ${r.soFar(bytes(one.bytes_done), one.rows_done)}</span>`}</p>
      ${ended(one) ? nothing : html`<p class="quiet">${r.loginAfter}</p>`}
      ${one.error ? failure({ message: one.error, hint: one.hint, code: one.error_code }) : nothing}
      ${undoActions(one, context)}
      <section aria-labelledby="about"><h2 id="about">${r.about}</h2>${facts([
    [f.snapshot, html`<a href=${hrefOf(one.snapshot_id)}>${one.snapshot_id}</a>`],
    [f.requested, html`${time(one.requested_at, { precise: true })} <span class="quiet">${one.requested_by}</span>`],
    [f.took, one.started_at && one.ended_at ? duration(Date.parse(one.ended_at) - Date.parse(one.started_at)) : undefined],
    [f.phase, one.phase ?? undefined],
    [f.t0, one.t0 ? time(one.t0, { precise: true }) : undefined],
    [f.product, one.source?.product ? `${one.source.product} ${one.source.version}` : undefined],
    [f.undo, r.undoStates[one.undo] ?? one.undo],
    [f.id, html`<code>${one.id}</code>`],
  ])}</section>
      ${ended(one) ? outcomes(one) : nothing}`;
  },
};

function undoActions(one, { reload, notify }) {
  if (one.undo !== 'available' || !may('snapshot_restore')) return nothing;
  const decide = (action, question) => async () => {
    if (await ask({ ...question, danger: true, action: () => post(`${OWN}/restores/${segment(one.id)}/${action}`) })) {
      notify(question.notice);
      await reload();
    }
  };
  return html`<div class="actions">
    <button class="danger" @click=${decide('undo', { ...r.undoQuestion, word: one.snapshot_id, wordLabel: r.typeName(one.snapshot_id) })}>${r.undo}</button>
    <button @click=${decide('discard', r.discardQuestion)}>${r.discard}</button></div>`;
}

/** The latest snapshot that can be restored, for the first page. */
export async function latest(signal) {
  const { items } = await get(withQuery(`${MANAGER}/snapshots`, { _sort: '-created_at', _size: SIZE }), { signal });
  return { last: items.find((one) => one.status === 'created'), failed: items[0]?.status === 'failed' ? items[0] : null };
}

export const lastSnapshot = (snapshot) => html`<a href=${hrefOf(snapshot.id)}>${snapshot.id}</a> <span class="quiet">${relative(snapshot.created_at)}</span>`;
