// The frame: which page is shown, what all pages have around them, and that their data stay current.
import { html, nothing, render } from './lit-html.js';
import { chooseTenant, get, isAdministrator, isKnown, isLoggedIn, learn, login, logout, MANAGER, may, onLoggedOut, send, who } from './api.js';
import * as blueprints from './blueprints.js';
import * as cluster from './cluster.js';
import * as dashboard from './dashboard.js';
import * as deadLetters from './dead-letters.js';
import * as deployments from './deployments.js';
import * as executions from './executions.js';
import { failure, mark, relative, time } from './parts.js';
import * as schedules from './schedules.js';
import * as snapshots from './snapshots.js';
import { t } from './strings.js';
import * as system from './system.js';

const ROOT = '/ui/';
/** Segments of the path; what begins with a colon is any. */
const PAGES = [
  ['', dashboard.page],
  ['schedules', schedules.list],
  ['schedules/:deployment/:id', schedules.detail],
  ['executions', executions.list],
  ['executions/:id', executions.detail],
  ['dead-letters', deadLetters.list],
  ['dead-letters/:service/:id', deadLetters.detail],
  ['snapshots', snapshots.list],
  ['snapshots/:id', snapshots.detail],
  ['snapshots/:id/restore', snapshots.restore],
  ['restores/:id', snapshots.restored],
  ['cluster', cluster.page],
  ['deployments', deployments.list],
  ['deployments/:id', deployments.detail],
  ['blueprints', blueprints.list],
  ['blueprints/:id', blueprints.detail],
  ['maintenance', system.maintenance],
  ['audit', system.audit],
  ['log-bundles', system.bundles],
];
const NAVIGATION = [
  ['', t.nav.dashboard, () => true],
  ['deployments', t.nav.deployments, () => may('deployment_list')],
  ['blueprints', t.nav.blueprints, () => may('blueprint_list')],
  ['executions', t.nav.executions, () => may('execution_list')],
  ['schedules', t.nav.schedules, () => may('execution_schedule_list')],
  ['snapshots', t.nav.snapshots, () => may('snapshot_list')],
];
/** What is about the manager itself, in a menu of its own. */
const SYSTEM = [
  ['cluster', t.nav.cluster, () => isAdministrator()],
  ['maintenance', t.nav.maintenance, () => may('maintenance_mode_get')],
  ['dead-letters', t.nav.deadLetters, () => isAdministrator()],
  ['audit', t.nav.audit, () => may('audit_log_view')],
  ['log-bundles', t.nav.bundles, () => may('log_bundle_list')],
];
/** A page whose data are older, in page intervals, is shown as not current. */
const STALE = 3;
const NOTICE = 6000;
/** Pages that belong to another page's entry of the navigation. */
const PARENTS = { restores: 'snapshots' };

const container = document.getElementById('app');
let current = null;
let maintenance = null;
let notice = null;

function matched(path) {
  let segments;
  try {
    segments = path.slice(ROOT.length).split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return null; // a percent sign that encodes nothing
  }
  for (const [pattern, page] of PAGES) {
    const names = pattern.split('/').filter(Boolean);
    const fits = names.length === segments.length && names.every((name, index) => name.startsWith(':') || name === segments[index]);
    if (fits) {
      return { page, params: Object.fromEntries(names.flatMap((name, index) => (name.startsWith(':') ? [[name.slice(1), segments[index]]] : []))) };
    }
  }
  return null;
}

export function go(href) {
  history.pushState(null, '', href);
  show();
}

function show() {
  current?.abort.abort();
  if (!isLoggedIn()) {
    current = null;
    drawLogin();
    return;
  }
  const found = matched(location.pathname);
  const moved = current?.path !== location.pathname;
  current = {
    ...found, path: location.pathname, query: new URLSearchParams(location.search), abort: new AbortController(),
    data: undefined, error: null, loading: false, loadedAt: 0, triedAt: 0, go, notify, reload, draw,
  };
  draw();
  if (moved) {
    document.querySelector('h1')?.focus();
    window.scrollTo(0, 0);
  }
  reload();
}

