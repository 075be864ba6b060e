// Figures: Plotly draws the JSON data of the page, in the colours of the page.

const BLACK = "#000000";
const config = { displayModeBar: false, responsive: true };
const read = (id) => JSON.parse(document.getElementById(id).textContent);

// Replaces black by the text colour of the page.
const dressed = (value, text) => JSON.parse(JSON.stringify(value).replaceAll(`"${BLACK}"`, JSON.stringify(text)));

function axisStyle({ muted, rule }) {
  return { gridcolor: rule, linecolor: rule, zerolinecolor: rule, tickcolor: rule, automargin: true, exponentformat: "power",
    tickfont: { color: muted, size: 12 } };
}

// The layout of a figure with the font and colours of the page.
function styled(layout, element) {
  const color = colors();
  const font = { family: getComputedStyle(document.body).fontFamily, size: 13, color: color.text };
  const result = { ...dressed(layout, color.text), font, showlegend: false, hovermode: "closest", hoverdistance: -1, dragmode: false,
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", height: Number(element.dataset.height),
    margin: { l: 12, r: 12, t: 26, b: 12, pad: 4 },
    hoverlabel: { bgcolor: color.page, bordercolor: color.muted, font: { color: color.text, size: 13 }, align: "left" } };
  for (const name of Object.keys(result).filter((name) => /^[xy]axis\d*$/.test(name))) {
    const given = result[name];
    const title = { ...given.title, font: { color: color.muted, size: 13 }, standoff: 12 };
    result[name] = { ...axisStyle(color), ...given, title };
    if (given.type === "log") Object.assign(result[name], { nticks: 4, tickformat: "~g" });
  }
  result.annotations = layout.annotations?.map((note) => ({ bgcolor: color.page, borderpad: 1, ...note }));
  return result;
}

class Figure {
  constructor(element) {
    this.element = element;
    this.plot = element.querySelector(".plot");
    const { data, layout, axes } = read(`data-${element.dataset.figure}`);
    Object.assign(this, { data, layout, axes });
    this.listen();
    this.addLegend();
  }

  draw(width) {
    const data = dressed(this.data, colors().text);
    const { height, fullHeight } = this.plot.dataset;
    const isMap = data.some((trace) => trace.z);
    for (const trace of data) {
      // Scales markers on a map with its cells.
      if (isMap && typeof trace.marker?.size === "number") trace.marker.size *= height / fullHeight;
      if (trace.colorbar) trace.colorbar = { ...trace.colorbar, tickfont: { size: 12 }, outlinewidth: 0 };
    }
    return Plotly.react(this.plot, data, { ...styled(this.layout, this.plot), ...(width ? { width } : { autosize: true }) }, config);
  }

  listen() {
    const controls = this.element.querySelector(".controls");
    controls.hidden = controls.children.length === 0;
    const control = (name) => controls.querySelector(`[data-control=${name}]`);
    control("x")?.addEventListener("change", (event) => this.setAxis(event.target.selectedIndex));
    control("log")?.addEventListener("click", (event) => this.setLogarithmic(event.target));
  }

  setAxis(index) {
    const { title, x } = this.axes[index];
    this.data.forEach((trace, at) => { trace.x = x[at]; });
    this.layout.xaxis.title = { text: title };
    this.draw();
  }

  // A logarithmic axis omits values of 0 or below; a linear axis shows them.
  setLogarithmic(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", on);
    const type = on ? "log" : "linear";
    Object.assign(this.layout.yaxis, { type, range: this.layout.meta?.ranges?.[type] ?? undefined });
    this.draw();
  }

  // A button for all traces of a compared value.
  addLegend() {
    const groups = new Map();
    for (const trace of this.data.filter((trace) => trace.legendgroup && trace.name)) {
      if (!groups.has(trace.legendgroup)) groups.set(trace.legendgroup, trace);
    }
    const legend = this.element.querySelector(".legend");
    if (groups.size < 2) return legend.remove();
    for (const [group, trace] of groups) legend.append(this.entry(group, trace, legend));
    const hint = document.createElement("span");
    hint.className = "hint";
    hint.textContent = "with Shift: only this one";
    legend.append(hint);
  }

  entry(group, trace, legend) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.group = group;
    button.setAttribute("aria-pressed", trace.visible !== "legendonly");
    const line = { ...trace.line, ...(trace.line?.color ? {} : { color: trace.marker?.color }) };
    button.append(swatch(line), plain(trace.name));
    button.addEventListener("click", (event) => this.toggle(button, legend, event.shiftKey));
    return button;
  }

  toggle(button, legend, alone) {
    for (const other of legend.querySelectorAll("button")) {
      const on = alone ? other === button : (other.getAttribute("aria-pressed") === "true") !== (other === button);
      other.setAttribute("aria-pressed", on);
      for (const trace of this.data.filter((trace) => trace.legendgroup === other.dataset.group)) trace.visible = on || "legendonly";
    }
    this.draw();
  }
}

const DASHES = { solid: "", dash: "6 4", dot: "2 3", dashdot: "6 3 2 3", longdash: "10 4", longdashdot: "10 3 2 3" };

// A short piece of the line, in the style of the figure.
function swatch({ color, dash }) {
  const name = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(name, "svg");
  svg.setAttribute("viewBox", "0 0 26 10");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(name, "line");
  const shown = color === BLACK ? "currentColor" : color;
  for (const [key, value] of Object.entries({ x1: 1, x2: 25, y1: 5, y2: 5, stroke: shown, "stroke-width": 3, "stroke-dasharray": DASHES[dash] ?? "" })) {
    line.setAttribute(key, value);
  }
  svg.append(line);
  return svg;
}

// Labels have their mark-up characters escaped for Plotly.
function plain(label) {
  return label.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

const figures = [];
let waiting = [];

function drawNext() {
  const figure = new Figure(waiting.shift());
  figures.push(figure);
  figure.draw();
}

// Draws one figure at a time, so that the page stays responsive.
function drawInTurn() {
  if (waiting.length) drawNext();
  if (waiting.length) setTimeout(drawInTurn);
  else document.documentElement.setAttribute("data-drawn", "");
}

document.addEventListener("DOMContentLoaded", () => {
  waiting = [...document.querySelectorAll("figure")];
  setTimeout(drawInTurn);
});
document.addEventListener("theme", () => figures.forEach((figure) => figure.draw()));

// The width of a printed page. Printing may begin before every figure is drawn.
const PAPER = 660;
addEventListener("beforeprint", () => {
  while (waiting.length) drawNext();
  figures.forEach((figure) => figure.draw(PAPER));
});
addEventListener("afterprint", () => figures.forEach((figure) => figure.draw()));
