// The elements that make the page wider than its window, the innermost ones; an empty list where it does not scroll sideways.
const root = document.documentElement;
if (root.scrollWidth <= root.clientWidth) return [];
const wide = [...document.querySelectorAll('body *')].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.right > root.clientWidth + 0.5 || box.left < -0.5;
});
const innermost = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
const texts = innermost.slice(0, 3).map((element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 160));
return [`the page is ${root.scrollWidth} px wide in a window of ${root.clientWidth} px: ` + texts.join(' | ')];
