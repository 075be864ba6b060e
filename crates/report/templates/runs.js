// The table of all runs, with sorting, filtering and paging, and the curve of each run.

const COMPARISONS = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

class Runs {
  static PAGE = 50;

  constructor() {
    Object.assign(this, read("data-runs"));
    this.rows = (this.cells[0] ?? []).map((_, row) => row);
    Object.assign(this, { found: this.rows, page: 0, sorted: -1, descending: false });
    this.table = document.getElementById("run-table");
    this.addHead();
    this.listen();
    this.show();
  }

  text(column, row) {
    const { kind, labels } = this.columns[column];
    const cell = this.cells[column][row];
    if (cell === null) return "";
    return kind === "label" ? labels[cell] : String(cell);
  }

  key(column, row) {
    const { kind, order } = this.columns[column];
    const cell = this.cells[column][row];
    return kind === "label" ? order[cell] : cell;
  }

  addHead() {
    const head = document.createElement("tr");
    this.columns.forEach((column, index) => {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.setAttribute("aria-sort", "none");
      if (column.kind === "number" || column.numeric) cell.className = "number";
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = column.name;
      button.addEventListener("click", () => this.sort(index));
      cell.append(button);
      head.append(cell);
    });
    this.table.tHead.replaceChildren(head);
  }

  // Ascending, descending, and back to the order of the plan. Missing values are last.
  sort(column) {
    if (this.sorted !== column) Object.assign(this, { sorted: column, descending: false });
    else if (!this.descending) this.descending = true;
    else this.sorted = -1;
    [...this.table.tHead.rows[0].cells].forEach((cell, index) => {
      const state = index !== this.sorted ? "none" : this.descending ? "descending" : "ascending";
      cell.setAttribute("aria-sort", state);
    });
    this.find();
  }

  compare(a, b) {
    const [x, y] = [this.key(this.sorted, a), this.key(this.sorted, b)];
    if (x === null || y === null) return (x === null) - (y === null) || a - b;
    const order = typeof x === "string" ? (x < y ? -1 : x > y ? 1 : 0) : x - y;
    return (this.descending ? -order : order) || a - b;
  }

  // Whether a word is the beginning of a word in a setting, or equals a numeric setting.
  hasWord(row, word) {
    return this.columns.some((column, index) => {
      if (column.kind === "number") return false;
      const text = this.text(index, row).toLowerCase();
      return column.numeric ? text === word : text.split(/[^\p{L}\p{N}_.]+/u).some((part) => part.startsWith(word));
    });
  }

  // Turns a term of the filter into a test of a row, or throws the reason why it is invalid.
  test(term) {
    const [, name, sign, value] = term.match(/^([^<>=!]*)(<=|>=|!=|<|>|=)(.*)$/) ?? [];
    if (!sign) return (row) => this.hasWord(row, term);
    const index = this.columns.findIndex((column) => column.name.toLowerCase() === name);
    if (index < 0) throw new Error(`there is no column "${name}"`);
    if (value === "") throw new Error(`a value is missing after "${sign}"`);
    const compare = COMPARISONS[sign];
    const isNumeric = this.columns[index].kind === "number" || this.columns[index].numeric;
    if (!isNumeric && /[<>]/.test(sign)) throw new Error(`the column "${name}" has no numbers; use = or !=`);
    if (isNumeric && Number.isNaN(Number(value))) throw new Error(`"${value}" is not a number`);
    return (row) => {
      const text = this.text(index, row).toLowerCase();
      // A run without this number passes only the comparison "!=".
      if (text === "") return sign === "!=";
      return isNumeric ? compare(Number(text), Number(value)) : compare(text, value);
    };
  }

