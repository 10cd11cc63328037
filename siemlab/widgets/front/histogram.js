// The histogram: bars of documents over time; drag, or arrows and Enter, to narrow the time.

const TALL = 96;

function drawHistogram(ui) {
  const { say, view } = ui;
  const bars = view.histogram?.bars ?? [];
  const zone = ui.zone;
  if (!bars.length) return [make("p", { class: "siem-note" }, say("no_bars"))];
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  const label = say("histogram", { interval: view.histogram.interval, zone: zoneName(zone) });
  const range = new BarRange(ui, bars);
  const svg = make("svg", {
    viewBox: `0 0 ${bars.length * 10} ${TALL}`, preserveAspectRatio: "none", class: "siem-bars",
    role: "group", "aria-label": label, onkeydown: (event) => range.key(event),
    onpointerdown: (event) => range.press(event), onpointermove: (event) => range.move(event),
    onpointerup: () => range.release(), onpointercancel: () => range.clear(),
  }, bars.map((bar, at) => bar_(ui, bar, at, most, bars.length)));
  const focused = Math.min(ui.bar ?? bars.length - 1, bars.length - 1);
  svg.children[focused]?.setAttribute("tabindex", "0");
  range.svg = svg;
  const said = make("output", { class: "siem-said", "aria-live": "polite" });
  range.said = said;
  return [
    make("div", { class: "siem-caption" }, make("span", {}, label), said),
    svg,
    make("div", { class: "siem-axis", "aria-hidden": "true" },
      [bars[0].from, bars[Math.floor(bars.length / 2)].from, bars.at(-1).to].map((moment) =>
        make("span", {}, local(moment, zone)))),
    make("p", { class: "siem-note siem-keys" }, say("histogram_help")),
  ];
}

function bar_(ui, bar, at, most) {
  // A bar fills its slot from top to bottom for the pointer; what is seen is drawn by the inner one.
  const high = bar.count ? Math.max(1.5, (bar.count / most) * (TALL - 4)) : 0;
  const label = ui.say("bar", {
    from: local(bar.from, ui.zone), to: local(bar.to, ui.zone), n: number(bar.count),
  });
  return make("rect", {
    class: "siem-bar", role: "button", tabindex: "-1", "aria-label": label, "data-key": `bar:${at}`,
    x: at * 10 + 1, y: TALL - high, width: 8, height: high || 0.01,
  });
}

/** The bars that are selected, by pointer or by keys. */
class BarRange {
  constructor(ui, bars) {
    Object.assign(this, { ui, bars, anchor: null, head: null, dragging: false });
  }

  at(event) {
    const box = this.svg.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return Math.min(this.bars.length - 1, Math.max(0, Math.floor(share * this.bars.length)));
  }

  press(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    this.dragging = true;
    this.anchor = this.head = this.at(event);
    this.show();
  }

  move(event) {
    if (this.dragging) {
      this.head = this.at(event);
      this.show();
    } else {
      this.tell(this.at(event), this.at(event));
    }
  }

  release() {
    if (!this.dragging) return;
    this.dragging = false;
    this.narrow();
  }

  key(event) {
    const now = Number(document.activeElement?.getAttribute("data-key")?.slice(4) ?? NaN);
    if (Number.isNaN(now)) return;
    const last = this.bars.length - 1;
    const to = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key];
    if (to !== undefined && to >= 0 && to <= last) {
      event.preventDefault();
      if (event.shiftKey) this.anchor ??= now;
      else this.anchor = null;
      this.focus(to);
      this.head = event.shiftKey ? to : null;
      this.show();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.anchor ??= now;
      this.head ??= now;
      this.narrow();
    } else if (event.key === "Escape") {
      this.clear();
    }
  }

  focus(at) {
    for (const bar of this.svg.children) bar.setAttribute("tabindex", "-1");
    this.svg.children[at].setAttribute("tabindex", "0");
    this.svg.children[at].focus();
    this.ui.bar = at;
    this.tell(at, at);
  }

  get ends() {
    return [Math.min(this.anchor, this.head), Math.max(this.anchor, this.head)];
  }

  show() {
    const some = this.anchor !== null && this.head !== null;
    const [first, last] = some ? this.ends : [1, 0];
    [...this.svg.children].forEach((bar, at) =>
      bar.classList.toggle("siem-chosen", at >= first && at <= last));
    if (some) this.tell(first, last);
  }

  tell(first, last) {
    const chosen = this.bars.slice(first, last + 1);
    this.said.textContent = this.ui.say(first === last ? "bar" : "bars", {
      from: local(chosen[0].from, this.ui.zone), to: local(chosen.at(-1).to, this.ui.zone),
      n: number(chosen.reduce((sum, bar) => sum + bar.count, 0)), bars: chosen.length,
    });
  }

  narrow() {
    const [first, last] = this.ends;
    this.ui.bar = undefined;
    this.ui.send("zoom", { from: this.bars[first].from, to: this.bars[last].to });
  }

  clear() {
    this.dragging = false;
    this.anchor = this.head = null;
    this.show();
  }
}
