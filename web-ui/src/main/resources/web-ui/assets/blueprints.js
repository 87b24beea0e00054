// Blueprints: what deployments are made of.
import { html, nothing } from './lit-html.js';
import { call, get, may, MANAGER, segment, withQuery } from './api.js';
import { hrefOf as deploymentHref, labels, rows } from './deployments.js';
import { fieldsOf, ordered, valuesOf } from './inputs.js';
import { absent, ask, beyond, facts, failure, mark, pager, table, time } from './parts.js';
import { t } from './strings.js';

const p = t.blueprints;
const SIZE = 25;
const DEPLOYMENTS = 10;
const KINDS = { uploaded: 'good', failed_uploading: 'bad', failed_parsing: 'bad', failed_extracting: 'bad', invalid: 'bad' };

const hrefOf = (id) => `/ui/blueprints/${segment(id)}`;
const state = (blueprint) => mark(KINDS[blueprint.state] ?? 'busy', blueprint.state);

export const list = {
  title: () => p.title,
  every: 10000,
  async load({ query, signal }) {
    const offset = Number(query.get('offset') ?? 0);
    const { items, metadata } = await get(withQuery(`${MANAGER}/blueprints`, {
      _include: 'id,description,state,error,visibility,created_at,created_by', _sort: '-created_at', _size: SIZE, _offset: offset,
      _search: query.get('search'),
    }), { signal });
    return { items, page: { ...metadata.pagination, offset, size: SIZE } };
  },
  view({ items, page }, context) {
    const { query, go } = context;
    const search = query.get('search') ?? '';
    const at = (changed) => withQuery('/ui/blueprints', { search, ...changed });
    const { columns } = p;
    return html`<div class="actions">${may('blueprint_upload') ? html`<button class="primary" @click=${() => upload(context)}>${p.upload}</button>` : nothing}</div>
    <form class="filter" role="search" @submit=${(event) => {
      event.preventDefault();
      go(at(Object.fromEntries(new FormData(event.target))));
    }}><label>${p.search}<input name="search" type="search" .value=${search}></label><button>${t.table.apply}</button></form>
    ${items.length === 0 ? beyond(page) ? nothing : html`<div class="empty"><p>${search ? p.noMatch : p.empty}</p></div>`
    : table(p.title, [columns.id, columns.state, columns.visibility, columns.created, columns.by], items.map((one) => [
      html`<a href=${hrefOf(one.id)}>${one.id}</a>${one.description ? html`<div class="quiet">${one.description}</div>` : nothing}`,
      html`${state(one)}${one.error ? html`<div class="quiet">${one.error}</div>` : nothing}`, one.visibility, time(one.created_at, { ago: true }), one.created_by,
    ]))}
    ${pager(page, (offset) => at({ offset: offset || '' }))}`;
  },
};

async function upload({ go, notify }) {
  const asked = await ask({
    title: p.uploadTitle, text: p.uploadText, verb: p.uploadVerb,
    fields: html`<label>${p.file}<input name="file" type="file" accept=".zip,.tar,.tar.gz,.tgz,.tar.bz2" required></label>
      <label>${p.id}<input name="id" required autocomplete="off"></label>
      <label>${p.mainFile}<input name="main" autocomplete="off"></label>`,
    async action({ id, file, main }) {
      await call('PUT', withQuery(`${MANAGER}/blueprints/${segment(id)}`, { application_file_name: main }), {
        body: file, headers: { 'Content-Type': 'application/octet-stream' },
      });
      return { id };
    },
  });
  if (asked) {
    notify(p.uploadedNotice(asked.id));
    go(hrefOf(asked.id));
  }
}

export const detail = {
  title: ({ params }) => params.id,
  every: 5000,
  async load({ params: { id }, signal }) {
    const [blueprint, deployments] = await Promise.all([
      get(`${MANAGER}/blueprints/${segment(id)}`, { signal }),
      may('deployment_list') ? get(withQuery(`${MANAGER}/deployments`, { blueprint_id: id, _sort: '-created_at', _size: DEPLOYMENTS }), { signal }) : null,
    ]);
    return { blueprint, deployments };
  },
  view({ blueprint, deployments }, context) {
    const f = p.facts;
    const inputs = ordered(blueprint.plan?.inputs);
    const { inputColumns: columns } = p;
    return html`<p class="state">${state(blueprint)}</p>
      ${blueprint.error ? failure({ message: blueprint.error }) : nothing}
      ${actions(blueprint, context)}
      <section aria-labelledby="about"><h2 id="about">${p.about}</h2>${facts([
    [f.description, blueprint.description || undefined],
    [f.mainFile, blueprint.main_file_name || undefined],
    [f.labels, labels(blueprint.labels)],
    [f.visibility, blueprint.visibility],
    [f.created, html`${time(blueprint.created_at)} <span class="quiet">${blueprint.created_by}</span>`],
  ])}</section>
      <section aria-labelledby="inputs"><h2 id="inputs">${p.inputs}</h2>${inputs.length === 0 ? html`<p class="quiet">${t.table.none}</p>`
    : table(p.inputs, [columns.name, columns.type, columns.default, columns.description], inputs.map(([name, one]) => [
      name, one.type ?? absent(), one.default === undefined ? absent() : html`<code>${JSON.stringify(one.default)}</code>`, one.description ?? nothing,
    ]))}</section>
      ${deployments ? html`<section aria-labelledby="deployments"><h2 id="deployments">${p.deployments}</h2>${
    deployments.items.length ? rows(deployments.items, p.deployments) : html`<p class="quiet">${t.table.none}</p>`}${
    deployments.metadata.pagination.total > DEPLOYMENTS
      ? html`<p><a href=${withQuery('/ui/deployments', { blueprint: blueprint.id })}>${p.allDeployments(deployments.metadata.pagination.total)}</a></p>` : nothing}</section>` : nothing}`;
  },
};

function actions(blueprint, { go, notify }) {
  const inputs = blueprint.plan?.inputs ?? {};
  const deploy = async () => {
    const made = await ask({
      title: p.deployTitle(blueprint.id), text: p.deployText, verb: p.deployVerb,
      fields: html`<label>${p.deploymentId}<input name="id" required value=${blueprint.id} autocomplete="off"></label>
        <label>${p.site}<input name="site" autocomplete="off"></label>${fieldsOf(inputs)}`,
      async action({ id, site, ...form }) {
        await call('PUT', `${MANAGER}/deployments/${segment(id)}`, {
          body: { blueprint_id: blueprint.id, inputs: valuesOf(inputs, form), ...(site ? { site_name: site } : {}) },
        });
        return { id };
      },
    });
    if (made) {
      notify(p.deployedNotice(made.id));
      go(deploymentHref(made.id));
    }
  };
  const remove = async () => {
    const removed = await ask({
      title: p.removeTitle(blueprint.id), text: p.removeText, verb: p.removeVerb, danger: true,
      action: () => call('DELETE', `${MANAGER}/blueprints/${segment(blueprint.id)}`),
    });
    if (removed) {
      notify(p.removedNotice(blueprint.id));
      go('/ui/blueprints');
    }
  };
  return html`<div class="actions">
    ${blueprint.state === 'uploaded' && may('deployment_create') ? html`<button class="primary" @click=${deploy}>${p.deploy}</button>` : nothing}
    ${may('blueprint_delete') ? html`<button class="danger" @click=${remove}>${p.remove}</button>` : nothing}</div>`;
}
