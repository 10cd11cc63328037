// Discover: the sections, what each is drawn from, and what is drawn again when that changes.

const SECTIONS = {
  time: { parts: ["state", "patterns"], draw: drawTime },
  query: { parts: ["state", "error", "notes"], draw: drawQuery },
  pills: { parts: ["state"], draw: drawPills },
  exclusions: { parts: ["exclusions"], draw: drawExclusions },
  steps: { parts: ["replay"], draw: drawSteps },
  status: { parts: ["mood", "total", "took_ms", "trail", "step", "can_undo", "can_redo"], draw: drawStatus },
  histogram: { parts: ["histogram", "zone"], draw: drawHistogram },
  fields: { parts: ["fields", "top", "columns"], draw: drawFields },
  documents: { parts: ["rows", "columns", "total", "picked", "zone"], draw: drawDocuments },
  panels: { parts: ["trail", "step", "saved"], draw: drawPanels },
};
const WHOLE = ["state", "patterns", "rows", "trail"];
let made = 0;

/** The widget on the page: what is open in it, and its link to Python. */
class Discover {
  constructor(model, el) {
    made += 1;
    Object.assign(this, {
      model, number: made, form: null, openFields: new Set(), openRows: new Set(), jsonRows: new Set(),
      openPanels: new Set(), sources: new Map(), wholes: new Map(), aroundSize: 5,
    });
    this.root = make("section", {
      class: "siem-discover", role: "region", "data-lm-suppress-shortcuts": "true",
      onkeydown: (event) => event.stopPropagation(),
    });
    this.boxes = Object.fromEntries(
      Object.keys(SECTIONS).map((name) => [name, make("div", { class: `siem-${name}` })]));
    this.lay();
    el.append(this.root);
    this.link = new Link(model, (parts) => this.update(parts));
    this.repage = () => this.update(new Set(["page"]));
    model.on("change:page", this.repage);
    this.update(new Set(["page"]));
    requestAnimationFrame(() => this.announce(Object.keys(this.view))); // it is in the page by then
    // After a reload of the page the model knows the last parts only: ask for all of them.
    if (WHOLE.some((part) => this.view[part] === undefined)) this.ask("view");
  }

  lay() {
    const { time, query, pills, exclusions, steps, status, histogram, fields, documents, panels } = this.boxes;
    this.root.append(steps, time, query, pills, exclusions, status,
      make("div", { class: "siem-body" }, make("div", { class: "siem-side" }, fields),
        make("div", { class: "siem-main" }, histogram, documents)), panels);
  }

  close() {
    this.link.close();
    this.model.off("change:page", this.repage);
    this.root.remove();
  }

  get view() {
    return this.link?.view ?? {};
  }

  get page() {
    return this.model.get("page") ?? {};
  }

  get lang() {
    return this.view.state?.lang ?? this.page.lang ?? "en";
  }

  get say() {
    return speaker(this.lang);
  }

  get zone() {
    return this.view.state?.tz ?? this.view.state?.time?.tz ?? "UTC";
  }

  id(name) {
    return `siem-${this.number}-${name}`;
  }

  send(kind, given) {
    this.link.send(kind, given);
  }

  ask(what, given = {}) {
    this.send("ask", { what, ...given });
  }

  /** Show a field as a column, or not; the first time, Python's own columns are the start. */
  column(field) {
    this.send("column", { field, shown: this.view.columns ?? [] });
  }

  /** Draw again what the changed parts of the view are shown in. */
  update(parts) {
    if (!this.link) return;
    this.learn(parts);
    const everything = parts.has("page") || this.drawnLang !== this.lang;
    const zone = this.drawnZone !== this.zone;
    this.drawnLang = this.lang;
    this.drawnZone = this.zone;
    if (zone) parts.add("zone");
    this.dress();
    const stale = Object.entries(SECTIONS).filter(([, section]) =>
      everything || section.parts.some((part) => parts.has(part)) || (parts.has("answers") && section.draw === drawPanels)
      || (parts.has("answers") && section.draw === drawDocuments));
    this.redraw(...stale.map(([name]) => name));
    const onlyMood = parts.size === 1 && parts.has("mood");
    if (onlyMood || this.link.busy) return;
    this.announce(parts);
    this.follow(parts);
  }

  /** Tell who listens (tests do) what is on the page now. */
  announce(parts) {
    const { seq, total, took_ms } = this.view;
    const detail = { seq, total, took_ms, parts: [...parts] };
    this.root.dispatchEvent(new CustomEvent("siemlab:drawn", { bubbles: true, detail }));
  }

  /** Keep what was answered about single documents. */
  learn(parts) {
    if (!parts.has("answers")) return;
    const { source, value } = this.view.answers ?? {};
    if (source) this.sources.set(rowKey(source), source);
    if (value) this.wholes.set(wholeKey(value), value);
  }

  /** After a step, ask anew for what is open: top values, "show as". */
  follow(parts) {
    const top = this.view.top ?? {};
    const open = new Set([...this.openFields].map((key) => key.slice(key.indexOf("|") + 1)));
    for (const field of open) {
      if (top[field] === undefined) this.ask("top", { field });
    }
    if (parts.has("state") && this.openPanels.has("show")) this.ask("show");
  }

