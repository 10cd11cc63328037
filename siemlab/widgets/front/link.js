// The link to Python: events go out one after the other, views come back in parts.

const SLOW = 1500; // ms until the status says that an answer takes long
const SILENT = 12000; // ms until it says what to do when none comes

class Link {
  /** `drawn(parts)` is called with the names of the parts that changed since its last call. */
  constructor(model, drawn) {
    this.model = model;
    this.drawn = drawn;
    this.view = {};
    this.stale = new Set();
    this.queue = [];
    this.sent = null; // the seq that is waited for
    this.mood = ""; // "", busy, slow, silent, gone
    this.timers = [];
    this.take = this.take.bind(this);
    this.lose = this.lose.bind(this);
    model.on("change:view", this.take);
    model.on("comm_live_update", this.lose);
    this.seq = Number(model.get("view")?.seq ?? 0);
    this.take();
  }

  close() {
    this.model.off("change:view", this.take);
    this.model.off("comm_live_update", this.lose);
    this.timers.forEach(clearTimeout);
  }

  get busy() {
    return this.sent !== null;
  }

  /** Send an event; while an answer is awaited, it waits its turn. */
  send(kind, given = {}) {
    this.seq += 1;
    this.queue.push({ seq: this.seq, kind, at: new Date().toISOString(), ...given });
    if (!this.busy) this.next();
    return this.seq;
  }

  next() {
    if (!this.queue.length) return;
    const waiting = this.queue.splice(0);
    // What was clicked while Python was busy goes as one message: only the last is searched for.
    const event = waiting.length > 1
      ? { seq: waiting.at(-1).seq, kind: "many", events: waiting }
      : waiting[0];
    this.sent = event.seq;
    this.wait();
    this.model.set("event", event);
    this.model.save_changes();
  }

  wait() {
    this.settle("busy");
    this.timers = [
      setTimeout(() => this.settle("slow"), SLOW),
      setTimeout(() => this.settle("silent"), SILENT),
    ];
  }

  settle(mood) {
    if (mood === "" || mood === "busy") this.timers.forEach(clearTimeout);
    this.mood = mood;
    this.drawn(new Set(["mood"]));
  }

  /** Merge a view; parts that it leaves out have not changed. */
  take() {
    const view = this.model.get("view") ?? {};
    if (view.seq === undefined || Number(view.seq) < Number(this.view.seq ?? -1)) return;
    const { answers, top, ...rest } = view;
    Object.assign(this.view, rest);
    if (answers) this.view.answers = { ...this.view.answers, ...answers };
    // After a step the old top values are wrong; those of an answer come on top of the others.
    this.view.top = "state" in rest ? top ?? {} : { ...this.view.top, ...top };
    Object.keys(view).forEach((part) => this.stale.add(part));
    if (this.busy && Number(view.seq) < this.sent) return;
    this.sent = null;
    if (this.queue.length) {
      this.next(); // a newer click is on its way: what came is not drawn
      return;
    }
    const parts = this.stale;
    this.stale = new Set();
    this.timers.forEach(clearTimeout);
    this.mood = "";
    this.drawn(parts.add("mood"));
  }

  lose() {
    this.sent = null;
    this.queue = [];
    this.settle("gone");
    this.timers.forEach(clearTimeout);
  }
}
