// What a page looks like, measured; each function runs in the page.

// What stands out of the window, and what is cut off.
export function overflow() {
	const wide = document.documentElement.scrollWidth >
	    document.documentElement.clientWidth;
	const out = [...document.querySelectorAll("main *")].filter((e) => {
		const r = e.getBoundingClientRect();
		return r.width > 1 && (r.left < -1 ||
		    r.right > innerWidth + 1) && !e.closest("pre, table, .vh, .extra");
	}).map((e) => e.tagName + "." + e.className);
	return { wide, out: out.slice(0, 5) };
}

// Contrast of every text against what is behind it (WCAG 2.2, 1.4.3).
export function contrast() {
	const canvas = document.createElement("canvas").getContext("2d",
	    { willReadFrequently: true });
	const rgb = (c) => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = c;
		canvas.fillRect(0, 0, 1, 1);
		return [...canvas.getImageData(0, 0, 1, 1).data];
	};
	const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) =>
	    v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
	    .reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const c = rgb(getComputedStyle(e).backgroundColor);
			if (c[3] === 255)
				return c;
		}
		return [255, 255, 255, 255];
	};
	const bad = [];
	for (const e of document.querySelectorAll("body *")) {
		const own = [...e.childNodes].some((n) => n.nodeType === 3 &&
		    n.data.trim());
		if (!own || e.closest(".vh, .extra, .skip, svg"))
			continue;
		const style = getComputedStyle(e);
		const a = light(rgb(style.color)), b = light(behind(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		const large = parseFloat(style.fontSize) >= 24;
		if (ratio < (large ? 3 : 4.5))
			bad.push([e.tagName, e.className, ratio.toFixed(2)]);
	}
	return bad;
}

// Links and buttons that are too small to hit (WCAG 2.2, 2.5.8), those inside
// sentences excepted.
export function small() {
	return [...document.querySelectorAll("a, button")].filter((e) => {
		const r = e.getBoundingClientRect();
		return r.width > 1 && (r.height < 24 || r.width < 24) &&
		    !e.closest(".prose, .body, .note, .skip, .errors, .when, " +
		    ".who, .meta, h1, h2, .masthead, .failure");
	}).map((e) => e.outerHTML.slice(0, 90));
}