  // The tests of all valid terms. The page names the first invalid one.
  tests() {
    const terms = document.getElementById("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    let error = "";
    const tests = terms.flatMap((term) => {
      try {
        return [this.test(term)];
      } catch ({ message }) {
        error ||= `Ignored "${term}": ${message}.`;
        return [];
      }
    });
    document.getElementById("filter").setAttribute("aria-invalid", error !== "");
    document.getElementById("filter-error").textContent = error;
    return tests;
  }

  find() {
    const tests = this.tests();
    const ended = document.getElementById("ended").value;
    const column = this.columns.findIndex(({ name }) => name === "ended");
    if (ended) tests.push((row) => this.text(column, row) === ended);
    this.found = this.rows.filter((row) => tests.every((test) => test(row)));
    if (this.sorted >= 0) this.found.sort((a, b) => this.compare(a, b));
    this.page = 0;
    this.show();
  }

  show() {
    const from = this.page * Runs.PAGE;
    const shown = this.found.slice(from, from + Runs.PAGE);
    this.table.tBodies[0].replaceChildren(...shown.map((row) => this.line(row)));
    const all = this.rows.length.toLocaleString("en");
    const of = this.found.length === this.rows.length ? `${all} runs` : `${this.found.length.toLocaleString("en")} found among ${all} runs`;
    document.getElementById("place").textContent = shown.length ? `${from + 1}–${from + shown.length} of ${of}` : `none found among ${all} runs`;
    document.getElementById("previous").disabled = this.page === 0;
    document.getElementById("next").disabled = from + Runs.PAGE >= this.found.length;
  }

  line(row) {
    const line = document.createElement("tr");
    this.columns.forEach((column, index) => {
      const cell = document.createElement("td");
      if (column.kind === "number" || column.numeric) cell.className = "number";
      if (index === 0) cell.append(this.opener(row));
      else cell.textContent = this.text(index, row);
      line.append(cell);
    });
    line.classList.toggle("lost", row in this.reasons);
    line.addEventListener("click", () => this.open(row));
    return line;
  }

  opener(row) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "run";
    button.textContent = this.text(0, row);
    button.setAttribute("aria-haspopup", "dialog");
    return button;
  }

  open(row) {
    const dialog = document.getElementById("run");
    document.getElementById("run-title").textContent = `Run ${this.text(0, row)}`;
    const reason = document.getElementById("run-reason");
    reason.textContent = this.reasons[row] ?? "";
    reason.hidden = !(row in this.reasons);
    const item = (column, index) => {
      const [group, term, value] = ["div", "dt", "dd"].map((name) => document.createElement(name));
      [term.textContent, value.textContent] = [column.name, this.text(index, row) || "–"];
      group.append(term, value);
      return group;
    };
    document.getElementById("run-settings").replaceChildren(...this.columns.slice(1).map((column, index) => item(column, index + 1)));
    dialog.showModal();
    this.opened = row;
    this.draw();
  }

  // The curves of the opened run.
  draw() {
    const element = document.getElementById("run-plot");
    const [list, numbers] = this.curves.runs[this.opened] ?? [0, []];
    const x = this.curves.epochs[list] ?? [];
    const looks = [{ color: "#0072b2", dash: "solid" }, { color: "#d55e00", dash: "dash" }];
    const data = numbers.map((y, index) => ({ type: "scatter", mode: x.length > 40 ? "lines" : "lines+markers", name: this.series[index], x, y,
      line: { width: 2, ...looks[index] }, marker: { size: 5 } }));
    element.hidden = !data.length || x.length < 2;
    if (!element.hidden && window.Plotly) {
      const legend = { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" };
      Plotly.react(element, data, { ...styled(this.layout, element), showlegend: true, legend, autosize: true }, config);
    }
  }

  listen() {
    const form = document.querySelector("#all-runs form");
    for (const element of [form, document.querySelector(".pages")]) element.hidden = false;
    for (const kind of ["input", "change"]) form.addEventListener(kind, () => this.find());
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => this.find()));
    const turn = (pages) => () => { this.page += pages; this.show(); };
    document.getElementById("previous").addEventListener("click", turn(-1));
    document.getElementById("next").addEventListener("click", turn(1));
    const dialog = document.getElementById("run");
    document.getElementById("close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    document.addEventListener("theme", () => { if (dialog.open) this.draw(); });
  }
}

if (document.getElementById("data-runs")) new Runs();
