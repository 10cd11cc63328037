// A value wherever it stands (cell, field list, details): itself, and what one click does with it.

/** The tools of a value: keep it, drop it. A value that was cut cannot be asked for. */
function valueTools(ui, field, value, key) {
  if (isCut(value) || value === null || value === undefined || typeof value === "object") return [];
  const names = { field: plain(field), value: plain(textOf(value)) };
  return [
    tool("+", ui.say("include", names), `${key}|+`, () => ui.send("include", { field, value })),
    tool("−", ui.say("exclude", names), `${key}|-`, () => ui.send("exclude", { field, value })),
  ];
}

/** The tools of a field: only documents that have it, or lack it; show it as a column. */
function fieldTools(ui, field, key) {
  const { say } = ui;
  const shown = (ui.view.columns ?? []).includes(field);
  const name = { field: plain(field) };
  return [
    tool(say("has"), say("exists", name), `${key}|has`, () => ui.send("exists", { field })),
    tool(say("lacks"), say("missing", name), `${key}|lacks`, () => ui.send("missing", { field })),
    tool(say("col"), say(shown ? "column_off" : "column_on", name), `${key}|col`,
      () => ui.column(field), { "aria-pressed": String(shown) }),
  ];
}

function wholeKey(where) {
  return JSON.stringify([where.index, where.id, where.field, where.at]);
}

/** A value as text: long ones cut with a note, and the whole of it on demand. */
function valueText(ui, value, where, key, longest) {
  if (isCut(value) && value.text === "") {
    return [make("span", { class: "siem-note" }, ui.say("values_left", { n: number(value.length) }))];
  }
  const whole = where && ui.wholes.get(wholeKey(where));
  const text = whole ? whole.text : textOf(value);
  const length = whole?.length ?? (isCut(value) ? value.length : text.length);
  const shown = whole ? text : text.slice(0, longest);
  if (length <= shown.length) return [make("span", { class: "siem-text" }, visible(text, text.length))];
  return [
    make("span", { class: "siem-text" }, visible(shown, shown.length)),
    make("span", { class: "siem-note" }, ui.say("cut", { n: number(length) })),
    where && !whole ? button(ui.say("whole"), `${key}|whole`, () => ui.showWhole(where)) : null,
  ];
}

/** The values of a cell: one, or several, each with its tools. */
function valueList(ui, field, values, key, where, longest = LONGEST) {
  const list = Array.isArray(values) ? values : [values];
  return list.map((value, at) => {
    const here = list.length > 1 ? `${key}|${at}` : key;
    return make("span", { class: "siem-value" },
      valueText(ui, value, where && { ...where, field, at }, here, longest),
      make("span", { class: "siem-tools" }, valueTools(ui, field, value, here)));
  });
}
