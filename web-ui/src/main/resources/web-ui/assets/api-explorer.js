// The two OpenAPI documents, to read and to try out. Requests go with the login of this tab, if there is one.
import { identity, MANAGER, OWN } from './api.js';
import { t } from './strings.js';

const of = new URLSearchParams(location.search).get('of') === 'manager' ? 'manager' : 'holdfast';
const url = `${of === 'manager' ? MANAGER : OWN}/openapi.json`;
const { username, headers } = identity();

for (const link of document.querySelectorAll('nav a')) {
  if (link.getAttribute('href').endsWith(`=${of}`)) link.setAttribute('aria-current', 'page');
}
document.getElementById('caller').textContent = username ? t.explorer.as(username) : t.explorer.nobody;

/** The document, in which forms are filled with the tenant that was chosen. */
async function load() {
  const response = await fetch(url);
  if (!response.ok) throw new Error(t.explorer.missing(url, response.status));
  const described = await response.json();
  const operations = Object.values(described.paths).flatMap((item) => Object.values(item));
  for (const parameter of operations.flatMap((operation) => operation.parameters)) {
    if (parameter.name === 'Tenant' && headers.Tenant) parameter.schema.default = headers.Tenant;
  }
  return described;
}

/** What is typed into a form counts more than the login. */
function withLogin(request) {
  if (new URL(request.url, location.href).origin !== location.origin) return request;
  const given = new Set(Object.keys(request.headers).map((name) => name.toLowerCase()));
  const credentials = given.has('authorization') || given.has('authentication-token') || given.has('execution-token');
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'Tenant' ? !given.has('tenant') : !credentials) request.headers[name] = value;
  }
  return request;
}

const explorer = document.getElementById('explorer');
try {
  window.SwaggerUIBundle({
    spec: await load(),
    domNode: explorer,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
    docExpansion: 'list',
    deepLinking: true,
    filter: true,
    // its badge would be asked of somebody else's server
    validatorUrl: null,
    requestInterceptor: withLogin,
  });
} catch (failure) {
  explorer.textContent = failure.message;
}
