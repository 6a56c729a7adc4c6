// What Jupyter's model does, as far as a front end asks for it, on a page that has no Python.
// Python was asked beforehand, at certain places of each slider and after certain buttons. Its
// answers are looked up here; nothing is computed.

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#%&()*+,-./:;=?@[]^_{|}~";

/** Text and numbers from the columns of an answer, in the places that its template keeps. */
function fillTemplate(template, word) {
  if (template === null || typeof template !== "object") return template;
  if (Array.isArray(template)) return template.map((one) => fillTemplate(one, word));
  if (!("$" in template)) {
    return Object.fromEntries(Object.entries(template).map(([name, one]) => [name.replace(/^\$/, ""), fillTemplate(one, word)]));
  }
  const slot = template.$;
  if (typeof slot === "number") return word(slot);
  if (!Array.isArray(slot)) return fillTemplate(slot.forms[word(slot.which)], word);
  return slot.map((one) => (typeof one === "number" ? word(one) : one)).join("");
}

/** A letter for each row. A number behind a letter says how often it comes; written out once. */
function lettersOf(column) {
  if (/\d/.test(column[1])) column[1] = column[1].replace(/(.)(\d+)/g, (_, letter, times) => letter.repeat(times));
  return column[1];
}

/** An answer that Python packed: some traits with their new values. */
function unpackAnswer({ rows, template, columns, words }, index) {
  const row = rows[index];
  return fillTemplate(template, (number) => {
    const column = columns[number];
    if (typeof column[1] !== "string") return words[column[row]];
    return words[column[0][LETTERS.indexOf(lettersOf(column)[row])]];
  });
}

/** The place of a value, or for numbers the one next to it. */
function placeOf(places, value) {
  const exact = places.indexOf(value);
  if (exact >= 0 || typeof value !== "number") return exact;
  const far = (place) => Math.abs(places[place] - value);
  return places.reduce((best, _, place) => (far(place) < far(best) ? place : best), 0);
}

/** Answers on a grid: one for each place of every axis. */
function gridAnswers(recorded) {
  const { axes, single, index } = recorded;
  let at = axes.map((axis) => axis.start);
  const find = (places) => {
    if (!single) return index[places.reduce((sum, place, i) => sum * axes[i].places.length + place, 0)];
    const moved = Math.max(0, places.findIndex((place, i) => place !== axes[i].start));
    return index[axes.slice(0, moved).reduce((sum, axis) => sum + axis.places.length, 0) + places[moved]];
  };
  /** Go where some axes have new places (null: the same) and tell what is there; else stay. */
  const go = (wanted) => {
    const moves = wanted.some((place, i) => place !== null && place !== at[i]);
    const places = wanted.map((place, i) => {
      if (place !== null && place !== at[i]) return place;
      return moves && (single || (axes[i].resting && place === null)) ? axes[i].start : at[i];
    });
    const found = find(places);
    if (found !== null) at = places;
    return unpackAnswer(recorded, found ?? find(at));
  };
  return {
    /** The answer to a trait that was set; undefined when it needs none. */
    set(trait, value) {
      if (!axes.some((axis) => axis.trait === trait)) return undefined;
      return go(axes.map((axis) => {
        if (axis.trait !== trait) return null;
        const asked = axis.inside ? value[axis.name] : value;
        const place = asked === undefined || asked === null ? -1 : placeOf(axis.places, asked);
        return place < 0 ? null : place;
      }));
    },
    /** The answer to a message; undefined when there is none. */
    send(content) {
      if ("set" in content) return this.set(content.set, content.value);
      const asked = axes.findIndex((axis) => axis.message && axis.message in content);
      if (asked < 0) return undefined;
      return go(axes.map((axis, i) => (i === asked ? axis.places.length - 1 : null)));
    },
  };
}

/** Answers along a way: each state knows which buttons lead on from it. `shown` is the trace now. */
function walkAnswers(recorded, shown) {
  const { ways, starts, settings, unknown } = recorded;
  let here = recorded.start;
  const set = { ...settings };
  const beginning = () => starts.find((one) => Object.keys(set).every((name) => one.settings[name] === set[name]))?.state;
  return {
    set: () => undefined,
    send(content) {
      if ("set" in content) set[content.set] = content.value;
      // A name belongs to the button. A number of steps does not: a page has its own.
      const pressed = [content.press, ...(content.with ?? []).filter((one) => typeof one === "string")].join(" ");
      const asked = "set" in content || content.press === "reset" ? beginning() : ways[here][pressed];
      if (asked === undefined) return unknown && { ...set, _trace: { ...shown(), said: unknown, stopped: true } };
      here = asked;
      return { ...set, ...unpackAnswer(recorded, here) };
    },
  };
}

/** A model with this state. `missed` hears after each message whether only Python could answer. */
function makeModel(state, recorded = null, missed = () => {}) {
  const listeners = {};
  const answers = recorded && (recorded.ways ? walkAnswers(recorded, () => state._trace) : gridAnswers(recorded));
  const touched = new Set();
  const tell = (name) => {
    for (const listener of [...listeners[`change:${name}`] ?? []]) listener();
  };
  const take = (traits) => {
    Object.assign(state, traits);
    for (const name of Object.keys(traits)) tell(name);
  };
  return {
    get: (name) => state[name],
    set(name, value) {
      state[name] = value;
      touched.add(name);
      tell(name);
    },
    save_changes() {
      const names = [...touched];
      touched.clear();
      for (const name of names) {
        const answer = answers?.set(name, state[name]);
        if (answer) take(answer);
      }
    },
    send(content) {
      const answer = answers?.send(content);
      missed(!answer);
      if (answer) take(answer);
      state._answered = content.id;
      tell("_answered");
    },
    on(events, listener) {
      for (const event of events.split(" ")) (listeners[event] ??= []).push(listener);
    },
    off(events, listener) {
      for (const event of (events ?? "").split(" ")) {
        listeners[event] = (listeners[event] ?? []).filter((one) => listener && one !== listener);
      }
    },
  };
}
