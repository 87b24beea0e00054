// The public API, as the person at the browser may use it. Nothing here knows of pages.
import { t } from './strings.js';

/** The manager API, and our own beside it. */
export const MANAGER = '/api/v3.1';
export const OWN = '/api/holdfast/v1';

const STORED = 'holdfast.session';
/** How long a login lasts. The token is this tab's alone and is deleted at logout. */
const LASTS = '+12h';

let session = JSON.parse(sessionStorage.getItem(STORED));
/** Only where no token can be made, which is in maintenance mode: it goes with the page. */
let basic = null;
let profile = null;
let whenLoggedOut = () => {};

/** What the manager answered when it did not do what it was asked. `status` is 0 if it did not answer. */
export class ApiError extends Error {
  constructor(status, code, message, hint) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

function keep(values) {
  session = values;
  if (values) {
    sessionStorage.setItem(STORED, JSON.stringify({ ...values, temporary: undefined }));
  } else {
    sessionStorage.removeItem(STORED);
  }
}

function credentials() {
  if (basic) return { Authorization: basic };
  return session?.token ? { 'Authentication-Token': session.token } : {};
}

/** Who this tab is, and the headers that say so, for requests that others make. */
export function identity() {
  return { username: session?.username, headers: { ...(session?.tenant ? { Tenant: session.tenant } : {}), ...credentials() } };
}

/** The answer itself, for what is not JSON. */
export async function send(method, url, { body, signal, headers = {} } = {}) {
  const all = {
    Accept: 'application/problem+json, application/json',
    ...(session?.tenant ? { Tenant: session.tenant } : {}),
    ...credentials(),
    ...headers,
  };
  let payload = body;
  if (body !== undefined && !(body instanceof Blob)) {
    all['Content-Type'] = 'application/json';
    payload = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(url, { method, headers: all, body: payload, signal, cache: 'no-store', credentials: 'omit' });
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    // what only shows something is asked for again by itself
    throw new ApiError(0, 'unreachable', t.errors.unreachable,
      method === 'GET' ? t.errors.unreachableHint : t.errors.unreachableTryAgain);
  }
  if (response.ok) return response;
  const error = await refusal(response);
  if (response.status === 401 && session && !headers.Authorization) {
    forget();
    whenLoggedOut(error);
  }
  throw error;
}

async function refusal(response) {
  const text = await response.text();
  let said = {};
  try {
    said = JSON.parse(text) ?? {};
  } catch {
    // a proxy between may answer anything; the status line has to do then
  }
  return new ApiError(
    response.status,
    said.error_code,
    said.detail ?? said.message ?? `${response.status} ${response.statusText}`,
    said.hint);
}

export async function call(method, url, options) {
  const text = await (await send(method, url, options)).text();
  return text ? JSON.parse(text) : null;
}

/** Has the browser keep what is there as a file, once it is whole. */
export async function saveFile(url, filename) {
  const response = await send('GET', url, { headers: { Accept: 'application/problem+json, */*' } });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

export const get = (url, options) => call('GET', url, options);
export const post = (url, body = {}) => call('POST', url, { body });

/** A URL with what of `parameters` is not empty. */
export function withQuery(url, parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') query.set(name, value);
  }
  const text = query.toString();
  return text ? `${url}?${text}` : url;
}

export const segment = encodeURIComponent;

export function isLoggedIn() {
  return session !== null;
}

export function who() {
  return { username: session?.username, tenant: session?.tenant, tenants: profile?.tenants ?? [], temporary: basic !== null };
}

/** @param {(error: ApiError) => void} listener called when the manager takes the credentials no more */
export function onLoggedOut(listener) {
  whenLoggedOut = listener;
}

export async function login(username, password) {
  const bytes = new TextEncoder().encode(`${username}:${password}`);
  const header = 'Basic ' + btoa(String.fromCharCode(...bytes));
  profile = null;
  try {
    const token = await call('POST', `${MANAGER}/tokens`, {
      headers: { Authorization: header },
      body: { description: t.login.tokenDescription, expiration_date: LASTS },
    });
    basic = null;
    keep({ username, token: token.value, tokenId: token.id });
  } catch (error) {
    if (error.status !== 403 && error.code !== 'maintenance_mode_active') throw error;
    await get(`${MANAGER}/config?scope=authorization`, { headers: { Authorization: header } });
    basic = header;
    keep({ username });
    sessionStorage.removeItem(STORED);
  }
}

export async function logout() {
  const tokenId = session?.tokenId;
  try {
    if (tokenId) await send('DELETE', `${MANAGER}/tokens/${segment(tokenId)}`);
  } finally {
    forget();
  }
}

function forget() {
  keep(null);
  basic = null;
  profile = null;
}

/** Who this is, where, and what that allows; asked once, and again when the tenant changes. */
export async function learn() {
  if (profile?.user) return;
  const { authorization } = await get(`${MANAGER}/config?scope=authorization`);
  const known = { permissions: authorization.permissions, roles: null, tenants: [] };
  try {
    const user = await get(`${MANAGER}/user?_get_data=true`);
    const tenants = await get(`${MANAGER}/tenants?_get_all_results=true&_include=name`);
    known.user = user;
    known.tenants = tenants.items.map((tenant) => tenant.name).sort();
  } catch (error) {
    // in maintenance mode the manager tells nobody; then it decides by itself about each request
    if (error.code !== 'maintenance_mode_active') throw error;
    if (!session.tenant) keep({ ...session, tenant: 'default_tenant' });
    profile = known;
    return;
  }
  profile = known;
  const fallback = known.tenants.includes('default_tenant') ? 'default_tenant' : known.tenants[0];
  chooseTenant(known.tenants.includes(session.tenant) ? session.tenant : fallback);
}

export function chooseTenant(tenant) {
  keep({ ...session, tenant });
  const { user } = profile;
  profile.roles = new Set([
    user.role,
    ...Object.keys(user.group_system_roles ?? {}),
    ...(user.tenants?.[tenant]?.roles ?? []),
  ]);
}

/** Whether it is known who this is, as far as the manager tells. */
export function isKnown() {
  return profile !== null;
}

/** Whether a permission is held; true while that is not known. The manager decides in any case. */
export function may(permission) {
  if (!profile?.roles || profile.roles.has('sys_admin')) return true;
  return (profile.permissions[permission] ?? []).some((role) => profile.roles.has(role));
}

export function isAdministrator() {
  return !profile?.roles || profile.roles.has('sys_admin');
}