  dress() {
    const { root, page } = this;
    root.setAttribute("lang", this.lang);
    root.setAttribute("aria-label", this.say("title"));
    root.setAttribute("aria-busy", String(Boolean(this.link.busy)));
    root.classList.toggle("siem-large", page.size === "large");
    root.classList.toggle("siem-light", page.theme === "light");
    root.classList.toggle("siem-dark", page.theme === "dark");
  }

  /** Draw sections again; what is typed, and where the focus is, stay. */
  redraw(...names) {
    const focus = this.focused();
    for (const name of names) {
      const typed = typedIn(this.boxes[name]);
      this.boxes[name].replaceChildren(...SECTIONS[name].draw(this).flat(Infinity).filter(Boolean));
      retype(this.boxes[name], typed);
    }
    this.refocus(focus);
  }

  focused() {
    const node = this.root.getRootNode().activeElement;
    if (!node || !this.root.contains(node)) return null;
    const box = Object.values(this.boxes).find((one) => one.contains(node));
    return { box, key: node.getAttribute("data-key"), start: node.selectionStart, end: node.selectionEnd };
  }

  /** Give the focus back to the same control, or to the nearest that is still there. */
  refocus(focus) {
    if (!focus?.key || this.root.contains(this.root.getRootNode().activeElement)) return;
    for (let key = focus.key; key; key = key.slice(0, Math.max(0, key.lastIndexOf("|")))) {
      const node = this.root.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (node && !node.disabled) {
        node.focus({ preventScroll: true });
        if (key === focus.key && node.tagName === "INPUT" && focus.start !== null) {
          try {
            node.setSelectionRange(focus.start, focus.end);
          } catch {
            // a number has no selection
          }
        }
        return;
      }
    }
    const near = focus.box?.querySelector("button[data-key]:not(:disabled)");
    (near ?? this.root.querySelector('[data-key="query"]')).focus({ preventScroll: true });
  }

  toggleField(key, field) {
    if (this.openFields.delete(key)) {
      this.redraw("fields");
      return;
    }
    this.openFields.add(key);
    this.redraw("fields");
    if (this.view.top?.[field] === undefined) this.ask("top", { field });
  }

  toggleRow(row) {
    const key = rowKey(row);
    if (!this.openRows.delete(key)) {
      this.openRows.add(key);
      if (!this.sources.has(key)) this.ask("source", { index: row.index, id: row.id, time: row.time });
    }
    this.redraw("documents");
  }

  togglePanel(name) {
    if (!this.openPanels.delete(name)) {
      this.openPanels.add(name);
      if (name === "show") this.ask("show");
    }
    this.redraw("panels");
  }

  /** Ask for all of a value that was cut. */
  showWhole(where) {
    this.ask("value", where);
  }

  present(change) {
    this.model.set("page", { ...this.page, ...change });
    this.model.save_changes();
  }

  /** Open the filter form with a filter in it; null closes it. */
  editFilter(pill) {
    const before = this.form;
    this.form = pill && {
      index: pill.index, field: pill.field ?? "", operator: operatorOf(pill), ...valuesOf(pill),
    };
    this.redraw("pills");
    const key = pill ? "form|field" : before?.index === undefined ? "add-filter" : `pill:${before.index}|edit`;
    this.root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  }

  sendFilter(form) {
    const [op, negate] = OPERATORS[form.operator];
    const field = form.field.trim();
    if (!field) {
      this.root.querySelector('[data-key="form|field"]').focus();
      return;
    }
    const lines = (form.values ?? "").split("\n").map((line) => line.trim()).filter(Boolean);
    const ends = [form.low, form.high].map((end) => (end?.trim() ? end.trim() : null));
    const values = { is: [form.value ?? ""], "is one of": lines, "is between": ends, exists: [] }[op];
    this.form = null;
    if (form.index !== undefined) {
      this.send("pill", { index: form.index, action: "edit", field, op, values, negate });
    } else if (op === "is") {
      this.send(negate ? "exclude" : "include", { field, value: values[0] });
    } else if (op === "exists") {
      this.send(negate ? "missing" : "exists", { field });
    } else if (op === "is one of") {
      this.send("one_of", { field, values, negate });
    } else {
      this.send("between", { field, low: ends[0], high: ends[1], negate });
    }
    this.redraw("pills");
    this.root.querySelector('[data-key="add-filter"]').focus();
  }
}

function operatorOf(pill) {
  const found = Object.entries(OPERATORS).find(([, [op, negate]]) =>
    op === pill.op && negate === Boolean(pill.negate));
  return found ? found[0] : "is";
}

function valuesOf(pill) {
  const values = (pill.values ?? []).map((value) => (value === null ? "" : textOf(value)));
  return { value: values[0] ?? "", values: values.join("\n"), low: values[0] ?? "", high: values[1] ?? "" };
}

/** What was typed but not sent yet, by the key of its control. */
function typedIn(box) {
  const controls = [...box.querySelectorAll("input[data-key], textarea[data-key]")];
  return controls
    .filter((control) => !control.readOnly && control.value !== control.defaultValue)
    .map((control) => [control.getAttribute("data-key"), control.value]);
}

function retype(box, typed) {
  for (const [key, value] of typed) {
    const control = box.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (control) control.value = value;
  }
}

function render({ model, el }) {
  const discover = new Discover(model, el);
  return () => discover.close();
}

export default { render };
