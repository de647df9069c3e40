/* A page without a program behind it: puts charts and drawings in their places.
 *
 * What stands in the page: #rv-data (packed JSON; see reports/document.py), places with data-chart or
 * data-drawing, and groups of which one is shown (.rp-choice). `components` has the default exports
 * of the drawings' scripts. Charts and drawings are made when they come into sight. */

import { figureMenu } from "../figure_menu/figure_menu.js";
import { bytesOf, inflated, library, withHead } from "./page_data.js";
import { colorScheme, recolored } from "./page_colors.js";
import { onPaper } from "./page_print.js";
import { timeSlider } from "./page_slider.js";

const NEAR = "600px"; // how far below the screen things are made at once
const PLACES = "[data-chart], [data-drawing]";
// Safari has none; a busy page has no idle moment for long.
const idle = window.requestIdleCallback
  ? (act) => requestIdleCallback(act, { timeout: 300 })
  : (act) => setTimeout(act, 50);

async function start(components) {
  const data = JSON.parse(await inflated(document.getElementById("rv-data")));
  const made = new Map(); // place -> {redraw, leave}
  const scheme = colorScheme(document.getElementById("rp-theme"), () => {
    for (const { redraw } of made.values()) redraw?.();
  });
  const sight = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) if (isIntersecting) make(target);
  }, { rootMargin: NEAR });

  const left = () => [...document.querySelectorAll(PLACES)].filter(
    (place) => !made.has(place) && place.checkVisibility(),
  );

  function makeRest() {
    const [next] = left();
    if (!next) return;
    make(next);
    idle(makeRest);
  }

  function make(place) {
    if (made.has(place)) return;
    if (place.dataset.chart) made.set(place, chart(place, data.charts[place.dataset.chart]));
    else made.set(place, drawing(place, data.drawings[place.dataset.drawing]));
  }

  function chart(place, { figure, look }) {
    const draw = async () => {
      const Plotly = await library();
      const { data: traces, layout } = recolored(figure, look, scheme.now(), data.colors);
      place.style.minHeight = "";
      await Plotly.react(place, traces, layout, { displaylogo: false, responsive: true });
    };
    draw();
    return { redraw: draw };
  }

  function drawing(place, { name, packet, plain, head }) {
    const own = packet === undefined ? plain : withHead(bytesOf(data.packets[packet]), head);
    const leave = components[name]({ data: own, parentElement: place, setTriggerValue: choose });
    return { leave };
  }

  /* One of a group's options, by its name: others are taken off the page, so that they cost nothing. */
  function choose(event, name) {
    const button = event === "choose" && document.querySelector(`[data-choose="${CSS.escape(name)}"]`);
    const group = button?.closest(".rp-choice");
    if (!group) return;
    for (const one of group.querySelectorAll(":scope > .rp-options > button")) {
      one.setAttribute("aria-pressed", one === button);
    }
    for (const option of group.querySelectorAll(":scope > [data-option]")) {
      option.hidden = option.dataset.option !== name;
      if (!option.hidden) continue;
      for (const place of option.querySelectorAll("[data-drawing]")) {
        made.get(place)?.leave?.();
        made.delete(place);
        sight.unobserve(place);
        sight.observe(place);
      }
    }
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-choose]");
    if (button) choose("choose", button.dataset.choose);
  });
  for (const bar of document.querySelectorAll(".st-key-rv-time")) timeSlider(bar, data.time);
  for (const place of document.querySelectorAll("[data-drawing][data-now]")) make(place);
  for (const place of document.querySelectorAll(PLACES)) sight.observe(place);
  onPaper(document.querySelector("main"), () => left().forEach(make), scheme.light);
  figureMenu().update(data.words);
  fitFrame();
  if (data.charts.length) await library();
  idle(makeRest);
}

/* In a frame of a notebook: as tall as what is in it, up to what the frame says. */
function fitFrame() {
  const frame = window.frameElement;
  if (!frame?.dataset.most) return;
  const fit = () => {
    frame.style.height = `${Math.min(document.body.scrollHeight + 2, Number(frame.dataset.most))}px`;
  };
  new ResizeObserver(fit).observe(document.body);
}

export default start;
