// Schedules: what they will do, and what was decided about every occurrence.
import { html, nothing } from './lit-html.js';
import { call, get, may, MANAGER, OWN, post, segment, withQuery } from './api.js';
import { absent, ask, beyond, duration, facts, mark, pager, relative, table, time } from './parts.js';
import { t } from './strings.js';

const s = t.schedules;
const SIZE = 20;
const DECISIONS = 25;
const CHANGE = 'execution_schedule_create';
const OUTCOMES = Object.keys(s.outcomes);
const OVERLAPS = ['skip', 'queue_one', 'queue_all', 'cancel_other', 'allow'];
const KINDS = { started: 'good', queued: 'wait', skipped: 'off', missed: 'warn', failed: 'bad' };

const hrefOf = (schedule) => `/ui/schedules/${segment(schedule.deployment_id)}/${segment(schedule.id)}`;
const own = (deployment, id, action, parameters = {}) =>
  withQuery(`${OWN}/schedules/${segment(id)}/${action}`, { deployment_id: deployment, ...parameters });

export const outcome = (name) => mark(KINDS[name] ?? 'wait', s.outcomes[name] ?? name);

function rule({ rule: given }) {
  if (given?.cron) return html`<code>${given.cron}</code>`;
  if (given?.rrule) return html`<code>${given.rrule}</code>`;
  if (!given?.recurrence) return s.once;
  return [
    s.every(given.recurrence),
    given.weekdays?.length ? s.weekdays(given.weekdays.join(', ')) : '',
    given.count ? s.times(given.count) : '',
  ].filter(Boolean).join(', ');
}

function state(schedule) {
  if (!schedule.enabled) return mark('pause', s.paused);
  return schedule.next_occurrence ? mark('good', s.on) : mark('off', s.ended);
}

/** Local time and offset as the manager says them, in a form that people read. */
function local(occurrence) {
  const [, date, clock, offset] = /^(.{10})T(.{5}).*?([+-]\d\d:\d\d|Z)$/.exec(occurrence.local) ?? [];
  return html`<time datetime=${occurrence.at} title=${occurrence.at}>${date} ${clock}</time> <span class="quiet">${offset}</span>`;
}

const remark = (occurrence) => [
  occurrence.skipped ? mark('off', s.leftOut) : nothing,
  occurrence.note ? mark('warn', `${s.clockChange}: ${occurrence.note}`) : nothing,
];

function reason(run) {
  if (!run.reason) return html`<span class="quiet">${run.outcome === 'started' ? s.reasons.onTime : ''}</span>`;
  const words = s.reasons[run.reason];
  return html`${words ? html`${words} ` : nothing}<code>${run.reason}</code>${
    run.detail ? html`<div class="quiet">${run.detail}</div>` : nothing}`;
}

const execution = (id) => (id ? html`<a href="/ui/executions/${segment(id)}"><code>${id.slice(0, 8)}</code></a>` : absent());

// The next occurrences of a schedule stay the same until the first of them has passed.
const previews = new Map();

async function nextRuns(schedule, signal) {
  if (!schedule.enabled || !schedule.next_occurrence) return [];
  const key = JSON.stringify([schedule.tenant_name, schedule.deployment_id, schedule.id, schedule.next_occurrence, schedule.rule]);
  if (!previews.has(key)) {
    if (previews.size > 500) previews.clear();
    previews.set(key, (await get(own(schedule.deployment_id, schedule.id, 'preview', { next: 3 }), { signal })).items);
  }
  return previews.get(key);
}

async function lastRun(schedule, signal) {
  const { items } = await get(own(schedule.deployment_id, schedule.id, 'runs', { _size: 1 }), { signal });
  return items[0];
}

