// Fields of a dialog for what a blueprint or a workflow declares: inputs, parameters.
import { html, nothing } from './lit-html.js';
import { t } from './strings.js';

const PREFIX = 'input:';
const i = t.inputs;

/** What the field says at first; texts as they are, all else as JSON. */
const initial = ({ default: value }) => (value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));

const required = (declared) => declared.required === true || (declared.required === undefined && declared.default === undefined);
const constraint = (declared, name) => (declared.constraints ?? []).find((one) => one[name] !== undefined)?.[name];
const shown = (declared) => declared.hidden !== true || required(declared);
/** What has to be given first, then by name: the manager keeps no order. */
export const ordered = (declared) => Object.entries(declared ?? {}).sort(([name, one], [otherName, other]) =>
  required(other) - required(one) || name.localeCompare(otherName));

/** What a constraint asks for, without its message, which refusals tell. Of the valid values the field is made. */
const rulesOf = ({ constraints }) => (constraints ?? []).flatMap((rule) => Object.entries(rule))
  .filter(([name]) => !['error_message', 'valid_values'].includes(name)).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);

function control(name, declared) {
  const value = initial(declared);
  const must = required(declared);
  const valid = constraint(declared, 'valid_values');
  const choices = Array.isArray(valid) ? valid.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
    : declared.type === 'boolean' ? ['true', 'false'] : null;
  if (choices) {
    return html`<select name=${PREFIX + name} ?required=${must}>
      ${choices.includes(value) ? nothing : html`<option value=${value} selected>${value}</option>`}
      ${choices.map((one) => html`<option ?selected=${one === value}>${one}</option>`)}</select>`;
  }
  if (['dict', 'list', 'textarea'].includes(declared.type)) {
    return html`<textarea name=${PREFIX + name} rows="3" ?required=${must} spellcheck="false" .defaultValue=${value}></textarea>`;
  }
  const range = constraint(declared, 'in_range') ?? [];
  const literal = declared.default === undefined || typeof declared.default === 'number'; // a default may be a function
  if (['integer', 'float'].includes(declared.type) && literal) {
    return html`<input name=${PREFIX + name} type="number" step=${declared.type === 'integer' ? 1 : 'any'} value=${value} ?required=${must}
      min=${range[0] ?? constraint(declared, 'greater_or_equal') ?? nothing} max=${range[1] ?? constraint(declared, 'less_or_equal') ?? nothing}>`;
  }
  return html`<input name=${PREFIX + name} value=${value} ?required=${must} autocomplete="off"
    minlength=${constraint(declared, 'min_length') ?? nothing} maxlength=${constraint(declared, 'max_length') ?? nothing}>`;
}

/** One field for each of what is declared, as name to schema; hidden ones are left to their defaults. */
export const fieldsOf = (declared) => ordered(declared).filter(([, one]) => shown(one)).map(([name, one]) => html`<label>
  ${one.display_label || name}${required(one) ? html` <span>(${i.required})</span>` : nothing}${one.type ? html` <code>${one.type}</code>` : nothing}
  ${control(name, one)}${one.description ? html`<span class="quiet">${one.description}</span>` : nothing}${
    rulesOf(one).map((rule) => html`<div class="quiet"><code>${rule}</code></div>`)}</label>`);

/** What the form says that is not the default anyway. Whether it is right is the manager's to say. @throws Error for what is no JSON and has to be */
export function valuesOf(declared, form) {
  const values = {};
  for (const [name, one] of Object.entries(declared ?? {})) {
    const text = form[PREFIX + name]?.replaceAll('\r\n', '\n');
    if (text === undefined || text === initial(one)) continue;
    const value = parsed(name, one, text);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function parsed(name, { type, default: value, display_label: label }, text) {
  const isText = type ? !['integer', 'float', 'boolean', 'list', 'dict'].includes(type) : typeof value === 'string';
  if (isText) return text;
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    if (!type) return text; // of no type: a text is as good as anything
    throw new Error(i.notJson(label || name, type));
  }
}
