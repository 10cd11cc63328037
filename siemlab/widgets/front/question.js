// A question: what is asked, a control for each part of the answer, hints, and what became of tries.
// All words come from Python with the view; here is only where they stand.

class Box {
  constructor(model, el) {
    this.model = model;
    this.typed = {}; // what stands in the controls, by part
    this.timer = null;
    this.root = make("section", {
      class: "siem-question", role: "region", "data-lm-suppress-shortcuts": "true",
      onkeydown: (event) => event.stopPropagation(),
    });
    // The status stays the same node: a reader with a screen reader hears what changes in it.
    this.status = make("div", { class: "siem-verdict", role: "status", "aria-live": "polite" });
    this.head = make("div");
    this.form = make("form", {
      class: "siem-answer", autocomplete: "off",
      onsubmit: (event) => { event.preventDefault(); this.submit(); },
    });
    this.rest = make("div");
    this.root.append(this.head, this.form, this.status, this.rest);
    el.append(this.root);
    this.link = new Link(model, (parts) => this.update(parts));
    this.update(new Set());
    this.link.send("look"); // others may have gone on since the cell ran
  }

  close() {
    clearTimeout(this.timer);
    this.link.close();
    this.root.remove();
  }

  get view() {
    return this.link?.view ?? {};
  }

  get words() {
    return this.view.words ?? {};
  }

  update(parts) {
    if (!this.link || !this.view.words) return;
    this.root.setAttribute("lang", this.view.lang);
    this.root.setAttribute("aria-label", plain(this.view.title));
    this.root.setAttribute("aria-busy", String(this.link.busy));
    if (!(parts.size === 1 && parts.has("mood"))) this.draw();
    this.say();
    if (this.link.busy) return;
    this.root.dispatchEvent(new CustomEvent("siemlab:drawn", {
      bubbles: true, detail: { seq: this.view.seq, id: this.view.id, state: this.view.state },
    }));
  }

  say() {
    const warn = { slow: "slow", silent: "silent", gone: "gone" }[this.link.mood];
    const told = warn ? { kind: "warn", sign: "!", text: this.words[warn] } : this.view.status;
    const key = JSON.stringify(told ?? null);
    if (key === this.said) return; // the same words again are not announced again
    this.said = key;
    this.status.className = `siem-verdict siem-is-${told?.kind ?? "none"}`;
    this.status.replaceChildren(...(told ? verdictNodes(told) : []));
  }

  draw() {
    const active = this.root.getRootNode().activeElement;
    const key = this.root.contains(active) ? active.getAttribute("data-key") : null;
    this.head.replaceChildren(...questionHead(this.view));
    const shape = JSON.stringify([this.view.parts, this.view.done, this.view.buttons?.submit]);
    if (shape !== this.shape) { // what is being typed is not drawn anew
      this.shape = shape;
      this.form.replaceChildren(...questionForm(this));
    }
    this.rest.replaceChildren(...questionRest(this));
    if (key) this.refocus(key);
    clearTimeout(this.timer);
    // A hint turns free, a wait ends: the view says after how many seconds to look again.
    if (this.view.again) this.timer = setTimeout(() => this.link.send("look"), this.view.again * 1000);
  }

  refocus(key) {
    const active = this.root.getRootNode().activeElement;
    if (this.root.contains(active) && active.getAttribute("data-key") === key) return;
    const find = (name) => this.root.querySelector(`[data-key="${CSS.escape(name)}"]`);
    const usable = [find(key), find("part|0"), find("hint"), find("title")];
    usable.find((node) => node && !node.disabled)?.focus({ preventScroll: true });
  }

  submit() {
    if (this.view.done) return;
    this.link.send("try", { texts: this.view.parts.map((part, at) => answerOf(part, this.typed[at])) });
  }
}

/** What stands in the controls of a part, as one text. */
function answerOf(part, typed) {
  if (part.kind === "choices") {
    return part.options.filter((one) => typed?.[one.id]).map((one) => one.id).join(", ");
  }
  if (part.kind === "order") return part.options.map((_, at) => typed?.[at] ?? "").filter(Boolean).join(", ");
  return typed ?? "";
}

/** Paragraphs and lists of runs; every run is text. */
function blockNodes(blocks) {
  const nodes = [];
  for (const block of blocks ?? []) {
    const inner = block.runs.map(([kind, text]) =>
      make({ strong: "strong", em: "em", code: "code" }[kind] ?? "span", {}, visible(text)));
    if (block.kind === "li") {
      if (nodes.at(-1)?.tagName !== "UL") nodes.push(make("ul"));
      nodes.at(-1).append(make("li", {}, inner));
    } else nodes.push(make("p", {}, inner));
  }
  return nodes;
}

function verdictNodes(told) {
  return [
    make("span", { class: "siem-sign", "aria-hidden": "true" }, told.sign ?? ""),
    make("div", { class: "siem-told" },
      told.head ? make("strong", {}, visible(told.head)) : null,
      make("span", {}, visible(told.text ?? ""))),
  ];
}

function questionHead(view) {
  return [
    make("div", { class: "siem-top-line" },
      make("h4", { tabindex: "-1", "data-key": "title" }, visible(view.title)),
      make("span", { class: "siem-worth" }, visible(view.worth)),
      view.tags ? make("span", { class: "siem-tags" }, visible(view.tags)) : null),
    make("div", { class: "siem-prompt" }, blockNodes(view.prompt)),
  ];
}

