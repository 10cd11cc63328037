// A mission's progress: a bar, and one mark for each question. All words come from Python.

function drawMission(root, view) {
  if (!view?.questions) return;
  root.setAttribute("lang", view.lang);
  root.setAttribute("aria-label", plain(view.title));
  const bar = make("div", { class: "siem-whole", role: "img", "aria-label": plain(view.text) });
  for (const one of view.questions) {
    const piece = make("span", { class: `siem-piece siem-${one.state}`, title: plain(one.label) });
    piece.style.flexGrow = String(one.value); // worth more, wider
    bar.append(piece);
  }
  root.replaceChildren(
    make("div", { class: "siem-top-line" },
      make("h4", {}, visible(view.title)), make("span", { class: "siem-worth" }, visible(view.points))),
    bar,
    make("p", { class: "siem-note" }, visible(view.summary)),
    make("ol", { class: "siem-states", "aria-label": view.words.questions }, view.questions.map((one) =>
      make("li", { class: `siem-${one.state}`, "aria-label": plain(one.label), title: plain(one.label) },
        make("span", { "aria-hidden": "true" }, one.sign), ` ${one.name}`))));
  root.dispatchEvent(new CustomEvent("siemlab:drawn", { bubbles: true, detail: { mission: view.id } }));
}

export default {
  render({ model, el }) {
    const root = make("section", { class: "siem-question siem-mission", role: "region" });
    el.append(root);
    const draw = () => drawMission(root, model.get("view"));
    model.on("change:view", draw);
    draw();
    return () => {
      model.off("change:view", draw);
      root.remove();
    };
  },
};
