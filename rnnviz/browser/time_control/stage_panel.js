/* The buttons beside the slider, and the position in words. */

const SPEEDS = [0.5, 1, 2, 4];
const THEME = { ink: "text-color", paper: "background-color" };

let speed = 1; // kept when the user switches pages, as Python does not know it

export function drawPanel(parent) {
  const root = document.createElement("div");
  root.className = "rv-panel";
  const [play, speedButton] = ["rv-play", "rv-speed"].map((name) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = name;
    return root.appendChild(button);
  });
  const position = root.appendChild(document.createElement("span"));
  position.className = "rv-position";
  const [place, label] = [0, 1].map(() => position.appendChild(document.createElement("span")));
  label.className = "rv-label";
  parent.append(root);

  return {
    root, play, speedButton,
    speed: () => speed,
    changeSpeed: () => (speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length]),
    /* The slider must not change its length while the position is counted up. */
    reserve({ length, labels, words }) {
      const widest = (labels ?? []).reduce((a, b) => (b.length > a.length ? b : a), "");
      position.style.minWidth = "";
      this.say({ t: length, length, labels: { [length - 1]: widest }, words });
      position.style.minWidth = `${Math.ceil(position.getBoundingClientRect().width) + 2}px`;
    },
    say({ t, length, labels, words, back }, playing) {
      place.textContent = words.position.replace("{t}", t || "…").replace("{T}", length);
      const text = labels?.[t - 1] ?? "";
      label.textContent = text && ` · ${text}`;
      if (playing === undefined) return;
      play.setAttribute("aria-label", playing ? words.pause : back ? words.rewind : words.play);
      play.toggleAttribute("data-back", Boolean(back));
      play.dataset.playing = playing;
      play.disabled = length === 1;
      speedButton.setAttribute("aria-label", words.speed);
      speedButton.title = `${words.speed} ${speed}×`;
      speedButton.textContent = `${speed}×`;
    },
  };
}

/* Cursors and the bar live outside the component, where Streamlit's variables are not. */
export function copyTheme(parent) {
  const from = getComputedStyle(parent);
  const to = document.documentElement.style;
  for (const [name, source] of Object.entries(THEME)) {
    to.setProperty(`--rv-${name}`, from.getPropertyValue(`--st-${source}`));
  }
}
