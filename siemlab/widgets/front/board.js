// The dashboard: panels of the same documents; a click on a bar includes its value in all of them.

class Board {
  constructor(model, el) {
    this.model = model;
    this.root = make("section", {
      class: "siem-discover siem-board", role: "region", "data-lm-suppress-shortcuts": "true",
      onkeydown: (event) => event.stopPropagation(),
    });
    el.append(this.root);
    this.link = new Link(model, (parts) => this.update(parts));
    this.repage = () => this.update(new Set(["page"]));
    model.on("change:page", this.repage);
    this.update(new Set(["page"]));
    if (this.view.panels === undefined) this.send("ask", { what: "view" });
  }

  close() {
    this.link.close();
    this.model.off("change:page", this.repage);
    this.root.remove();
  }

  get view() {
    return this.link?.view ?? {};
  }

  get lang() {
    return this.view.state?.lang ?? this.page.lang ?? "en";
  }

  get say() {
    return speaker(this.lang);
  }

  get zone() {
    return this.view.state?.tz ?? "UTC";
  }

  get page() {
    return this.model.get("page") ?? {};
  }

  send(kind, given) {
    this.link.send(kind, given);
  }

  present(change) {
    this.model.set("page", { ...this.page, ...change });
    this.model.save_changes();
  }

  update(parts) {
    if (!this.link) return;
    const { page } = this;
    this.root.setAttribute("lang", this.lang);
    this.root.setAttribute("aria-label", this.say("board_label", { title: this.view.board?.title ?? "" }));
    this.root.setAttribute("aria-busy", String(this.link.busy));
    this.root.classList.toggle("siem-large", page.size === "large");
    this.root.classList.toggle("siem-light", page.theme === "light");
    this.root.classList.toggle("siem-dark", page.theme === "dark");
    const onlyMood = parts.size === 1 && parts.has("mood");
    if (onlyMood) {
      this.status?.replaceChildren(...boardStatus(this));
      return;
    }
    this.draw();
    if (!this.link.busy) {
      this.root.dispatchEvent(new CustomEvent("siemlab:drawn", {
        bubbles: true, detail: { seq: this.view.seq, total: this.view.total, parts: [...parts] },
      }));
    }
  }

  /** Draw everything anew; the focus stays on the control that has it. */
  draw() {
    const active = this.root.getRootNode().activeElement;
    const key = this.root.contains(active) ? active.getAttribute("data-key") : null;
    this.status = make("div", { class: "siem-status", role: "status", "aria-live": "polite" },
      boardStatus(this));
    this.root.replaceChildren(
      boardHead(this), boardPills(this), this.status,
      make("div", { class: "siem-panels" },
        (this.view.panels ?? []).map((panel) => boardPanel(this, panel))));
    if (key) this.refocus(key);
  }

  refocus(key) {
    const find = (name) => this.root.querySelector(`[data-key="${CSS.escape(name)}"]`);
    const panel = key.split("|")[0];
    const next = find(key) ?? this.root.querySelector(`[data-key^="${CSS.escape(`${panel}|`)}"]`);
    (next && !next.disabled ? next : find("board"))?.focus({ preventScroll: true });
  }
}

function boardHead(ui) {
  const { say, view } = ui;
  const choose = (event) => ui.send("board", { name: event.target.value });
  return make("div", { class: "siem-row" },
    labelled(say("board"), make("select", { "data-key": "board", onchange: choose },
      (view.boards ?? []).map((one) => option(one.name, one.title, view.board?.name)))),
    make("p", { class: "siem-note" }, plain(view.state?.pattern ?? ""), " · ", boardTime(ui)),
    view.state?.time?.from || view.state?.time?.to
      ? button(say("board_wide"), "wide", () => ui.send("time", { from: null, to: null }))
      : null,
    button(say("undo"), "undo", () => ui.send("undo"), { disabled: !view.can_undo }),
    button(say("redo"), "redo", () => ui.send("redo"), { disabled: !view.can_redo }),
    presentTools(ui));
}

function boardTime(ui) {
  const time = ui.view.state?.time;
  if (!time?.from && !time?.to) return `${ui.say("board_all_time")} (${zoneName(ui.zone)})`;
  const end = (text) => (text ? plain(text).replace("T", " ") : ui.say("board_open"));
  return ui.say("board_time", { from: end(time.from), to: end(time.to), zone: zoneName(ui.zone) });
}

/** The filters, each with what can be done with it. */
function boardPills(ui) {
  const { say, view } = ui;
  const pills = view.state?.pills ?? [];
  return make("ul", { class: "siem-pills", "aria-label": say("filters") }, pills.map((pill, at) => {
    const name = { pill: plain(pill.label) };
    const act = (action) => () => ui.send("pill", { index: at, action });
    const look = `siem-pill${pill.negate ? " siem-negated" : ""}${pill.enabled ? "" : " siem-off"}`;
    const onOff = pill.enabled ? ["sign_off", "disable"] : ["sign_on", "enable"];
    return make("li", { class: look },
      make("span", { class: "siem-text" }, visible(pill.label, 200)),
      tool(say(onOff[0]), say(onOff[1], name), `pill:${at}|toggle`, act("toggle")),
      tool(say("sign_not"), say("invert", name), `pill:${at}|negate`, act("negate")),
      tool("×", say("remove", name), `pill:${at}|remove`, act("remove")));
  }));
}