/** Loads what the page shows. Once more, if something was done while it was being loaded. */
async function reload() {
  const shown = current;
  if (!shown?.page) return;
  if (shown.loading) {
    shown.again = true;
    return;
  }
  shown.loading = true;
  shown.again = false;
  try {
    await learn();
    await learnMaintenance();
    shown.data = await shown.page.load({ ...shown, signal: shown.abort.signal });
    shown.error = null;
    shown.loadedAt = Date.now();
  } catch (error) {
    if (error.name === 'AbortError' || shown !== current) return;
    if (!(error.status >= 0)) console.error(error);
    shown.error = error;
  } finally {
    shown.loading = false;
    shown.triedAt = Date.now();
  }
  if (shown === current) {
    draw();
    follow(shown);
    if (shown.again) reload();
  }
}

/** Reads a page's stream of events, if it has one, and looks again when something was written. Where it breaks, polling goes on. */
async function follow(shown) {
  const url = shown.page.live?.(shown);
  if (!url || shown.following) return;
  shown.following = true;
  try {
    const response = await send('GET', url, { signal: shown.abort.signal, headers: { Accept: 'text/event-stream' } });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (/^data:/m.test(part.value)) reload();
    }
  } catch (error) {
    if (error.name !== 'AbortError') console.warn(error.message);
  } finally {
    shown.following = false;
  }
}

async function learnMaintenance() {
  maintenance = may('maintenance_mode_get') ? await get(`${MANAGER}/maintenance`) : null;
}

function notify(text) {
  notice = { text, until: Date.now() + NOTICE };
  draw();
}

setInterval(() => {
  if (!current?.page || document.hidden) return;
  if (notice && notice.until < Date.now()) {
    notice = null;
    draw();
  }
  const every = current.page.every ?? 5000;
  if (Date.now() - current.triedAt > every) reload();
  if (isStale()) draw();
}, 1000);

const isStale = () => current.loadedAt > 0 && Date.now() - current.loadedAt > STALE * (current.page?.every ?? 5000);

function draw() {
  if (!current) return;
  const { page, data, error } = current;
  const title = page ? page.title(current) : t.errors.noPage;
  document.title = `${maintenance?.status === 'activated' ? `${t.maintenance.title} - ` : ''}${title} - ${t.product}`;
  const stale = isStale();
  const updated = current.loadedAt ? new Date(current.loadedAt).toISOString() : null;
  render(html`<a class="skip" href="#content">${t.skip}</a>${header()}${banner()}
    <main id="content" class=${stale ? 'stale' : ''}>
      <div class="head"><h1 tabindex="-1">${title}</h1>
      ${updated ? html`<span class="quiet age">${stale ? t.frame.stale(relative(updated)) : t.frame.updated(relative(updated))}</span>` : nothing}</div>
      <div role="status" aria-live="polite">${notice ? html`<p class="notice">${mark('good', notice.text)}</p>` : nothing}</div>
      ${error ? failure(error) : nothing}
      ${body(page, data, error)}
    </main>`, container);
}

function body(page, data, error) {
  if (!page) return html`<p><a href=${ROOT}>${t.errors.home}</a></p>`;
  if (data === undefined) return error ? nothing : html`<p class="quiet">${t.frame.loading}</p>`;
  return html`<div class="page">${page.view(data, current)}</div>`;
}

