// The field list: what the hits have, how often, and each field's top values.

const FIRST_FIELDS = 120;

function drawFields(ui) {
  const { say, view } = ui;
  const columns = view.columns ?? [];
  const all = view.fields ?? [];
  const wanted = all.filter((field) => matches(ui, field));
  const shown = ui.allFields ? wanted : commonest(wanted, FIRST_FIELDS);
  const by = Object.fromEntries(all.map((field) => [field.name, field]));
  const nodes = [
    labelled(say("field_search"), make("input", {
      type: "search", value: ui.fieldSearch ?? "", "data-key": "fields|search", spellcheck: "false",
      oninput: (event) => {
        ui.fieldSearch = event.target.value;
        event.target.defaultValue = event.target.value;
        ui.redraw("fields");
      },
    })),
  ];
  if (columns.length) {
    nodes.push(make("h4", {}, say("selected")), make("ul", { class: "siem-fields" },
      columns.map((name) => fieldItem(ui, by[name] ?? { name, types: [] }, "columns"))));
  }
  nodes.push(
    make("h4", {}, `${say("available")}: ${say("field_count", { n: number(wanted.length) })}`),
    make("ul", { class: "siem-fields" }, shown.map((field) => fieldItem(ui, field, "fields"))));
  if (shown.length < wanted.length) {
    nodes.push(button(say("show_more_fields", { n: number(wanted.length) }), "fields|all", () => {
      ui.allFields = true;
      ui.redraw("fields");
    }));
  }
  return nodes;
}

/** The fields that most hits have, still in the order of their names. */
function commonest(fields, most) {
  if (fields.length <= most) return fields;
  const kept = new Set([...fields].sort((a, b) => b.documents - a.documents).slice(0, most));
  return fields.filter((field) => kept.has(field));
}

function meaning(ui, field) {
  return (ui.lang === "ja" ? field.meaning_ja : field.meaning_en) ?? "";
}

function matches(ui, field) {
  const words = (ui.fieldSearch ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${field.name} ${meaning(ui, field)}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function fieldItem(ui, field, place) {
  const { say } = ui;
  const key = `${place}|${field.name}`;
  const open = ui.openFields.has(key);
  const share = field.share === undefined ? "" : percent(field.share);
  const head = make("button", {
    type: "button", class: "siem-field", "data-key": key, "aria-expanded": String(open),
    title: [meaning(ui, field), (field.types ?? []).join(", ")].filter(Boolean).join(" · "),
    "aria-label": [say("open_field", { field: plain(field.name) }),
      share && say("coverage", { share })].filter(Boolean).join(", "),
    onclick: () => ui.toggleField(key, field.name),
  }, make("span", { class: "siem-name" }, visible(field.name)),
    make("span", { class: "siem-share" }, share));
  const tools = make("span", { class: "siem-tools" }, fieldTools(ui, field.name, key));
  return make("li", {}, make("div", { class: "siem-line" }, head, tools),
    open ? topValues(ui, field, key) : null);
}

function topValues(ui, field, key) {
  const { say } = ui;
  const top = ui.view.top?.[field.name];
  const known = meaning(ui, field);
  const about = known ? make("p", { class: "siem-note" }, known) : null;
  if (!top) return make("div", { class: "siem-top" }, about, make("p", {}, say("top_waits")));
  if (!top.values.length) {
    const why = [top.error, top.hint].filter(Boolean).join(" ") || say("no_top");
    return make("div", { class: "siem-top" }, about, make("p", {}, visible(why)));
  }
  return make("div", { class: "siem-top" }, about, make("ol", {}, top.values.map((row) => {
    const here = `${key}|${textOf(row.value)}`;
    const bar = make("progress", { max: "1", value: String(row.share ?? 0), "aria-hidden": "true" });
    return make("li", { title: plain(textOf(row.value)) },
      make("span", { class: "siem-line" },
        make("span", { class: "siem-text" }, visible(textOf(row.value), 80)),
        make("span", { class: "siem-count" }, number(row.count)),
        make("span", { class: "siem-share" }, percent(row.share)),
        make("span", { class: "siem-tools siem-always" }, valueTools(ui, field.name, row.value, here))),
      bar);
  })));
}
