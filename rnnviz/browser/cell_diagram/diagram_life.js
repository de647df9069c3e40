/* What a drawing of the cell follows while it is on the page: its width, whether it is seen, time. */

/** Observes `root` until `unmount`: `resized(width)` when its width changes, `follow(t)` with time. */
export function observed(root, resized, follow) {
  let width = 0;
  const sizes = new ResizeObserver(([{ contentRect }]) => {
    if (Math.abs(contentRect.width - width) < 1) return;
    width = contentRect.width;
    resized(width);
  });
  // Dashes that nobody sees need not move.
  const sight = new IntersectionObserver(([{ isIntersecting }]) => root.toggleAttribute("data-still", !isIntersecting));
  const moved = (event) => follow(event.detail.t);
  document.addEventListener("rv-time", moved);
  sizes.observe(root);
  sight.observe(root);
  return {
    measured() {
      width = root.getBoundingClientRect().width;
      return width;
    },
    unmount() {
      document.removeEventListener("rv-time", moved);
      sizes.disconnect();
      sight.disconnect();
      root.remove();
    },
  };
}