function header() {
  const { username, tenant, tenants, temporary } = who();
  const first = location.pathname.slice(ROOT.length).split('/')[0];
  const links = (entries) => {
    const allowed = entries.filter(([, , permitted]) => isKnown() && permitted());
    return allowed.length === 0 ? nothing : allowed.map(([path, word]) => html`<a href=${ROOT + path}
      aria-current=${(PARENTS[first] ?? first) === path ? 'page' : nothing}>${word}</a>`);
  };
  const menu = links(SYSTEM);
  return html`<header>
    <a class="product" href=${ROOT}><img src="/ui/assets/icon.svg" alt="" width="24" height="24">${t.product}</a>
    <nav aria-label=${t.nav.label}>${links(NAVIGATION)}${menu === nothing ? nothing : html`<details class="menu"
      @focusout=${({ currentTarget, relatedTarget }) => {
        if (relatedTarget && !currentTarget.contains(relatedTarget)) currentTarget.open = false;
      }}
      @keydown=${({ key, currentTarget }) => {
        if (key !== 'Escape') return;
        currentTarget.open = false;
        currentTarget.querySelector('summary').focus();
      }}><summary class=${SYSTEM.some(([path]) => path === first) ? 'current' : ''}>${t.nav.system}</summary><div>${menu}</div></details>`}<a
      href="/ui/api" target="_self">${t.nav.api}</a></nav>
    <div class="who">
      ${temporary ? html`<span title=${t.frame.temporary}>${mark('warn', html`<span class="unseen">${t.frame.temporary}</span>`)}</span>` : nothing}
      ${isKnown() ? html`<label>${t.frame.tenant} <select @change=${(event) => {
        chooseTenant(event.target.value);
        go(ROOT + first);
      }}>${(tenants.length ? tenants : [tenant]).map((name) => html`<option .selected=${name === tenant}>${name}</option>`)}</select></label>` : nothing}
      <span>${username}</span>
      <button @click=${leave}>${t.frame.logout}</button>
    </div></header>`;
}

function banner() {
  const { status, reason, requested_by: by, remaining_executions: remaining, activation_requested_at: since } = maintenance ?? {};
  if (!status || status === 'deactivated') return nothing;
  const m = t.maintenance;
  return html`<div class="banner" role="status">${mark('warn', m.title)} ${status === 'activated' ? m.activated : m.activating}${
    remaining?.length ? html`, ${m.remaining(remaining.length)}` : nothing}${by ? html`, ${m.by(by)}` : nothing}${
    since ? html`, ${m.since} ${time(since)}` : nothing}${reason ? html`: <q>${reason}</q>` : nothing} <a href="/ui/maintenance">${m.view}</a></div>`;
}

async function leave() {
  try {
    await logout();
  } catch (error) {
    console.warn(error.message);
  }
  show();
}

function drawLogin(error = null) {
  document.title = `${t.login.title} - ${t.product}`;
  const submit = async (event) => {
    event.preventDefault();
    const form = event.target;
    const button = form.querySelector('button');
    button.disabled = true;
    try {
      await login(form.username.value, form.password.value);
      form.reset();
      show();
    } catch (failed) {
      drawLogin(failed);
      form.password.focus();
    } finally {
      button.disabled = false;
    }
  };
  render(html`<main class="login"><form @submit=${submit}>
    <h1><img src="/ui/assets/icon.svg" alt="" width="32" height="32">${t.product}</h1>
    ${error ? failure(error) : nothing}
    <label>${t.login.username}<input name="username" autocomplete="username" required></label>
    <label>${t.login.password}<input name="password" type="password" autocomplete="current-password" required></label>
    <button class="primary">${t.login.submit}</button>
    <p class="quiet">${t.login.note}</p></form></main>`, container);
  if (!document.activeElement || document.activeElement === document.body) container.querySelector('input')?.focus();
}

onLoggedOut((error) => {
  current?.abort.abort();
  current = null;
  document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
  drawLogin(error);
});

document.addEventListener('click', (event) => {
  const menu = document.querySelector('details.menu[open]');
  if (menu && !event.target.closest?.('details.menu summary')) menu.open = false;
  const link = event.target.closest?.(`a[href^="${ROOT}"]`);
  const plain = !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button);
  if (link && plain && !link.target && !link.download && !event.defaultPrevented) {
    event.preventDefault();
    go(link.getAttribute('href'));
  }
});
window.addEventListener('popstate', show);
show();
