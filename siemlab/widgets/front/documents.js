// The documents: newest first, each opens to a table or JSON, with a click beside every value.

const LONGEST_CELL = 400; // characters of a value in the table; its details show more

function drawDocuments(ui) {
  const { say, view } = ui;
  const rows = view.rows ?? [];
  const columns = view.columns ?? [];
  if (!rows.length) {
    return [make("p", { class: "siem-note" }, say("no_rows"))];
  }
  const head = make("tr", {},
    make("th", { scope: "col", class: "siem-narrow" }, make("span", { class: "siem-away" }, say("as_table"))),
    make("th", { scope: "col", class: "siem-time" }, say("time", { zone: zoneName(ui.zone) })),
    columns.length
      ? columns.map((name) => columnHead(ui, name))
      : make("th", { scope: "col" }, say("summary")));
  const total = Number(view.total ?? rows.length);
  return [
    make("div", { class: "siem-scroll" }, make("table", { class: "siem-documents" },
      make("caption", {}, say("documents")), make("thead", {}, head),
      make("tbody", {}, rows.map((row, at) => documentRows(ui, row, at, columns))))),
    rows.length < total
      ? button(say("more", { shown: number(rows.length), n: number(total) }), "more", () => ui.send("page"))
      : make("p", { class: "siem-note" }, say("all_shown", { n: number(total) })),
  ];
}

function columnHead(ui, name) {
  return make("th", { scope: "col" }, make("span", {}, visible(name)), " ",
    tool("×", ui.say("column_off", { field: plain(name) }), `head|${name}`, () => ui.column(name)));
}

function rowKey(row) {
  return `row:${row.index}/${row.id}`;
}

function whereOf(row) {
  return { index: row.index, id: row.id, time: row.time };
}

function documentRows(ui, row, at, columns) {
  const { say } = ui;
  const key = rowKey(row);
  const open = ui.openRows.has(key);
  const cells = columns.length
    ? columns.map((name, column) => make("td", {}, valueList(ui, name, row.cells[column], `${key}|${name}`,
      whereOf(row), LONGEST_CELL)))
    : make("td", { class: "siem-summary" }, summary(ui, row));
  const line = make("tr", { class: open ? "siem-open" : null },
    make("td", { class: "siem-narrow" }, button(open ? "▾" : "▸", key, () => ui.toggleRow(row), {
      class: "siem-tool", "aria-expanded": String(open), "aria-label": say("expand", { n: at + 1 }),
    })),
    make("td", { class: "siem-time" }, row.time ? local(row.time, ui.zone) : "–"), cells);
  if (!open) return [line];
  const span = Math.max(1, columns.length) + 2;
  return [line, make("tr", { class: "siem-detail" }, make("td", { colspan: span }, details(ui, row)))];
}

/** The whole document in a line: the fields that Python picked for it. */
function summary(ui, row) {
  return (row.summary ?? []).map(({ field, value }) => make("span", { class: "siem-pair" },
    make("span", { class: "siem-name" }, visible(field)), " ",
    make("span", { class: "siem-text" }, visible(textOf(value), 160)), " "));
}

function details(ui, row) {
  const { say } = ui;
  const key = `${rowKey(row)}|detail`;
  const source = ui.sources.get(rowKey(row));
  const json = ui.jsonRows.has(rowKey(row));
  const tab = (label, name, wanted) => button(label, `${key}|${name}`, () => {
    if (wanted) ui.jsonRows.add(rowKey(row));
    else ui.jsonRows.delete(rowKey(row));
    ui.redraw("documents");
  }, { "aria-pressed": String(json === wanted) });
  const picked = (ui.view.picked ?? []).some((one) => one.index === row.index && one.id === row.id);
  const where = whereOf(row);
  const size = input(`${key}|size`, String(ui.aroundSize), {
    type: "number", min: "1", max: "50", "aria-label": `${say("around")}: ${say("around_each")}`,
    oninput: (event) => { ui.aroundSize = Math.min(50, Math.max(1, Number(event.target.value) || 5)); },
  });
  return [
    make("div", { class: "siem-row" }, tab(say("as_table"), "table", false), tab(say("as_json"), "json", true),
      button(say("around"), `${key}|around`, () => ui.ask("around", { ...where, size: ui.aroundSize })),
      size, make("span", { class: "siem-note" }, say("around_each")),
      button(say("link"), `${key}|link`, () => ui.send("include", { field: "@id", value: row.id })),
      button(say(picked ? "unpick" : "pick"), `${key}|pick`, () => ui.send("pick", where), {
        "aria-pressed": String(picked),
      })),
    make("p", { class: "siem-note" }, visible(`${row.index} / ${row.id}`)),
    source === undefined ? make("p", {}, say("top_waits")) : json ? jsonView(source) : sourceTable(ui, row, source),
    aroundView(ui, row),
  ];
}

function sourceTable(ui, row, source) {
  const key = `${rowKey(row)}|detail`;
  return make("table", { class: "siem-source" }, make("tbody", {}, source.fields.map(({ field, value }) => {
    const here = `${key}|${field}`;
    return make("tr", {},
      make("th", { scope: "row" }, make("span", { class: "siem-name" }, visible(field)),
        make("span", { class: "siem-tools" }, fieldTools(ui, field, here))),
      make("td", {}, valueList(ui, field, value, here, whereOf(row))));
  })));
}

/** The document as JSON. What JSON leaves as it is but shows as nothing is made visible here. */
function jsonView(source) {
  const text = source.json ?? JSON.stringify(
    Object.fromEntries(source.fields.map(({ field, value }) => [field, isCut(value) ? `${value.text}…` : value])),
    null, 2);
  return make("pre", { class: "siem-json", tabindex: "0" }, jsonText(text));
}

function jsonText(text) {
  return text.slice(0, 200000).split("\n").flatMap((line) => [...visible(line), "\n"]);
}

/** The documents before and after one, oldest first, itself marked. */
function aroundView(ui, row) {
  const { say, view } = ui;
  const around = view.answers?.around;
  if (!around || around.id !== row.id || around.index !== row.index) return null;
  const columns = around.columns ?? [];
  return make("div", { class: "siem-around" },
    make("h5", {}, say("around_title", { id: plain(row.id, 60) })),
    make("table", {}, make("tbody", {}, around.rows.map((other) => {
      const self = other.id === row.id && other.index === row.index;
      return make("tr", { class: self ? "siem-self" : null, "aria-current": self ? "true" : null },
        make("td", { class: "siem-time" }, local(other.time, ui.zone)),
        columns.length
          ? columns.map((_, at) => make("td", {}, visible(textOf(other.cells[at]), 160)))
          : make("td", {}, summary(ui, other)),
        make("td", {}, self ? say("this_one") : ""));
    }))));
}