function questionForm(box) {
  const { view } = box;
  if (view.done) return [];
  const { submit } = view.buttons;
  return [
    ...view.parts.map((part, at) => PARTS[part.kind](box, part, at)),
    make("div", { class: "siem-line" },
      make("button", { type: "submit", class: "siem-main-button", "data-key": "submit", disabled: !submit.enabled },
        submit.label)),
  ];
}

const PARTS = { text: textPart, choice: choicePart, choices: choicesPart, order: orderPart };

function textPart(box, part, at) {
  const key = `part|${at}`;
  const given = {
    "data-key": key, id: `${box.view.dom}-${at}`, placeholder: part.placeholder, spellcheck: "false",
    autocomplete: "off", "aria-describedby": part.help ? `${box.view.dom}-${at}-help` : null,
    oninput: (event) => { box.typed[at] = event.target.value; },
    onkeydown: (event) => {
      // Enter that ends a conversion of kana is no answer; Shift and Enter makes a new line.
      if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || event.shiftKey) return;
      event.preventDefault();
      box.submit();
    },
  };
  const control = part.many ? make("textarea", { rows: 2, ...given }) : make("input", { type: "text", ...given });
  control.value = box.typed[at] ?? "";
  return make("div", { class: "siem-part" },
    make("label", { for: given.id }, visible(part.label)), control,
    part.help ? make("span", { class: "siem-note", id: `${given.id}-help` }, visible(part.help)) : null);
}

/** Options of a choice; the letter before each can be said in place of its text. */
function optionRow(part, one, at, control) {
  return make("label", { class: "siem-option" }, control,
    make("span", { class: "siem-letter" }, `${part.letters[at]}. `), make("span", {}, visible(one.text)));
}

function choicePart(box, part, at) {
  const name = `${box.view.dom}-${at}`;
  return make("fieldset", { class: "siem-part" },
    make("legend", {}, visible(part.label)),
    part.options.map((one, place) => {
      const control = make("input", {
        type: "radio", "data-key": `part|${place ? `${at}|${place}` : at}`, value: one.id,
        onchange: () => { box.typed[at] = one.id; },
        onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); box.submit(); } },
      });
      control.name = name;
      control.checked = box.typed[at] === one.id;
      return optionRow(part, one, place, control);
    }));
}

function choicesPart(box, part, at) {
  box.typed[at] ??= {};
  return make("fieldset", { class: "siem-part" },
    make("legend", {}, visible(part.label)),
    part.options.map((one, place) => {
      const control = make("input", {
        type: "checkbox", "data-key": `part|${place ? `${at}|${place}` : at}`, value: one.id,
        onchange: (event) => { box.typed[at][one.id] = event.target.checked; },
        onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); box.submit(); } },
      });
      control.checked = Boolean(box.typed[at][one.id]);
      return optionRow(part, one, place, control);
    }));
}

function orderPart(box, part, at) {
  box.typed[at] ??= {};
  return make("fieldset", { class: "siem-part" },
    make("legend", {}, visible(part.label)),
    part.options.map((_, place) => {
      const chosen = box.typed[at][place] ?? "";
      const control = make("select", {
        "data-key": `part|${place ? `${at}|${place}` : at}`, "aria-label": part.places[place],
        onchange: (event) => { box.typed[at][place] = event.target.value; },
      }, option("", part.choose, chosen), part.options.map((one) => option(one.id, plain(one.text), chosen)));
      return make("label", { class: "siem-option" }, make("span", { class: "siem-letter" }, `${place + 1}. `), control);
    }));
}

/** What stands below the verdict: the answer, the key point, hints, tries. */
function questionRest(box) {
  const { view, words } = box;
  const { hint, show } = view.buttons;
  return [
    view.warning ? make("p", { class: "siem-verdict siem-is-warn" }, visible(view.warning)) : null,
    view.answer ? make("p", { class: "siem-solution" },
      make("strong", {}, `${words.answer} `), make("code", {}, visible(view.answer))) : null,
    view.key_point ? make("aside", { class: "siem-key-point", "aria-label": words.key_point },
      make("strong", {}, words.key_point), blockNodes(view.key_point)) : null,
    view.hints.length ? make("ol", { class: "siem-hints", "aria-label": words.hints },
      view.hints.map((one) => make("li", {}, make("strong", {}, one.title), blockNodes(one.text)))) : null,
    hint || show ? make("div", { class: "siem-line" },
      hint ? button(hint.label, "hint", () => box.link.send("hint", { number: hint.number }), { disabled: !hint.enabled }) : null,
      hint ? make("span", { class: "siem-note" }, hint.note) : null,
      show ? button(show.label, "show", () => box.link.send("show"), { disabled: !show.enabled }) : null,
      show ? make("span", { class: "siem-note" }, show.note) : null) : null,
    view.tries.length ? make("details", { class: "siem-tries", open: true },
      make("summary", {}, words.tries),
      make("ol", {}, view.tries.map((one) => make("li", { class: `siem-was-${one.kind}` },
        make("code", {}, visible(one.text, 300)), make("span", { class: "siem-note" }, one.word))))) : null,
  ].filter(Boolean);
}

export default {
  render({ model, el }) {
    const box = new Box(model, el);
    return () => box.close();
  },
};
