// Executions: what runs, waits and ended, and how each came to it.
import { html, nothing } from './lit-html.js';
import { get, may, MANAGER, OWN, post, segment, withQuery } from './api.js';
import { absent, ask, beyond, duration, facts, mark, pager, table, time } from './parts.js';
import { t } from './strings.js';

const x = t.executions;
const SIZE = 25;
const EVENTS = 50;
const CANCEL = 'execution_cancel';
const KINDS = {
  scheduled: 'wait', queued: 'wait', pending: 'busy', started: 'busy', cancelling: 'busy', force_cancelling: 'busy',
  kill_cancelling: 'busy', terminated: 'good', failed: 'bad', cancelled: 'off',
};
const STATUSES = Object.keys(KINDS);
const ENDED = ['terminated', 'failed', 'cancelled'];

export const status = (name) => mark(KINDS[name] ?? 'wait', name);
export const hrefOf = (id) => `/ui/executions/${segment(id)}`;

const schedule = (execution) => (execution.schedule_id
  ? html`<a href="/ui/schedules/${segment(execution.deployment_id)}/${segment(execution.schedule_id)}">${execution.schedule_id}</a>`
  : absent());

const took = (execution) => (execution.started_at && execution.ended_at
  ? duration(Date.parse(execution.ended_at) - Date.parse(execution.started_at)) : nothing);

export const list = {
  title: () => x.title,
  every: 5000,
  async load({ query, signal }) {
    const offset = Number(query.get('offset') ?? 0);
    const { items, metadata } = await get(withQuery(`${OWN}/executions`, {
      _include: 'id,workflow_id,deployment_id,status,error,created_at,scheduled_for,started_at,ended_at,created_by,schedule_id,reason_code',
      _include_system_workflows: true, _sort: '-created_at', _size: SIZE, _offset: offset, status: query.get('status'),
      deployment_id: query.get('deployment'),
    }), { signal });
    return { items, page: { ...metadata.pagination, offset, size: SIZE } };
  },
  view({ items, page }, { query, go }) {
    const wanted = query.get('status') ?? '';
    const deployment = query.get('deployment') ?? '';
    const at = (changed) => withQuery('/ui/executions', { status: wanted, deployment, ...changed });
    const { columns } = x;
    return html`<form class="filter" role="search" @submit=${(event) => {
      event.preventDefault();
      go(at({ deployment: new FormData(event.target).get('deployment') }));
    }}><label>${columns.status}<select @change=${(event) => go(at({ status: event.target.value }))}>
        <option value="" .selected=${!wanted}>${t.table.all}</option>
        ${STATUSES.map((name) => html`<option .selected=${name === wanted}>${name}</option>`)}</select></label>
      <label>${columns.deployment}<input name="deployment" type="search" .value=${deployment}></label><button>${t.table.apply}</button></form>
    ${items.length === 0 ? beyond(page) ? nothing : html`<div class="empty"><p>${wanted || deployment ? x.noMatch : x.empty}</p></div>`
    : table(x.title, [columns.workflow, columns.status, columns.deployment, columns.when, columns.took, columns.schedule, columns.by],
      items.map((execution) => [
        html`<a href=${hrefOf(execution.id)}>${execution.workflow_id}</a><div class="quiet"><code>${execution.id.slice(0, 8)}</code></div>`,
        html`${status(execution.status)}${reason(execution)}`,
        execution.deployment_id || absent(),
        time(ENDED.includes(execution.status) ? execution.ended_at : execution.started_at ?? execution.scheduled_for ?? execution.created_at, { precise: true }),
        took(execution), schedule(execution), execution.created_by,
      ]))}
    ${pager(page, (offset) => at({ offset: offset || '' }))}`;
  },
};

const reason = (execution) => [
  execution.error ? html`<div class="quiet">${execution.error}</div>` : nothing,
  execution.reason_code ? html`<div class="quiet"><code>${execution.reason_code}</code></div>` : nothing,
];

