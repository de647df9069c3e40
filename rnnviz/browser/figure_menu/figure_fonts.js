/* Fonts of the page for a picture of it: an image has no others than those written into it. */

/* The page's @font-face rules for the families that a drawing names, their files as data. */
export async function fontFaces(svg) {
  const named = [...svg.querySelectorAll("[style]")].map((one) => one.style.fontFamily).join(" ");
  const found = [...document.fonts].filter((one) => one.status === "loaded").map((one) => plain(one.family));
  const rules = [...document.styleSheets].flatMap(rulesOf).filter((rule) => {
    const family = plain(rule.style.fontFamily ?? rule.style.getPropertyValue("font-family"));
    return named.includes(family) && found.includes(family);
  });
  return (await Promise.all(rules.map(withData))).join("\n");
}

const plain = (family) => family.replace(/["']/g, "");

function rulesOf(sheet) {
  try {
    return [...sheet.cssRules].filter((one) => one instanceof CSSFontFaceRule);
  } catch {
    return []; // another site's
  }
}

/* A rule whose file is written into it; without one where the file cannot be had. */
async function withData(rule) {
  const address = /url\(["']?([^"')]+)/.exec(rule.style.getPropertyValue("src"))?.[1];
  if (!address) return "";
  try {
    const base = rule.parentStyleSheet.href ?? document.baseURI;
    const file = await (await fetch(new URL(address, base))).blob();
    const data = await new Promise((done) => {
      const reader = new FileReader();
      reader.addEventListener("load", () => done(reader.result));
      reader.readAsDataURL(file);
    });
    return rule.cssText.replace(/src:[^;]*;/, `src: url(${data});`);
  } catch {
    return "";
  }
}
