"use strict";
// The trials of a benchmark: a list that can be filtered, and a drawer that shows one. Everything that is inserted as HTML was
// escaped when the file was written, and the content security policy lets nothing but this script run.
(() => {
  document.documentElement.classList.add("js");
  const find = (id) => document.getElementById(id);
  const STEP = 200;
  const WORDS = { F: "✗ FAIL", I: "? INCONCLUSIVE", P: "✓ PASS" };
  const NAMES = { F: "FAIL", I: "INCONCLUSIVE", P: "PASS" };
  const blocks = new Map();
  let index = null, matching = [], drawn = 0, open = -1, back = null;

  async function unpacked(id) {
    const text = find(id).textContent.trim();
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return JSON.parse(await new Response(stream).text());
  }

  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  function fits(one, asked) {
    return (!asked.verdict || one.verdict === asked.verdict)
      && (!asked.agent || index.agents[one.agent] === asked.agent)
      && (!asked.scenario || index.scenarios[one.scenario] === asked.scenario)
      && (!asked.arm || index.arms[one.arm] === asked.arm)
      && (!asked.fault || index.faults[one.fault] === asked.fault)
      && (!asked.code || one.codes.some((code) => index.codes[code] === asked.code))
      && (!asked.differ || one.differ)
      && asked.words.every((word) => one.search.includes(word));
  }

  function filtered() {
    const form = find("filters");
    const asked = { differ: form.elements.differ.checked };
    for (const name of ["verdict", "agent", "scenario", "arm", "fault", "code"]) asked[name] = form.elements[name].value;
    asked.words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    matching = index.trials.filter((one) => fits(one, asked));
    find("rows").replaceChildren();
    drawn = 0;
    more();
  }

  function more() {
    const rows = document.createDocumentFragment();
    for (const one of matching.slice(drawn, drawn + STEP)) rows.append(row(one));
    drawn = Math.min(matching.length, drawn + STEP);
    find("rows").append(rows);
    find("rows").querySelectorAll("tr").forEach((each, at) => { each.tabIndex = at ? -1 : 0; });
    find("count").textContent = `${matching.length} of ${index.trials.length} trials`;
    find("more").hidden = drawn >= matching.length;
  }

  function row(one) {
    const made = element("tr");
    made.dataset.at = String(one.at);
    const verdict = element("td");
    verdict.append(element("span", WORDS[one.verdict], `v v-${NAMES[one.verdict]}`));
    made.append(verdict, element("td", index.agents[one.agent]), element("td", index.scenarios[one.scenario]),
      element("td", index.arms[one.arm]), element("td", index.faults[one.fault] || "–"), element("td", String(one.seed)),
      element("td", one.codes.map((code) => index.codes[code]).join(", ") || "–"), element("td", one.because));
    return made;
  }

  function go(current, by) {
    const all = [...find("rows").children];
    const at = Math.max(0, Math.min(all.length - 1, all.indexOf(current) + by));
    if (all.length) focusOn(all[at]);
  }

  function focusOn(row) {
    for (const each of find("rows").querySelectorAll('tr[tabindex="0"]')) each.tabIndex = -1;
    row.tabIndex = 0;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  async function show(at) {
    const one = index.trials[at], drawer = find("drawer"), body = find("drawer-body");
    open = at;
    let html = "";
    if (one.block >= 0) {
      if (!blocks.has(one.block)) blocks.set(one.block, await unpacked(`block-${one.block}`));
      html = blocks.get(one.block)[one.place];
      if (blocks.size > 20) blocks.delete(blocks.keys().next().value);
    }
    if (open !== at) return;
    if (html) {
      body.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    } else {
      body.replaceChildren(element("h2", `${NAMES[one.verdict]}: ${index.agents[one.agent]} in ${index.scenarios[one.scenario]}`),
        element("p", index.left_out));
    }
    drawer.scrollTop = 0;
    if (!drawer.open) drawer.showModal();
    find("close").focus();
  }

  function step(by) {
    const at = matching.findIndex((one) => one.at === open) + by;
    if (at < 0 || at >= matching.length) return;
    while (at >= drawn) more();
    back = find("rows").children[at];
    show(matching[at].at);
  }

  function keys(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "radio";
    const by = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (find("drawer").open) {
      if ((event.key === "j" || event.key === "k") && !typing) step(by);
      return;
    }
    const current = event.target.closest ? event.target.closest("#rows tr") : null;
    if (event.key === "/" && !typing) { event.preventDefault(); find("filters").elements.words.focus(); }
    else if (event.key === "Escape" && typing) { event.target.blur(); }
    else if (typing) { if (event.key === "Enter") event.preventDefault(); }
    else if (current && event.key === "Enter") { event.preventDefault(); back = current; show(Number(current.dataset.at)); }
    else if (current && by) { event.preventDefault(); go(current, by); }
    else if (event.key === "j" || event.key === "k") { event.preventDefault(); go(null, 1); }
  }

  function options(name, values) {
    const select = find("filters").elements[name];
    for (const value of values) if (value) { const made = element("option", value); made.value = value; select.append(made); }
  }

  async function start() {
    const packed = await unpacked("index");
    index = packed;
    index.trials = packed.trials.map(([agent, scenario, arm, fault, seed, verdict, codes, differ, block, place, because], at) => ({
      at, agent, scenario, arm, fault, seed, verdict, codes, differ, block, place, because,
      search: [packed.agents[agent], packed.scenarios[scenario], packed.arms[arm], packed.faults[fault], `seed ${seed}`,
        ...codes.map((code) => packed.codes[code]), because].join(" ").toLowerCase() }));
    for (const [name, list] of [["agent", "agents"], ["scenario", "scenarios"], ["arm", "arms"], ["fault", "faults"], ["code", "codes"]]) {
      options(name, index[list]);
    }
    const form = find("filters");
    form.addEventListener("input", filtered);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(filtered));
    find("more").addEventListener("click", more);
    find("close").addEventListener("click", () => find("drawer").close());
    find("next").addEventListener("click", () => step(1));
    find("previous").addEventListener("click", () => step(-1));
    find("drawer").addEventListener("close", () => { open = -1; if (back && back.isConnected) focusOn(back); });
    find("rows").addEventListener("click", (event) => {
      const row = event.target.closest("tr");
      if (row) { back = row; show(Number(row.dataset.at)); }
    });
    for (const cell of document.querySelectorAll("[data-agent]")) {
      const button = element("button", cell.textContent);
      button.title = "show these trials";
      button.addEventListener("click", () => {
        form.reset();
        form.elements.agent.value = cell.dataset.agent;
        form.elements.scenario.value = cell.dataset.scenario;
        filtered();
        find("trials").scrollIntoView();
        if (find("rows").firstChild) focusOn(find("rows").firstChild);
      });
      cell.replaceChildren(button);
    }
    document.addEventListener("keydown", keys);
    filtered();
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
  }

  start().catch((error) => { find("count").textContent = `The trials cannot be shown: ${error.message}`; console.error(error); });
})();
