// Building blocks: all text goes into the page as text, never as markup.

const LONGEST = 2000;
// Controls, bidi marks and other characters that show nothing, or something else than they are.
const UNSEEN = new RegExp([
  "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e]",
  "[\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb]",
  "[\\ud800-\\udbff](?![\\udc00-\\udfff])|(?<![\\ud800-\\udbff])[\\udc00-\\udfff]", // half a pair
].join("|"), "g");
const ATTRIBUTES = new Set([
  "aria-busy", "aria-controls", "aria-describedby", "aria-expanded", "aria-hidden", "aria-invalid",
  "aria-label", "aria-live", "aria-pressed", "aria-current", "aria-selected", "class", "cols", "colspan",
  "data-key", "data-lm-suppress-shortcuts", "disabled", "download", "for", "height", "href", "id", "lang",
  "list", "placeholder", "preserveAspectRatio", "role", "rows", "scope", "selected", "spellcheck", "step",
  "min", "max", "tabindex", "title", "type", "value", "viewBox", "width", "x", "y", "open", "autocomplete",
]);

/** Make an element. `given`: attributes, and listeners as functions under "onclick" and so on. */
function make(tag, given = {}, ...children) {
  const svg = tag === "svg" || tag === "rect";
  const node = svg
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (ATTRIBUTES.has(name)) node.setAttribute(name, value === true ? "" : String(value));
    else throw new Error(`no such attribute: ${name}`);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

function button(label, key, press, given = {}) {
  return make("button", { type: "button", "data-key": key, onclick: press, ...given }, label);
}

/** A small button that shows a sign; what it does is its label. */
function tool(sign, label, key, press, given = {}) {
  return button(sign, key, press, { class: "siem-tool", title: label, "aria-label": label, ...given });
}

function labelled(label, control) {
  return make("label", { class: "siem-labelled" }, make("span", {}, label), control);
}

function option(value, label, chosen) {
  return make("option", { value, selected: value === chosen }, label);
}

/** The character's number, as a programmer writes it. */
function escaped(char) {
  return `\\u${char.codePointAt(0).toString(16).padStart(4, "0")}`;
}

/** Text with all its characters visible, for labels and titles. */
function plain(text, longest = 200) {
  const seen = String(text).slice(0, longest).replace(UNSEEN, escaped);
  return String(text).length > longest ? `${seen}…` : seen;
}

/** Text as nodes: characters that show nothing are shown as their number. */
function visible(text, longest = LONGEST) {
  const nodes = [];
  const shown = String(text).slice(0, longest);
  let done = 0;
  for (const match of shown.matchAll(UNSEEN)) {
    if (match.index > done) nodes.push(shown.slice(done, match.index));
    nodes.push(make("span", { class: "siem-escape" }, escaped(match[0])));
    done = match.index + match[0].length;
  }
  nodes.push(shown.slice(done));
  return nodes;
}

/** What a value looks like as text. Python sends {text, length} for one that it cut. */
function textOf(value) {
  if (isCut(value)) return value.text;
  if (value === null || value === undefined) return "–";
  if (Array.isArray(value)) return value.map(textOf).join(", ") || "–";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function isCut(value) {
  return value !== null && typeof value === "object" && "text" in value && "length" in value;
}

const THOUSANDS = new Intl.NumberFormat("en-US");

function number(value) {
  return THOUSANDS.format(Number(value ?? 0));
}

function percent(share) {
  const hundred = 100 * Number(share ?? 0);
  return hundred > 0 && hundred < 0.1 ? "<0.1%" : `${hundred.toFixed(hundred >= 99.95 ? 0 : 1)}%`;
}

// Times: moments travel as ISO text in UTC; people read them in their zone.

const FORMATS = new Map();

function formatOf(zone) {
  if (!FORMATS.has(zone)) {
    const options = {
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
      second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23", timeZone: zone || "UTC",
    };
    let format;
    try {
      format = new Intl.DateTimeFormat("en-CA", options);
    } catch {
      format = new Intl.DateTimeFormat("en-CA", { ...options, timeZone: "UTC" });
    }
    FORMATS.set(zone, format);
  }
  return FORMATS.get(zone);
}

/** A moment in a zone: "2022-10-03 09:00:00.000"; zeros at the end are left out. */
function local(moment, zone, whole = false) {
  const date = new Date(moment);
  if (Number.isNaN(date.getTime())) return moment ? plain(moment) : "–";
  const part = Object.fromEntries(formatOf(zone).formatToParts(date).map((p) => [p.type, p.value]));
  const minute = `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`;
  const long = `${minute}:${part.second}.${part.fractionalSecond}`;
  return whole ? long : long.replace(/(:00)?\.000$/, "");
}

function zoneName(zone) {
  return { "Asia/Tokyo": "JST", UTC: "UTC" }[zone] ?? zone;
}

/** Copy text; where the page may not use the clipboard, select it instead. */
async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    field?.focus();
    field?.select?.();
    document.execCommand("copy");
  }
}
