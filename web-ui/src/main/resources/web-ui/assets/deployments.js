// Deployments: what is installed, what it is made of, and what runs on it.
import { html, nothing } from './lit-html.js';
import { call, get, may, MANAGER, OWN, post, segment, withQuery } from './api.js';
import { hrefOf as executionHref, status as executionStatus } from './executions.js';
import { fieldsOf, valuesOf } from './inputs.js';
import { absent, ask, beyond, facts, failure, mark, pager, table, time } from './parts.js';
import { t } from './strings.js';

const d = t.deployments;
const SIZE = 25;
const NODES = 25;
const EXECUTIONS = 5;
const INSTALLATION = { active: 'good', inactive: 'off' };
const STATUS = { good: 'good', in_progress: 'busy', requires_attention: 'bad' };
const INSTANCES = { started: 'good', uninitialized: 'off', deleted: 'off' };

export const hrefOf = (id) => `/ui/deployments/${segment(id)}`;
const installation = (one) => (one.installation_status ? mark(INSTALLATION[one.installation_status] ?? 'wait', one.installation_status) : absent());
const status = (one) => (one.deployment_status ? mark(STATUS[one.deployment_status] ?? 'wait', one.deployment_status) : absent());
export const labels = (list) => (list?.length ? list.map(({ key, value }) => html`<code>${key}:${value}</code> `) : absent());

/** Names and values, in which a value may be anything; by name, for the manager keeps no order. */
export const values = (caption, object) => (Object.keys(object ?? {}).length === 0 ? html`<p class="quiet">${t.table.none}</p>`
  : table(caption, [d.name, d.value], Object.entries(object).sort(([name], [other]) => name.localeCompare(other)).map(([name, value]) => [
    name, typeof value === 'string' ? value : html`<code>${JSON.stringify(value)}</code>`])));

export const rows = (items, caption = d.title) => table(caption, [d.columns.deployment, d.columns.blueprint, d.columns.installation, d.columns.status, d.columns.site, d.columns.created],
  items.map((one) => [
    html`<a href=${hrefOf(one.id)}>${one.display_name || one.id}</a>${one.display_name && one.display_name !== one.id ? html`<div class="quiet"><code>${one.id}</code></div>` : nothing}`,
    may('blueprint_get') ? html`<a href="/ui/blueprints/${segment(one.blueprint_id)}">${one.blueprint_id}</a>` : one.blueprint_id,
    installation(one), status(one), one.site_name || absent(), html`${time(one.created_at)}<div class="quiet">${one.created_by}</div>`,
  ]));

export const list = {
  title: () => d.title,
  every: 10000,
  async load({ query, signal }) {
    const offset = Number(query.get('offset') ?? 0);
    const search = query.get('search');
    const { items, metadata } = await get(withQuery(`${MANAGER}/deployments`, {
      _include: 'id,display_name,blueprint_id,installation_status,deployment_status,site_name,created_at,created_by',
      _sort: '-created_at', _size: SIZE, _offset: offset, _search: search, _search_name: search, blueprint_id: query.get('blueprint'),
      installation_status: query.get('installation'),
    }), { signal });
    return { items, page: { ...metadata.pagination, offset, size: SIZE } };
  },
  view({ items, page }, { query, go }) {
    const filters = Object.fromEntries(['search', 'blueprint', 'installation'].map((name) => [name, query.get(name) ?? '']));
    const at = (changed) => withQuery('/ui/deployments', { ...filters, ...changed });
    return html`<form class="filter" role="search" @submit=${(event) => {
      event.preventDefault();
      go(at(Object.fromEntries(new FormData(event.target))));
    }}><label>${d.search}<input name="search" type="search" .value=${filters.search}></label>
      <label>${d.columns.blueprint}<input name="blueprint" type="search" .value=${filters.blueprint}></label>
      <label>${d.columns.installation}<select name="installation" @change=${(event) => event.target.form.requestSubmit()}>
        <option value="" .selected=${!filters.installation}>${t.table.all}</option>
        ${Object.keys(INSTALLATION).map((name) => html`<option .selected=${name === filters.installation}>${name}</option>`)}</select></label>
      <button>${t.table.apply}</button></form>
    ${items.length === 0 ? beyond(page) ? nothing : html`<div class="empty"><p>${Object.values(filters).some(Boolean) ? d.noMatch : d.empty}</p></div>` : rows(items)}
    ${pager(page, (offset) => at({ offset: offset || '' }))}`;
  },
};

/** What cannot be evaluated is said where it would be; the rest of the page is worth showing. */
async function evaluated(url, name, signal) {
  try {
    return { values: (await get(url, { signal }))[name] };
  } catch (error) {
    if (error.name === 'AbortError' || !(error.status >= 400 && error.status < 500)) throw error;
    return { error };
  }
}

async function nodesOf(id, offset, signal) {
  if (!may('node_list')) return { items: [], page: { total: 0, offset, size: NODES } };
  const { items, metadata } = await get(withQuery(`${MANAGER}/nodes`, {
    deployment_id: id, _include: 'id,type', _sort: 'id', _size: NODES, _offset: offset,
  }), { signal });
  const query = new URLSearchParams({ deployment_id: id, _include: 'id,node_id,state', _get_all_results: true });
  items.forEach((node) => query.append('node_id', node.id));
  const instances = items.length && may('node_instance_list') ? (await get(`${MANAGER}/node-instances?${query}`, { signal })).items : [];
  return {
    items: items.map((node) => ({ ...node, instances: instances.filter((one) => one.node_id === node.id) })),
    page: { ...metadata.pagination, offset, size: NODES },
  };
}

