"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const state = data.facts.map(() => ({ is: "undecided", edit: null }));
  const element = (id) => document.getElementById(id);
  const make = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  // Spans count characters; a JavaScript string counts UTF-16 units.
  const characters = Array.from(data.text);
  const slice = (start, end) => characters.slice(start, end).join("");

  const shown = (fact) => {
    const value = fact.value;
    if (typeof value === "string") return value;
    const range = (low, high, unit) => {
      if (low === null || low === undefined) return `up to ${high}${unit}`;
      if (high === null || high === undefined) return `at least ${low}${unit}`;
      return low === high ? `${low}${unit}` : `${low} to ${high}${unit}`;
    };
    if ("min_m" in value) return range(value.min_m, value.max_m, " m");
    if ("type" in value) return value.type;
    if ("index" in value) {
      const ends = ["near_m", "far_m"].filter((key) => value[key]).map((key) => `${key.replace("_m", "")} ${range(value[key][0], value[key][1], " m")}`);
      return [`echelon ${value.index}`, ...ends].join(", ");
    }
    if ("what" in value) return `${range(value.min, value.max, "")} ${value.what}`;
    if ("kind" in value) return `${range(value.min, value.max, "")} ${value.kind}, ${value.status}`;
    if ("relation" in value) return [value.relation, value.dist_m ? range(value.dist_m[0], value.dist_m[1], " m") : "", value.bearing || "", value.anchor].filter(Boolean).join(" ");
    return String(value.iso ?? value.surface ?? value.place ?? JSON.stringify(value));
  };

  const marks = data.facts.map(() => []);
  const items = [];
  let current = -1;

  const select = (number) => {
    current = number;
    refresh();
    items[number].scrollIntoView({ block: "nearest" });
    if (marks[number][0]) marks[number][0].scrollIntoView({ block: "nearest" });
  };
  const decide = (number, is) => {
    state[number].is = is;
    refresh();
  };

  const drawText = () => {
    const cuts = new Set([0, characters.length]);
    data.facts.forEach((fact) => fact.span.forEach((end) => cuts.add(end)));
    const ends = [...cuts].sort((a, b) => a - b);
    for (let i = 0; i + 1 < ends.length; i += 1) {
      const [start, end] = [ends[i], ends[i + 1]];
      const covering = data.facts.map((fact, number) => number).filter((number) => data.facts[number].span[0] <= start && end <= data.facts[number].span[1]);
      if (!covering.length) {
        element("text").append(slice(start, end));
        continue;
      }
      const node = make("mark", "", slice(start, end));
      node.title = covering.map((number) => `${data.facts[number].slot}: ${shown(data.facts[number])}`).join("\n");
      // Of facts that overlap, the shortest evidence is meant.
      const meant = covering.reduce((a, b) => (data.facts[b].span[1] - data.facts[b].span[0] < data.facts[a].span[1] - data.facts[a].span[0] ? b : a));
      node.addEventListener("click", () => select(meant));
      covering.forEach((number) => marks[number].push(node));
      node.covering = covering;
      element("text").append(node);
    }
  };

  const drawFacts = () => {
    data.facts.forEach((fact, number) => {
      const item = make("li");
      const head = make("div");
      head.append(make("span", "slot", fact.slot), " ");
      const value = make("span", "value", shown(fact));
      head.append(value);
      if (fact.echelon !== null && fact.echelon !== undefined && fact.slot !== "echelon") head.append(make("span", "", ` · echelon ${fact.echelon}`));
      if (fact.order !== null && fact.order !== undefined) head.append(make("span", "", ` · order ${fact.order}`));
      if (fact.confidence !== undefined) head.append(make("span", fact.confidence < 0.7 ? "low" : "", ` · ${Math.round(fact.confidence * 100)} %`));
      const evidence = make("div", "evidence", `“${slice(fact.span[0], fact.span[1])}”`);
      evidence.addEventListener("click", () => select(number));
      const buttons = make("div");
      const add = (label, action) => {
        const button = make("button", "", label);
        button.type = "button";
        button.setAttribute("aria-label", `${label} ${fact.slot} ${shown(fact)}`);
        button.addEventListener("click", action);
        buttons.append(button, " ");
      };
      add("Accept", () => decide(number, "accepted"));
      add("Reject", () => decide(number, "rejected"));
      add("Edit", () => {
        if (item.querySelector("input")) return;
        const input = make("input");
        input.value = state[number].edit ?? shown(fact);
        input.setAttribute("aria-label", `New value of ${fact.slot}`);
        input.addEventListener("change", () => {
          state[number].edit = input.value.trim() || null;
          value.textContent = state[number].edit ?? shown(fact);
          decide(number, "accepted");
        });
        item.append(input);
        input.focus();
      });
      item.append(head, evidence, buttons);
      items.push(item);
      element("facts").append(item);
    });
  };

  const refresh = () => {
    items.forEach((item, number) => {
      item.className = state[number].is + (number === current ? " current" : "");
    });
    document.querySelectorAll("mark").forEach((node) => {
      const states = node.covering.map((number) => state[number].is);
      node.className = states.every((is) => is === "rejected") ? "rejected" : states.includes("undecided") ? "" : "accepted";
      if (node.covering.includes(current)) node.classList.add("current");
    });
    const left = state.filter((one) => one.is === "undecided").length;
    element("count").textContent = `${state.filter((one) => one.is === "accepted").length} accepted, ${state.filter((one) => one.is === "rejected").length} rejected, ${left} undecided`;
  };

  // What of the description rests on facts that were accepted.
  const sameSpan = (node, fact) => Array.isArray(node.span) && node.span[0] === fact.span[0] && node.span[1] === fact.span[1];
  const factsOf = (node) => data.facts.map((fact, number) => number).filter((number) => sameSpan(node, data.facts[number]));
  const EVIDENCE = ["sources", "evidence", "span", "confidence"];
  const apply = (node, edit) => {
    for (const key of ["value", "type", "outer_limit", "name"]) {
      if (key in node && typeof node[key] !== "object") {
        node[key] = edit;
        return;
      }
    }
  };
  const prune = (node) => {
    if (Array.isArray(node)) return node.map(prune).filter((item) => item !== undefined);
    if (node === null || typeof node !== "object") return node;
    const out = {};
    for (const [key, value] of Object.entries(node)) {
      if (key === "span") {
        out[key] = value;
        continue;
      }
      const kept = prune(value);
      if (kept !== undefined && !(Array.isArray(kept) && kept.length === 0 && value.length > 0)) out[key] = kept;
    }
    if (!Array.isArray(node.span)) return out;
    const resting = factsOf(node);
    if (node.parties) {
      const names = data.facts.map((fact, number) => number).filter((number) => data.facts[number].slot === "facing");
      out.parties = node.parties.map((name, place) => (names[place] === undefined ? name : state[names[place]].is === "accepted" ? state[names[place]].edit ?? name : undefined)).filter((name) => name !== undefined);
      return out.parties.length ? out : undefined;
    }
    if (!resting.length || resting.some((number) => state[number].is === "accepted")) {
      const edited = resting.find((number) => state[number].is === "accepted" && state[number].edit !== null);
      if (edited !== undefined) apply(out, state[edited].edit);
      return out;
    }
    if (out.strips || out.sites) {
      for (const key of [...EVIDENCE, "inner_limit", "outer_limit", "depth"]) delete out[key];
      return out;
    }
    return undefined;
  };

  // JSON strings are YAML strings, so nothing in a text can change the document's form.
  const yaml = (value, indent) => {
    const pad = "  ".repeat(indent);
    if (Array.isArray(value)) {
      if (!value.length) return " []\n";
      if (value.every((item) => item === null || typeof item !== "object")) return ` [${value.map((item) => JSON.stringify(item)).join(", ")}]\n`;
      return "\n" + value.map((item) => `${pad}-${yaml(item, indent + 1)}`).join("");
    }
    if (value !== null && typeof value === "object") {
      const keys = Object.keys(value);
      if (!keys.length) return " {}\n";
      return "\n" + keys.map((key) => `${pad}${JSON.stringify(key)}:${yaml(value[key], indent + 1)}`).join("");
    }
    return ` ${JSON.stringify(value)}\n`;
  };

  const acceptedYaml = () => {
    if (data.description) {
      const kept = prune(data.description);
      return yaml(kept, 0).replace(/^\n/, "");
    }
    const facts = data.facts.map((fact, number) => ({ ...fact, evidence: slice(fact.span[0], fact.span[1]), ...(state[number].edit === null ? {} : { edited: state[number].edit }) })).filter((fact, number) => state[number].is === "accepted");
    return yaml({ facts }, 0).replace(/^\n/, "");
  };
  window.acceptedYaml = acceptedYaml;

  element("title").textContent = data.title;
  document.title = data.title;
  if (data.map) {
    const frame = make("iframe");
    frame.title = "Map";
    frame.setAttribute("sandbox", "allow-scripts");
    frame.srcdoc = data.map;
    element("map").append(frame);
  }
  drawText();
  drawFacts();
  refresh();
  element("accept-all").addEventListener("click", () => {
    state.forEach((one) => {
      if (one.is === "undecided") one.is = "accepted";
    });
    refresh();
  });
  element("download").addEventListener("click", () => {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([acceptedYaml()], { type: "application/yaml" }));
    link.download = "accepted.yaml";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
})();