function boardStatus(ui) {
  const { say, view, link } = ui;
  const warn = { slow: "slow", silent: "silent", gone: "gone" }[link.mood];
  if (warn) return [make("p", { class: "siem-warn" }, say(warn))];
  if (view.error) {
    return [make("p", { class: "siem-error" }, visible(view.error.message ?? ""),
      view.error.hint ? ` ${plain(view.error.hint, 500)}` : "")];
  }
  if (view.total === undefined) return [make("p", {}, say("busy"))];
  return [make("p", {}, say(view.total === 1 ? "hit" : "hits", { n: number(view.total) }))];
}

const PANELS = { number: boardNumber, histogram: drawHistogram, top: boardTop, table: boardTable };

function boardPanel(ui, panel) {
  const wide = panel.kind === "histogram" || panel.kind === "table";
  const title = plain(panel.title);
  return make("section", {
    class: `siem-panel siem-panel-${panel.kind}${wide ? " siem-panel-wide" : ""}`, "aria-label": title,
  }, make("h4", {}, title),
  panel.error ? make("p", { class: "siem-warn" }, visible(panel.error)) : PANELS[panel.kind](ui, panel));
}

function boardNumber(ui, panel) {
  const { say } = ui;
  const only = panel.only ?? [];
  const words = { n: number(panel.count), title: plain(panel.title) };
  const narrow = () => only.forEach((pill) => ui.send(...asEvent(pill)));
  return [
    only.length
      ? button(number(panel.count), `${panel.id}|only`, narrow,
        { class: "siem-figure", "aria-label": say("board_only", words), title: say("board_only", words) })
      : make("p", { class: "siem-figure" }, number(panel.count)),
    only.length ? make("p", { class: "siem-note" }, say("board_share", { share: percent(panel.share) })) : null,
  ];
}

/** The event that adds a filter. */
function asEvent({ field, op, values, negate }) {
  if (op === "exists") return [negate ? "missing" : "exists", { field }];
  if (op === "is between") return ["between", { field, low: values[0], high: values[1], negate }];
  if (op === "is one of") return ["one_of", { field, values, negate }];
  return [negate ? "exclude" : "include", { field, value: values[0] }];
}

function boardTop(ui, panel) {
  const values = panel.values ?? [];
  if (!values.length) return [make("p", { class: "siem-note" }, ui.say("board_none"))];
  const most = Math.max(...values.map((row) => row.count));
  return [make("ul", { class: "siem-tops" },
    values.map((row, at) => boardBar(ui, panel, row, `${panel.id}|${at}`, row.count / most)))];
}

/** One value: a button with its bar that includes it everywhere, and a minus that excludes it. */
function boardBar(ui, panel, row, key, share) {
  const { field } = panel;
  const text = textOf(row.value);
  const names = { field: plain(field), value: plain(text) };
  const bar = make("svg", {
    viewBox: "0 0 100 1", preserveAspectRatio: "none", class: "siem-meter", "aria-hidden": "true",
  }, make("rect", { x: 0, y: 0, width: 100 * share, height: 1 }));
  const inside = [
    make("span", { class: "siem-text" }, visible(text, 120)),
    make("span", { class: "siem-count" }, number(row.count)), bar,
  ];
  if (isCut(row.value)) return make("li", {}, make("div", { class: "siem-top" }, inside));
  const value = row.value;
  return make("li", {},
    make("button", {
      type: "button", class: "siem-top", "data-key": `${key}|+`, title: plain(text, 400),
      "aria-label": `${ui.say("include", names)}, ${number(row.count)}`,
      onclick: () => ui.send("include", { field, value }),
    }, inside),
    tool("−", ui.say("exclude", names), `${key}|-`, () => ui.send("exclude", { field, value })));
}

function boardTable(ui, panel) {
  const { say, view } = ui;
  const columns = view.columns ?? [];
  const rows = view.rows ?? [];
  if (!rows.length) return [make("p", { class: "siem-note" }, say("board_none"))];
  const heads = [say("time", { zone: zoneName(ui.zone) }), ...columns.map((name) => plain(name))];
  return [make("div", { class: "siem-scroll", tabindex: "0", role: "group", "aria-label": plain(panel.title) },
    make("table", { class: "siem-documents" },
      make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
      make("tbody", {}, rows.map((row, at) => make("tr", {},
        make("td", { class: "siem-when" }, local(row.time, ui.zone)),
        columns.map((field, place) => make("td", {},
          valueList(ui, field, row.cells[place] ?? [], `${panel.id}|${at}|${place}`))))))))];
}

function render({ model, el }) {
  const board = new Board(model, el);
  return () => board.close();
}

export default { render };