export const detail = {
  title: ({ params, data }) => (data ? `${data.execution.workflow_id} ${params.id.slice(0, 8)}` : params.id.slice(0, 8)),
  every: 5000,
  /** What is written about it while it runs. */
  live: ({ params, data }) => (data && !ENDED.includes(data.execution.status)
    ? withQuery(`${OWN}/events/stream`, { execution_id: params.id }) : null),
  async load({ params: { id }, query, signal }) {
    const offset = Number(query.get('offset') ?? 0);
    const [execution, history, events] = await Promise.all([
      get(`${OWN}/executions/${segment(id)}`, { signal }),
      get(withQuery(`${OWN}/executions/${segment(id)}/history`, { _size: 100 }), { signal }),
      may('event_list') ? get(withQuery(`${MANAGER}/events`, {
        execution_id: id, _sort: 'timestamp', _size: EVENTS, _offset: offset,
      }), { signal }) : null,
    ]);
    return {
      execution, history: history.items, events: events?.items ?? [],
      page: { ...(events?.metadata.pagination ?? { total: 0 }), offset, size: EVENTS },
    };
  },
  view({ execution, history, events, page }, context) {
    return html`<p class="state">${status(execution.status)}${execution.error ? html` <span>${execution.error}</span>` : nothing}</p>
      ${actions(execution, context)}
      <section aria-labelledby="about"><h2 id="about">${x.about}</h2>${about(execution)}</section>
      <section aria-labelledby="history"><h2 id="history">${x.history}</h2>${changes(history)}</section>
      <section aria-labelledby="events"><h2 id="events">${x.events}</h2>${beyond(page) ? nothing : journal(events)}
        ${pager(page, (offset) => withQuery(hrefOf(execution.id), { offset: offset || '' }))}</section>`;
  },
};

function about(execution) {
  const f = x.facts;
  return facts([
    [f.id, html`<code>${execution.id}</code>`],
    [f.deployment, execution.deployment_id || undefined],
    [f.schedule, execution.schedule_id ? schedule(execution) : undefined],
    [f.occurrence, execution.occurrence_at ? time(execution.occurrence_at, { precise: true }) : undefined],
    [f.created, html`${time(execution.created_at, { precise: true })} <span class="quiet">${execution.created_by}</span>`],
    [f.scheduledFor, execution.scheduled_for ? time(execution.scheduled_for, { precise: true, ago: true }) : undefined],
    [f.started, execution.started_at ? time(execution.started_at, { precise: true }) : undefined],
    [f.ended, execution.ended_at ? time(execution.ended_at, { precise: true }) : undefined],
    [f.reason, execution.reason_code ? html`<code>${execution.reason_code}</code>` : undefined],
    [f.priority, execution.priority],
    [f.key, execution.concurrency_key ?? undefined],
    [f.attempt, execution.dispatch_attempt || undefined],
    [f.operations, execution.total_operations ? x.operations(execution.finished_operations, execution.total_operations) : undefined],
    [f.parameters, Object.keys(execution.parameters ?? {}).length
      ? html`<code>${JSON.stringify(execution.parameters)}</code>` : undefined],
  ]);
}

function changes(history) {
  if (history.length === 0) return html`<p class="quiet">${x.noHistory}</p>`;
  const { historyColumns: columns } = x;
  return table(x.history, [columns.at, columns.change, columns.by, columns.reason], history.map((change) => [
    time(change.at, { precise: true }),
    html`${change.from ? html`<span class="quiet">${change.from} →</span> ` : nothing}${status(change.to)}`,
    change.changed_by, change.reason_code ? html`<code>${change.reason_code}</code>` : nothing,
  ]));
}

function journal(events) {
  if (events.length === 0) return html`<p class="quiet">${x.noEvents}</p>`;
  const { eventColumns: columns } = x;
  return table(x.events, [columns.at, columns.kind, columns.message], events.map((event) => [
    time(event.timestamp, { precise: true }),
    html`<code>${event.type === 'cloudify_log' ? event.level : event.event_type}</code>`,
    html`${event.message}${event.node_instance_id ? html` <span class="quiet">${event.node_instance_id} ${event.operation}</span>` : nothing}`,
  ]));
}

function actions(execution, { reload, notify }) {
  if (ENDED.includes(execution.status)) return nothing;
  if (!may(CANCEL)) return html`<p class="quiet">${t.errors.notAllowed(CANCEL)}</p>`;
  const cancel = async () => {
    const asked = await ask({
      title: x.cancelTitle(execution.workflow_id), text: x.cancelText, verb: x.cancelVerb, danger: true,
      fields: html`<label>${x.cancelHow}<select name="action">${Object.entries(x.cancelWays).map(([action, words]) =>
        html`<option value=${action}>${words}</option>`)}</select></label>`,
      action: ({ action }) => post(`${MANAGER}/executions/${segment(execution.id)}`, { deployment_id: execution.deployment_id, action }),
    });
    if (asked) {
      notify(x.cancelNotice(asked.status));
      await reload();
    }
  };
  return html`<div class="actions"><button class="danger" @click=${cancel}>${x.cancel}</button></div>`;
}