export const detail = {
  title: ({ params, data }) => data?.deployment.display_name || params.id,
  every: 5000,
  async load({ params: { id }, query, signal }) {
    const url = `${MANAGER}/deployments/${segment(id)}`;
    const deployment = await get(url, { signal });
    const [outputs, capabilities, nodes, executions] = await Promise.all([
      evaluated(`${url}/outputs`, 'outputs', signal),
      evaluated(`${url}/capabilities`, 'capabilities', signal),
      nodesOf(id, Number(query.get('offset') ?? 0), signal),
      may('execution_list') ? get(withQuery(`${OWN}/executions`, {
        deployment_id: id, _include: 'id,workflow_id,status,error,created_at,created_by', _sort: '-created_at', _size: EXECUTIONS,
      }), { signal }) : { items: [] },
    ]);
    return { deployment, outputs, capabilities, nodes, executions: executions.items };
  },
  view({ deployment, outputs, capabilities, nodes, executions }, context) {
    const f = d.facts;
    const { nodeColumns, executionColumns } = d;
    const part = (id, title, content) => html`<section aria-labelledby=${id}><h2 id=${id}>${title}</h2>${content}</section>`;
    const valuesOr = (title, { values: known, error }) => (error ? failure(error) : values(title, known));
    return html`<p class="state">${[[d.columns.installation, installation], [d.columns.status, status]].map(([word, of]) =>
      html`<span><span class="quiet">${word}:</span> ${of(deployment)}</span>`)}</p>
      ${actions(deployment, context)}
      ${part('about', d.about, facts([
        [f.id, html`<code>${deployment.id}</code>`],
        [f.blueprint, may('blueprint_get') ? html`<a href="/ui/blueprints/${segment(deployment.blueprint_id)}">${deployment.blueprint_id}</a>` : deployment.blueprint_id],
        [f.description, deployment.description || undefined],
        [f.site, deployment.site_name || undefined],
        [f.labels, labels(deployment.labels)],
        [f.visibility, deployment.visibility],
        [f.latest, deployment.latest_execution_status || undefined],
        [f.created, html`${time(deployment.created_at)} <span class="quiet">${deployment.created_by}</span>`],
        [f.updated, deployment.updated_at ? time(deployment.updated_at) : undefined],
      ]))}
      ${part('executions', d.executions, html`${executions.length === 0 ? html`<p class="quiet">${d.noExecutions}</p>`
    : table(d.executions, [executionColumns.workflow, executionColumns.status, executionColumns.when, executionColumns.by], executions.map((execution) => [
      html`<a href=${executionHref(execution.id)}>${execution.workflow_id}</a> <span class="quiet"><code>${execution.id.slice(0, 8)}</code></span>`,
      html`${executionStatus(execution.status)}${execution.error ? html`<div class="quiet">${execution.error}</div>` : nothing}`,
      time(execution.created_at, { ago: true }), execution.created_by,
    ]))}<p><a href=${withQuery('/ui/executions', { deployment: deployment.id })}>${d.allExecutions}</a></p>`)}
      ${part('nodes', d.nodes, html`${nodes.items.length === 0 ? beyond(nodes.page) ? nothing : html`<p class="quiet">${t.table.none}</p>`
    : table(d.nodes, [nodeColumns.node, nodeColumns.type, nodeColumns.instances], nodes.items.map((node) => [
      node.id, html`<code>${node.type}</code>`,
      node.instances.length === 0 ? absent() : html`<ul class="plain">${node.instances.map((one) =>
        html`<li>${one.id} ${mark(INSTANCES[one.state] ?? 'busy', one.state)}</li>`)}</ul>`,
    ]))}${pager(nodes.page, (offset) => withQuery(hrefOf(deployment.id), { offset: offset || '' }))}`)}
      ${part('inputs', d.inputs, values(d.inputs, deployment.inputs))}
      ${part('outputs', d.outputs, valuesOr(d.outputs, outputs))}
      ${part('capabilities', d.capabilities, valuesOr(d.capabilities, capabilities))}`;
  },
};

function actions(deployment, { go, notify }) {
  const workflows = deployment.workflows ?? [];
  const start = async () => {
    const chosen = await ask({
      title: d.startTitle(deployment.display_name || deployment.id), text: d.startText, verb: d.chooseVerb,
      fields: html`<label>${d.workflow}<select name="workflow">${workflows.map(({ name }) => html`<option>${name}</option>`)}</select></label>`,
      action: (form) => form,
    });
    if (!chosen) return;
    const { name, parameters } = workflows.find((one) => one.name === chosen.workflow);
    const started = await ask({
      title: d.startWorkflow(name), text: Object.keys(parameters).length ? d.parametersText : d.noParameters, verb: d.startVerb,
      fields: fieldsOf(parameters),
      action: (form) => post(`${MANAGER}/executions`, {
        deployment_id: deployment.id, workflow_id: name, parameters: valuesOf(parameters, form),
      }),
    });
    if (started) {
      notify(d.startedNotice(name));
      go(executionHref(started.id));
    }
  };
  const remove = async () => {
    const removed = await ask({
      title: d.removeTitle(deployment.id), text: d.removeText, verb: d.removeVerb, danger: true,
      fields: html`<label class="check"><input type="checkbox" name="force">${d.force}</label>`,
      action: ({ force }) => call('DELETE', withQuery(`${MANAGER}/deployments/${segment(deployment.id)}`, { force: force ? true : '' })),
    });
    if (removed) {
      notify(d.removedNotice(deployment.id));
      go('/ui/deployments');
    }
  };
  return html`<div class="actions">
    ${workflows.length && may('execution_start') ? html`<button class="primary" @click=${start}>${d.start}</button>` : nothing}
    ${may('deployment_delete') ? html`<button class="danger" @click=${remove}>${d.remove}</button>` : nothing}</div>`;
}
