/* Plays time: so many steps a second, until it is stopped. */

const STEPS_PER_SECOND = 10;

/* `speed()` is a factor; `tick(steps)` is called with every frame, with how many steps are due. */
export function player(speed, tick) {
  let handle = 0; // of the next animation frame

  function start() {
    let since = performance.now();
    const frame = (now) => {
      const rate = (STEPS_PER_SECOND * speed()) / 1000;
      const steps = Math.floor((now - since) * rate);
      handle = requestAnimationFrame(frame);
      if (steps > 0) since = Math.max(since + steps / rate, now - 1 / rate);
      tick(Math.min(steps, 5)); // a hidden tab gets no frames, and must not leap
    };
    handle = requestAnimationFrame(frame);
  }

  function stop() {
    cancelAnimationFrame(handle);
    handle = 0;
  }

  return { start, stop, now: () => handle !== 0 };
}
