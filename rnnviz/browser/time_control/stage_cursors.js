/* Cursors on the charts, and the clicks that move the time. */

export function watchCharts(go) {
  const known = new Map(); // gd -> {events, layer, marks}
  let t = 0;
  let queued = 0;
  let pressed = {};

  function attach(gd) {
    const chart = { events: gd._ev, layer: document.createElement("div"), marks: [] };
    chart.layer.className = "rv-cursors";
    const place = () => known.get(gd) === chart && putMarks(gd, chart, t);
    gd.on("plotly_afterplot", place);
    gd.on("plotly_relayouting", place);
    known.get(gd)?.layer.remove();
    known.set(gd, chart);
    place();
  }

  function scan() {
    queued = 0;
    for (const [gd, { layer }] of known) {
      if (gd.isConnected) continue;
      layer.remove();
      known.delete(gd);
    }
    for (const gd of document.querySelectorAll(".js-plotly-plot")) {
      if (gd.on && gd._ev !== known.get(gd)?.events && timeAxes(gd).length) attach(gd);
    }
  }

  /* plotly_click is silent between the points of a line and in empty cells; the click
   * that Plotly passes on to its drag layer is not, and never ends a zoom. After a touch
   * it says 0, 0: so the place is where the pointer went down. */
  function click({ target }) {
    const { clientX, clientY } = pressed;
    const chart = target.matches?.(".nsewdrag") && known.get(target.closest(".js-plotly-plot"));
    const corner = chart && chart.layer.getBoundingClientRect();
    for (const { x, y, top, height, line } of chart?.marks ?? []) {
      if (line) return go(nearest(line, x, y, clientX - corner.left, clientY - corner.top));
      const [across, down] = [clientX - corner.left - x._offset, clientY - corner.top - top];
      if (across < 0 || across > x._length || down < 0 || down > height) continue;
      return go(x.p2l(across) + first(x));
    }
  }

  const press = (event) => (pressed = event);
  document.addEventListener("pointerdown", press, true);
  document.addEventListener("click", click, true);
  const watch = new MutationObserver(() => (queued ||= requestAnimationFrame(scan)));
  watch.observe(document.body, { childList: true, subtree: true });
  return {
    scan,
    move(next) {
      t = next;
      for (const { marks } of known.values()) marks.forEach((mark) => moveMark(mark, t));
    },
    stop() {
      document.removeEventListener("pointerdown", press, true);
      document.removeEventListener("click", click, true);
      watch.disconnect();
      cancelAnimationFrame(queued);
      for (const { layer } of known.values()) layer.remove();
      known.clear();
    },
  };
}

/* Where t = 0 would be: a category axis numbers its places from 0. */
const first = (x) => (x.type === "category" ? 1 : 0);
const timeAxes = (gd) => gd.layout?.meta ?? [];

/* One mark per subplot with a time axis; overlaid y axes share theirs. «point:k» among the
 * time axes asks for a ring round the t-th point of the chart's line k instead. */
function putMarks(gd, chart, t) {
  const axes = timeAxes(gd);
  const spots = new Map();
  const line = axes.find((name) => name.startsWith("point:"));
  if (line) return putRing(gd, chart, t, gd._fullData?.[line.slice(6)]);
  for (const { xaxis: x, yaxis: y } of Object.values(gd._fullLayout?._plots ?? {})) {
    if (axes.includes(x._id)) spots.set(`${x._id} ${y._offset} ${y._length}`, { x, y });
  }
  chart.marks = [...spots.values()].map(({ x, y }, i) => {
    const element = chart.layer.children[i] ?? chart.layer.appendChild(newMark());
    element.style.height = `${y._length}px`;
    return { element, x, top: y._offset, height: y._length };
  });
  while (chart.layer.children.length > chart.marks.length) chart.layer.lastChild.remove();
  bringHome(gd, chart);
  for (const mark of chart.marks) moveMark(mark, t);
}

function bringHome(gd, chart) {
  const home = gd.querySelector(".svg-container");
  if (home && chart.layer.parentNode !== home) home.append(chart.layer);
}

function putRing(gd, chart, t, line) {
  const { xaxis: x, yaxis: y } = gd._fullLayout ?? {};
  if (!line || !x || !y) return;
  const element = chart.layer.children[0] ?? chart.layer.appendChild(newMark());
  element.setAttribute("data-rv-ring", "");
  chart.marks = [{ element, x, y, line }];
  bringHome(gd, chart);
  moveRing(chart.marks[0], t);
}

function moveRing({ element, x, y, line }, t) {
  const place = [x.l2p(line.x[t - 1]), y.l2p(line.y[t - 1])];
  const seen = place.every((at, k) => at >= 0 && at <= [x, y][k]._length);
  element.dataset.t = t;
  element.style.visibility = seen ? "" : "hidden";
  const [across, down] = [x._offset + place[0], y._offset + place[1]];
  if (seen) element.style.transform = `translate(${across}px, ${down}px)`;
}

function newMark() {
  const element = document.createElement("div");
  element.setAttribute("data-rv-cursor", "");
  return element;
}

/* The timestep of the point of a line nearest to a place in the chart; NaN if none is near. */
function nearest(line, x, y, left, top) {
  let [found, least] = [NaN, 24 ** 2];
  line.x.forEach((value, k) => {
    const across = x._offset + x.l2p(value) - left;
    const down = y._offset + y.l2p(line.y[k]) - top;
    if (across ** 2 + down ** 2 < least) [found, least] = [k + 1, across ** 2 + down ** 2];
  });
  return found;
}

function moveMark(mark, t) {
  if (mark.line) return moveRing(mark, t);
  const { element, x, top } = mark;
  const at = x.l2p(t - first(x));
  const seen = t > 0 && at >= -0.5 && at <= x._length + 0.5;
  element.dataset.t = t;
  element.style.visibility = seen ? "" : "hidden";
  if (seen) element.style.transform = `translate(${x._offset + at}px, ${top}px)`;
}
