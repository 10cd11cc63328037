// Around the search: status, trail, show as, save, share, export, steps, presentation.

function drawStatus(ui) {
  const { say, view, link } = ui;
  const warn = ["slow", "silent", "gone"].includes(link.mood);
  const total = Number(view.total ?? 0);
  const text = warn || link.mood === "busy"
    ? say(link.mood)
    : [say(total === 1 ? "hit" : "hits", { n: number(total) }),
      view.took_ms === undefined ? "" : say("took", { ms: Math.round(view.took_ms) })].filter(Boolean).join(" · ");
  const steps = view.trail ?? [];
  const at = view.step ?? Math.max(0, steps.length - 1);
  return [
    make("p", { class: warn ? "siem-status siem-warn" : "siem-status", role: "status", "aria-live": "polite" },
      make("strong", {}, text)),
    button(say("undo"), "undo", () => ui.send("undo"), { disabled: view.can_undo === false }),
    button(say("redo"), "redo", () => ui.send("redo"), { disabled: view.can_redo === false }),
    presentTools(ui, at),
  ];
}

function presentTools(ui) {
  const { say } = ui;
  return make("span", { class: "siem-present" },
    button(say("present"), "present", () => ui.present({ size: ui.page.size === "large" ? "normal" : "large" }), {
      "aria-pressed": String(ui.page.size === "large"),
    }),
    themeChoice(ui));
}

function themeChoice(ui) {
  const { say } = ui;
  const theme = ui.page.theme ?? "auto";
  const choice = make("select", {
    "data-key": "theme", "aria-label": say("theme"), onchange: () => ui.present({ theme: choice.value }),
  }, ["auto", "light", "dark"].map((name) => option(name, say(`theme_${name}`), theme)));
  return choice;
}

/** For a class: a saved trail, replayed one step at a time, with the hits that each leaves. */
function drawSteps(ui) {
  const { say, view } = ui;
  const replay = view.replay;
  if (!replay) return [];
  const { position, steps } = replay;
  const step = steps[position] ?? { label: "", before: 0, after: 0 };
  const go = (to) => () => ui.send("step", { step: to });
  return [make("div", { class: "siem-steps", role: "group", "aria-label": say("steps") },
    button(say("previous"), "steps|previous", go(position - 1), { disabled: position <= 0 }),
    make("strong", {}, say("step_of", { n: position, all: steps.length - 1 })),
    make("span", { class: "siem-text" }, visible(step.label)),
    make("span", { class: "siem-count" }, say("trail_hits", { before: number(step.before), after: number(step.after) })),
    button(say("next"), "steps|next", go(position + 1), { disabled: position >= steps.length - 1 }))];
}

function panel(ui, name, label, content) {
  const open = ui.openPanels.has(name);
  return make("div", { class: "siem-panel" },
    button(label, `panel|${name}`, () => ui.togglePanel(name), {
      class: "siem-panel-head", "aria-expanded": String(open),
    }), open ? make("div", { class: "siem-panel-body" }, content()) : null);
}

function drawPanels(ui) {
  const { say } = ui;
  return [
    panel(ui, "trail", say("trail"), () => trailPanel(ui)),
    panel(ui, "show", say("show_as"), () => showPanel(ui)),
    panel(ui, "save", say("save_group"), () => savePanel(ui)),
  ];
}

function trailPanel(ui) {
  const { say, view } = ui;
  const steps = view.trail ?? [];
  const now = view.step ?? steps.length - 1;
  return [
    make("ol", { class: "siem-trail" }, steps.map((step, at) => {
      const number_ = step.step ?? at;
      return make("li", { class: number_ > now ? "siem-off" : null },
        button(plain(step.label, 120), `trail|${number_}`, () => ui.send("jump", { step: number_ }), {
          class: "siem-link", "aria-current": number_ === now ? "step" : null,
          "aria-label": say("trail_step", { n: number_, label: plain(step.label, 120) }),
        }),
        make("span", { class: "siem-count" }, step.before === null || step.before === undefined
          ? number(step.after)
          : say("trail_hits", { before: number(step.before), after: number(step.after) })),
        make("span", { class: "siem-note" }, step.at ? local(step.at, ui.zone).slice(11, 19) : ""));
    })),
    make("div", { class: "siem-row" },
      ["code", "timeline", "report"].map((name) =>
        button(say(`as_${name}`), `trail|as|${name}`, () => ui.ask(name)))),
    ["code", "timeline", "report"].map((name) => textAnswer(ui, name, say(`as_${name}`))),
  ];
}