export const list = {
  title: () => s.title,
  every: 10000,
  async load({ query, signal }) {
    const offset = Number(query.get('offset') ?? 0);
    const { items, metadata } = await get(withQuery(`${OWN}/schedules`, {
      _include: 'id,deployment_id,workflow_id,rule,time_zone,next_occurrence,enabled,pause_note,tenant_name',
      _sort: 'id', _size: SIZE, _offset: offset, _search: query.get('search'),
    }), { signal });
    const rows = await Promise.all(items.map(async (schedule) => ({
      schedule, next: await nextRuns(schedule, signal), last: await lastRun(schedule, signal),
    })));
    return { rows, page: { ...metadata.pagination, offset, size: SIZE } };
  },
  view({ rows, page }, { query, go }) {
    const search = query.get('search') ?? '';
    const at = (offset) => withQuery('/ui/schedules', { search, offset: offset || undefined });
    const filter = html`<form class="filter" role="search" @submit=${(event) => {
      event.preventDefault();
      go(withQuery('/ui/schedules', { search: new FormData(event.target).get('search') }));
    }}><label>${s.search}<input name="search" type="search" .value=${search}></label><button>${t.table.apply}</button></form>`;
    if (rows.length === 0 && !beyond(page)) {
      return html`${search ? filter : nothing}<div class="empty"><p>${search ? s.noMatch : s.empty}</p>${
        search ? nothing : html`<p><code>${s.emptyHow}</code></p>`}</div>`;
    }
    const { columns } = s;
    return html`${filter}${beyond(page) ? nothing : table(s.title,
      [columns.schedule, columns.deployment, columns.rule, columns.next, columns.state, columns.last],
      rows.map(({ schedule, next, last }) => [
        html`<a href=${hrefOf(schedule)}>${schedule.id}</a><div class="quiet">${schedule.workflow_id}</div>`,
        schedule.deployment_id,
        html`${rule(schedule)}<div class="quiet">${schedule.time_zone}</div>`,
        next.length ? html`<ul class="plain">${next.map((one) => html`<li>${local(one)} ${remark(one)}</li>`)}</ul>` : absent(),
        html`${state(schedule)}${schedule.pause_note ? html`<div class="quiet">${schedule.pause_note}</div>` : nothing}`,
        last ? html`${outcome(last.outcome)}<div class="quiet">${relative(last.decided_at)}</div>` : html`<span class="quiet">${s.noDecision}</span>`,
      ]))}${pager(page, at)}`;
  },
};

export const detail = {
  title: ({ params }) => params.id,
  every: 5000,
  async load({ params: { deployment, id }, query, signal }) {
    const offset = Number(query.get('offset') ?? 0);
    const [schedule, preview, runs] = await Promise.all([
      get(withQuery(`${MANAGER}/execution-schedules/${segment(id)}`, {
        deployment_id: deployment,
        _include: 'id,deployment_id,workflow_id,rule,time_zone,since,until,next_occurrence,enabled,pause_note,overlap,catch_up,'
          + 'catch_up_limit,slip,dst_gap,dst_overlap,priority,concurrency_key,stop_on_fail,jitter_seconds,created_by,created_at',
      }), { signal }),
      get(own(deployment, id, 'preview', { next: query.get('next') ?? 10 }), { signal }),
      get(own(deployment, id, 'runs', { outcome: query.get('outcome'), _size: DECISIONS, _offset: offset }), { signal }),
    ]);
    return { schedule, preview: preview.items, runs: runs.items, page: { ...runs.metadata.pagination, offset, size: DECISIONS } };
  },
  view(data, context) {
    const { schedule } = data;
    return html`<p class="state">${state(schedule)}${schedule.enabled && schedule.next_occurrence
      ? html` <span class="quiet">${relative(schedule.next_occurrence)}</span>` : nothing}${
      schedule.pause_note ? html` <q>${schedule.pause_note}</q>` : nothing}</p>
      ${actions(schedule, context)}
      <section aria-labelledby="about"><h2 id="about">${s.about}</h2>${about(schedule)}</section>
      <section aria-labelledby="preview"><h2 id="preview">${s.preview}</h2>${previewTable(schedule, data.preview, context)}</section>
      <section aria-labelledby="decisions"><h2 id="decisions">${s.decisions}</h2>${decisions(schedule, data, context)}</section>`;
  },
};

function about(schedule) {
  const f = s.facts;
  return facts([
    [f.workflow, html`${schedule.workflow_id} <span class="quiet">${schedule.deployment_id}</span>`],
    [f.rule, rule(schedule)],
    [f.zone, schedule.time_zone],
    [f.since, time(schedule.since)],
    [f.until, schedule.until ? time(schedule.until) : undefined],
    [f.overlap, html`<code>${schedule.overlap}</code>`],
    [f.catchUp, html`<code>${schedule.catch_up}</code>`],
    [f.slip, schedule.slip ? s.minutes(schedule.slip) : undefined],
    [f.gap, html`<code>${schedule.dst_gap}</code>`],
    [f.back, html`<code>${schedule.dst_overlap}</code>`],
    [f.priority, schedule.priority],
    [f.key, schedule.concurrency_key ?? undefined],
    [f.jitter, schedule.jitter_seconds ? s.seconds(schedule.jitter_seconds) : undefined],
    [f.stopOnFail, schedule.stop_on_fail ? s.yes : s.no],
    [f.createdBy, html`${schedule.created_by} <span class="quiet">${time(schedule.created_at)}</span>`],
  ]);
}

