// The first page: whether something needs you, and how much there is.
import { html, nothing } from './lit-html.js';
import { get, isAdministrator, may, MANAGER, OWN, withQuery } from './api.js';
import * as cluster from './cluster.js';
import * as executions from './executions.js';
import { mark, relative, table, time } from './parts.js';
import * as snapshots from './snapshots.js';
import { t } from './strings.js';

const b = t.dashboard;
const DAY = 24 * 3600 * 1000;
/** A manager whose last snapshot is older has something to lose. */
const SNAPSHOT_DAYS = 2;

/** A dispatch takes a moment; what waits longer than this beyond its time is overdue. */
const LATE = 60 * 1000;
/** So many are looked at; a count of them all means that there may be more. */
const LOOKED_AT = 100;
const SHOWN = 5;

const when = (allowed, load) => (allowed ? load() : null);

async function firstExecutions(status, sort, fields, signal) {
  const { items } = await get(withQuery(`${OWN}/executions`, { status, _sort: sort, _size: LOOKED_AT, _include: fields }), { signal });
  return items;
}

async function lately(signal) {
  const failed = await firstExecutions('failed', '-ended_at', 'id,workflow_id,deployment_id,error,ended_at', signal);
  return failed.filter((execution) => Date.now() - Date.parse(execution.ended_at) < DAY);
}

async function overdueOnes(signal) {
  const scheduled = await firstExecutions('scheduled', 'scheduled_for', 'id,scheduled_for', signal);
  return scheduled.filter((execution) => Date.now() - Date.parse(execution.scheduled_for) > LATE);
}

const number = (items) => (items.length < LOOKED_AT ? `${items.length}` : b.orMore(items.length));

export const page = {
  title: () => b.title,
  every: 5000,
  async load({ signal }) {
    const seeExecutions = may('execution_get');
    const seeSchedules = may('execution_schedule_get');
    const [counts, failed, overdue, schedules, letters, snapshot, nodes, status] = await Promise.all([
      when(may('execution_list'), () => get(`${MANAGER}/summary/executions?_target_field=status`, { signal })),
      when(seeExecutions, () => lately(signal)),
      when(seeExecutions, () => overdueOnes(signal)),
      when(seeSchedules, () => get(withQuery(`${OWN}/schedules`, {
        _include: 'id,deployment_id,enabled,next_occurrence,pause_note', _sort: 'next_occurrence', _size: 100,
      }), { signal })),
      when(isAdministrator(), () => get(`${OWN}/dead-letters?state=dead&_size=1`, { signal })),
      when(may('snapshot_list'), () => snapshots.latest(signal)),
      when(isAdministrator(), () => cluster.read(signal)),
      when(may('cluster_status_get'), () => get(`${MANAGER}/cluster-status?summary=true`, { signal })),
    ]);
    return { counts, failed, overdue, schedules, letters, snapshot, nodes, status };
  },
  view(data) {
    return html`<div class="cards">${attention(data)}${health(data)}${counted(data)}${upcoming(data)}</div>${failures(data)}`;
  },
};

const card = (id, title, content) => html`<section class="card" aria-labelledby=${id}><h2 id=${id}>${title}</h2>${content}</section>`;
const line = (name, value) => html`<li><span>${name}</span><span>${value}</span></li>`;

function attention({ failed, overdue, schedules, letters, snapshot, nodes, status }) {
  const paused = schedules?.items.filter((schedule) => !schedule.enabled) ?? [];
  const old = snapshot?.last && Date.now() - Date.parse(snapshot.last.created_at) > SNAPSHOT_DAYS * DAY;
  const findings = [
    status && status.status !== 'OK' ? ['bad', b.unwell(status.status), null] : null,
    nodes && nodes.state !== 'healthy' ? ['warn', b.clusterIs(t.cluster.states[nodes.state] ?? nodes.state), '/ui/cluster'] : null,
    overdue?.length ? ['bad', b.overdue(overdue.length, number(overdue)), '/ui/executions?status=scheduled'] : null,
    failed?.length ? ['bad', b.failed(failed.length, number(failed)), '/ui/executions?status=failed'] : null,
    letters?.metadata.pagination.total ? ['bad', b.deadLetters(letters.metadata.pagination.total), '/ui/dead-letters?state=dead'] : null,
    snapshot && !snapshot.last ? ['warn', b.noSnapshot, '/ui/snapshots'] : null,
    old ? ['warn', b.oldSnapshot(relative(snapshot.last.created_at)), '/ui/snapshots'] : null,
    snapshot?.failed ? ['bad', b.snapshotFailed(snapshot.failed.id), snapshots.hrefOf(snapshot.failed.id)] : null,
    paused.length ? ['pause', b.paused(paused.length), '/ui/schedules'] : null,
  ].filter(Boolean);
  return card('attention', b.attention, findings.length === 0 ? html`<p>${mark('good', b.nothing)}</p>`
    : html`<ul>${findings.map(([kind, words, href]) => html`<li>${href ? html`<a href=${href}>${mark(kind, words)}</a>` : mark(kind, words)}</li>`)}</ul>`);
}

function health({ status, nodes, snapshot }) {
  return card('health', b.health, html`<ul>
    ${status ? line(b.services, status.status === 'OK' ? mark('good', status.status) : mark('bad', status.status)) : nothing}
    ${nodes ? line(t.cluster.title, html`<a href="/ui/cluster">${cluster.state(nodes.state)}</a>`) : nothing}
    ${snapshot ? line(b.lastSnapshot, snapshot.last ? snapshots.lastSnapshot(snapshot.last) : t.table.none) : nothing}</ul>`);
}

function counted({ counts }) {
  if (!counts) return nothing;
  return card('counts', b.executions, counts.items.length === 0 ? html`<p class="quiet">${t.executions.empty}</p>`
    : html`<ul>${counts.items.map(({ status, executions: total }) =>
      line(html`<a href="/ui/executions?status=${status}">${executions.status(status)}</a>`, total))}</ul>`);
}

function upcoming({ schedules }) {
  if (!schedules) return nothing;
  const next = schedules.items.filter((schedule) => schedule.enabled && schedule.next_occurrence).slice(0, 5);
  return card('upcoming', b.upcoming, next.length === 0 ? html`<p class="quiet">${b.noUpcoming}</p>`
    : html`<ul>${next.map((schedule) => line(
      html`<a href="/ui/schedules/${encodeURIComponent(schedule.deployment_id)}/${encodeURIComponent(schedule.id)}">${schedule.id}</a>`,
      html`<time datetime=${schedule.next_occurrence} title=${schedule.next_occurrence}>${relative(schedule.next_occurrence)}</time>`))}</ul>`);
}

function failures({ failed }) {
  if (!failed?.length) return nothing;
  const { columns } = t.executions;
  return html`<section aria-labelledby="failures"><h2 id="failures">${b.failures}</h2>${table(b.failures,
    [columns.workflow, columns.deployment, b.error, columns.when], failed.slice(0, SHOWN).map((execution) => [
      html`<a href=${executions.hrefOf(execution.id)}>${execution.workflow_id}</a>`, execution.deployment_id ?? nothing,
      execution.error ?? nothing, time(execution.ended_at, { ago: true }),
    ]))}</section>`;
}
