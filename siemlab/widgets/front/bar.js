// What is asked: index pattern, time, query text, filters, and the form for a new filter.

const QUICK = ["all", "1h", "24h", "7d", "30d"];
const ZONES = ["UTC", "Asia/Tokyo"];
const OPERATORS = {
  is: ["is", false], is_not: ["is", true],
  one_of: ["is one of", false], not_one_of: ["is one of", true],
  between: ["is between", false], not_between: ["is between", true],
  exists: ["exists", false], missing: ["exists", true],
};

function input(key, value, given = {}) {
  return make("input", {
    type: "text", value: value ?? "", "data-key": key, spellcheck: "false", autocomplete: "off", ...given,
  });
}

/** Mark what was typed as sent, so that a redraw may replace it. */
function settled(...controls) {
  for (const control of controls) control.defaultValue = control.value;
}

function drawTime(ui) {
  const { say, view } = ui;
  const state = view.state ?? {};
  const time = state.time ?? {};
  const patterns = [...new Set([state.pattern, ...(view.patterns ?? ["log-*"])])].filter(Boolean);
  const zone = make("select", { "data-key": "zone", onchange: () => apply(undefined) },
    [...new Set([...ZONES, ui.zone])].map((name) => option(name, name, ui.zone)));
  const from = input("from", time.from ?? "", { class: "siem-moment", placeholder: "2022-10-01" });
  const to = input("to", time.to ?? "", { class: "siem-moment", placeholder: "2022-11-01" });
  const apply = (quick) => {
    settled(from, to);
    const ends = quick ? { from: null, to: null, quick } : { from: from.value, to: to.value, quick: null };
    ui.send("time", { ...ends, tz: zone.value });
  };
  const quick = make("select", { "data-key": "quick", onchange: () => quick.value && apply(quick.value) },
    option("", say("quick_custom"), time.quick ?? (time.from || time.to ? "" : "all")),
    QUICK.map((name) => option(name, say(`quick_${name}`), time.quick ?? (time.from || time.to ? "" : "all"))));
  const pattern = make("select", {
    "data-key": "pattern", onchange: () => ui.send("pattern", { pattern: pattern.value }),
  }, patterns.map((name) => option(name, name, state.pattern)));
  const enter = (event) => {
    event.preventDefault();
    apply(undefined);
  };
  return [make("form", { class: "siem-row", onsubmit: enter },
    labelled(say("pattern"), pattern), labelled(say("quick"), quick), labelled(say("from"), from),
    labelled(say("to"), to), labelled(say("zone"), zone),
    make("button", { type: "submit", "data-key": "apply" }, say("apply")))];
}

function drawQuery(ui) {
  const { say, view } = ui;
  const box = input("query", view.state?.text ?? "", {
    class: "siem-query", placeholder: say("query_hint"), "aria-invalid": view.error ? "true" : null,
    "aria-describedby": view.error ? ui.id("error") : null,
  });
  const ask = (event) => {
    event.preventDefault();
    settled(box);
    ui.send("text", { text: box.value });
  };
  return [
    make("form", { class: "siem-row", role: "search", onsubmit: ask },
      labelled(say("query"), box), make("button", { type: "submit", "data-key": "search" }, say("search"))),
    view.error ? queryError(ui, view.error, view.state?.text ?? "") : null,
    (view.notes ?? []).map((note) => make("p", { class: "siem-hint" },
      `${say("column_mark", { n: note.column })}: `, visible(note.message))),
  ];
}

/** The error in its place: the text with the column marked, what is wrong, what to do. */
function queryError(ui, error, text) {
  const at = Number(error.column ?? 0);
  const marked = at > 0 && text
    ? make("code", { class: "siem-marked" }, visible(text.slice(0, at - 1)),
      make("mark", {}, text.slice(at - 1, at) ? visible(text.slice(at - 1, at)) : "␣"), visible(text.slice(at)))
    : null;
  const place = at > 0 ? ` (${ui.say("column_mark", { n: at })})` : "";
  return make("div", { class: "siem-error", role: "alert", id: ui.id("error") },
    make("p", {}, `${ui.say("error")}${place}: `, visible(error.message ?? "")), marked,
    error.hint ? make("p", { class: "siem-hint" }, visible(error.hint)) : null);
}

function drawPills(ui) {
  const { say, view } = ui;
  const pills = view.state?.pills ?? [];
  return [
    make("ul", { class: "siem-pills", "aria-label": say("filters") },
      pills.map((pill, index) => pillItem(ui, pill, index)),
      pills.length ? null : make("li", { class: "siem-note" }, `${say("filters")}: ${say("no_filters")}`)),
    button(say("add_filter"), "add-filter", () => ui.editFilter({}), {
      "aria-expanded": String(Boolean(ui.form && ui.form.index === undefined)),
    }),
    ui.form ? filterForm(ui) : null,
  ];
}