/** A text that Python answered with, to be read and copied. */
function textAnswer(ui, name, label, given = ui.view.answers?.[name]) {
  if (given === undefined || given === null) return null;
  const text = typeof given === "string" ? given : given.text ?? "";
  const rows = Math.min(16, text.split("\n").length + 1);
  const box = make("textarea", {
    class: "siem-code", rows, spellcheck: "false", "data-key": `answer|${name}`, "aria-label": plain(label),
  }, text);
  box.readOnly = true;
  const press = button(ui.say("copy"), `answer|${name}|copy`, async () => {
    await copy(text, box);
    press.textContent = ui.say("copied");
  }, { "aria-label": `${ui.say("copy")}: ${plain(label)}` });
  return make("div", { class: "siem-answer" },
    make("div", { class: "siem-line" }, make("strong", {}, plain(label)), press), box);
}

const LANGUAGES = [["lucene", "Lucene"], ["dsl", "OpenSearch DSL"], ["sql", "SQL"], ["pandas", "pandas"], ["code", ""]];

function showPanel(ui) {
  const show = ui.view.answers?.show;
  if (!show) return [make("p", {}, ui.say("top_waits"))];
  return LANGUAGES.filter(([name]) => show[name] !== undefined).map(([name, label]) =>
    textAnswer(ui, `show:${name}`, label || ui.say("query_code"), show[name]));
}

function savePanel(ui) {
  const { say, view } = ui;
  const name = input("save|name", "");
  const save = (event) => {
    event.preventDefault();
    if (!name.value.trim()) return name.focus();
    settled(name);
    ui.send("save", { name: name.value.trim() });
    return undefined;
  };
  const shared = make("textarea", { rows: "2", "data-key": "save|shared", spellcheck: "false" });
  const open = (event) => {
    event.preventDefault();
    if (!shared.value.trim()) return shared.focus();
    const text = shared.value.trim();
    shared.value = "";
    ui.send("open", { text });
    return undefined;
  };
  const saved = view.saved ?? [];
  return [
    make("form", { class: "siem-row", onsubmit: save }, labelled(say("name"), name),
      make("button", { type: "submit", "data-key": "save|send" }, say("save"))),
    saved.length ? make("ul", { class: "siem-saved", "aria-label": say("saved") }, saved.map((one) =>
      make("li", {}, make("span", { class: "siem-text" }, visible(one, 120)), " ",
        button(say("open"), `saved|${one}`, () => ui.send("open", { name: one }), {
          "aria-label": `${say("open")}: ${plain(one)}`,
        })))) : null,
    make("div", { class: "siem-row" },
      button(say("share"), "save|share", () => ui.ask("share")),
      button(say("csv"), "save|csv", () => ui.ask("export", { format: "csv" })),
      button(say("ndjson"), "save|ndjson", () => ui.ask("export", { format: "ndjson" }))),
    exportAnswer(ui), textAnswer(ui, "share", say("share")),
    make("form", { class: "siem-row", onsubmit: open }, labelled(say("shared"), shared),
      make("button", { type: "submit", "data-key": "save|open" }, say("open"))),
  ];
}

/** An export: where Python wrote it, or its text to download. */
function exportAnswer(ui) {
  const answer = ui.view.answers?.export;
  if (!answer) return null;
  const file = plain(answer.file ?? "export.txt");
  const said = ui.say("exported", { n: number(answer.documents), file });
  if (answer.text === undefined) return make("p", { role: "status" }, said);
  const save = button(ui.say("download", { file }), "save|download", () => {
    const url = URL.createObjectURL(new Blob([answer.text], { type: "text/plain;charset=utf-8" }));
    const anchor = make("a", { href: url, download: answer.file.split("/").at(-1) });
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  });
  return make("p", { role: "status" }, said, " ", save);
}