function previewTable(schedule, occurrences, { query }) {
  if (occurrences.length === 0) return html`<p class="quiet">${s.noNext}</p>`;
  const asked = Number(query.get('next') ?? 10);
  const more = asked < 50 ? 50 : 100;
  const { previewColumns: columns } = s;
  return html`${table(s.preview, [columns.local, columns.yours, columns.remark],
    occurrences.map((one) => [local(one), time(one.at, { ago: true }), remark(one)]))}
    ${occurrences.length >= asked && asked < more
    ? html`<p><a href=${withQuery(hrefOf(schedule), { ...Object.fromEntries(query), next: more })}>${s.previewMore(more)}</a></p>` : nothing}`;
}

function decisions(schedule, { runs, page }, { query, go }) {
  const wanted = query.get('outcome') ?? '';
  const at = (changed) => withQuery(hrefOf(schedule), { ...Object.fromEntries(query), ...changed });
  const { decisionColumns: columns } = s;
  return html`<form class="filter"><label>${columns.outcome}<select @change=${(event) => go(at({ outcome: event.target.value, offset: '' }))}>
      <option value="" .selected=${!wanted}>${t.table.all}</option>
      ${OUTCOMES.map((name) => html`<option value=${name} .selected=${name === wanted}>${s.outcomes[name]}</option>`)}</select></label></form>
    ${runs.length === 0
    ? beyond(page) ? nothing : html`<p class="quiet">${wanted ? s.noDecisionsOf(wanted) : s.noDecisions}</p>`
    : table(s.decisions, [columns.occurrence, columns.outcome, columns.reason, columns.late, columns.decided, columns.execution],
      runs.map((run) => [
        html`${time(run.occurrence_at, { precise: true })}${run.backfill ? html` <span class="quiet">${s.backfill}</span>` : nothing}`,
        outcome(run.outcome), reason(run),
        run.lateness_ms >= 1000 ? duration(run.lateness_ms) : nothing,
        time(run.decided_at, { precise: true }), execution(run.execution_id),
      ]))}
    ${pager(page, (offset) => at({ offset: offset || '' }))}`;
}

function actions(schedule, { reload, go, notify }) {
  if (!may(CHANGE)) return html`<p class="quiet">${t.errors.notAllowed(CHANGE)}</p>`;
  const to = (action) => own(schedule.deployment_id, schedule.id, action);
  const done = async (asked, notice) => {
    if (await asked) {
      notify(notice);
      await reload();
    }
  };
  const note = html`<label>${s.note}<input name="note" maxlength="1000" autocomplete="off"></label>`;
  const pause = () => done(ask({
    title: s.pauseTitle(schedule.id), text: s.pauseText, fields: note, verb: s.pauseVerb,
    action: (values) => post(to('pause'), values.note ? { note: values.note } : {}),
  }), s.pausedNotice);
  const resume = () => done(ask({
    title: s.resumeTitle(schedule.id), text: s.resumeText, verb: s.resumeVerb, action: () => post(to('resume')),
  }), s.resumedNotice);
  const runNow = async () => {
    const run = await ask({
      title: s.runTitle(schedule.id), text: s.runText, verb: s.runVerb,
      fields: html`<label>${s.runOverlap}<select name="overlap"><option value="">${s.runOverlapOwn(schedule.overlap)}</option>
        ${OVERLAPS.map((name) => html`<option>${name}</option>`)}</select></label>`,
      action: (values) => post(to('trigger'), values.overlap ? { overlap: values.overlap } : {}),
    });
    if (run) {
      notify(s.ranNotice(s.outcomes[run.outcome] ?? run.outcome));
      await reload();
    }
  };
  const remove = async () => {
    const removed = await ask({
      title: s.removeTitle(schedule.id), text: s.removeText, verb: s.removeVerb, danger: true,
      action: () => call('DELETE', withQuery(`${MANAGER}/execution-schedules/${segment(schedule.id)}`, { deployment_id: schedule.deployment_id })),
    });
    if (removed) {
      notify(s.removedNotice(schedule.id));
      go('/ui/schedules');
    }
  };
  return html`<div class="actions">
    ${schedule.enabled ? html`<button @click=${pause}>${s.pause}</button>` : html`<button class="primary" @click=${resume}>${s.resume}</button>`}
    <button @click=${runNow}>${s.runNow}</button>
    <button class="danger" @click=${remove}>${s.remove}</button></div>`;
}