function pillItem(ui, pill, index) {
  const { say } = ui;
  const name = { pill: plain(pill.label) };
  const act = (action) => () => ui.send("pill", { index, action });
  const on = pill.enabled !== false;
  const classes = ["siem-pill", pill.negate && "siem-negated", !on && "siem-off"].filter(Boolean);
  return make("li", { class: classes.join(" ") },
    make("span", { class: "siem-text", title: plain(pill.label) }, visible(pill.label, 120)),
    on ? null : make("span", { class: "siem-note" }, say("disabled")),
    pill.pinned ? make("span", { class: "siem-note" }, say("pinned")) : null,
    tool(say(on ? "sign_off" : "sign_on"), say(on ? "disable" : "enable", name), `pill:${index}|toggle`, act("toggle")),
    tool(say("sign_not"), say("invert", name), `pill:${index}|negate`, act("negate")),
    tool(say("sign_edit"), say("edit", name), `pill:${index}|edit`, () => ui.editFilter({ ...pill, index })),
    tool(say("sign_pin"), say(pill.pinned ? "unpin" : "pin", name), `pill:${index}|pin`, act("pin"), {
      "aria-pressed": String(Boolean(pill.pinned)),
    }),
    tool("×", say("remove", name), `pill:${index}|remove`, act("remove")));
}

/** The form for a filter: its field, an operator of Query, and the values that one needs. */
function filterForm(ui) {
  const { say, form } = ui;
  const change = (name) => (event) => {
    form[name] = event.target.value;
    event.target.defaultValue = event.target.value;
  };
  const known = make("datalist", { id: ui.id("fields") },
    (ui.view.fields ?? []).map((field) => make("option", { value: field.name })));
  const field = input("form|field", form.field, { list: ui.id("fields"), oninput: change("field") });
  const operator = make("select", {
    "data-key": "form|operator",
    onchange: (event) => {
      form.operator = event.target.value;
      ui.redraw("pills");
    },
  }, Object.keys(OPERATORS).map((name) => option(name, say(`op_${name}`), form.operator)));
  const submit = (event) => {
    event.preventDefault();
    ui.sendFilter(form);
  };
  return make("form", {
    class: "siem-form", "aria-label": say(form.index === undefined ? "add_filter" : "edit_filter"),
    onsubmit: submit, onkeydown: (event) => event.key === "Escape" && ui.editFilter(null),
  }, labelled(say("field"), field), known, labelled(say("operator"), operator), filterValues(ui, change),
    make("button", { type: "submit", "data-key": "form|send" }, say(form.index === undefined ? "add" : "change")),
    button(say("cancel"), "form|cancel", () => ui.editFilter(null)));
}

function filterValues(ui, change) {
  const { say, form } = ui;
  const [op] = OPERATORS[form.operator];
  if (op === "exists") return null;
  if (op === "is") {
    return labelled(say("value"), input("form|value", form.value, { oninput: change("value") }));
  }
  if (op === "is one of") {
    return labelled(say("values"), make("textarea", {
      rows: "3", "data-key": "form|values", spellcheck: "false", oninput: change("values"),
    }, form.values ?? ""));
  }
  return [
    labelled(say("low"), input("form|low", form.low, { oninput: change("low") })),
    labelled(say("high"), input("form|high", form.high, { oninput: change("high") })),
  ];
}

/** One-click exclusions of what the baseline sheet knows as good. */
function drawExclusions(ui) {
  const { say, view } = ui;
  const all = view.exclusions ?? [];
  if (!all.length) return [];
  return [make("div", { class: "siem-known", role: "group", "aria-label": say("known_good") },
    make("span", { class: "siem-note" }, say("known_good")),
    all.map((one) => {
      const counts = { before: number(one.before), after: number(one.after) };
      const known = one.before !== undefined && one.before !== null;
      return button(
        [make("span", {}, plain(one.label)),
          known ? make("span", { class: "siem-count" }, ` ${counts.before} → ${counts.after}`) : ""],
        `exclusion:${one.id}`, () => ui.send("exclusion", { id: one.id }), {
          class: "siem-chip", "aria-pressed": String(Boolean(one.active)),
          title: known ? say("exclusion_title", { label: plain(one.label), ...counts }) : plain(one.label),
        });
    }))];
}
