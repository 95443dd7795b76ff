// What every page looks like and whether everybody can use it: narrow, wide and
// enlarged windows, light and dark, keyboard alone, axe-core's rules.  Pictures
// go to build-test/screenshots.  timeout: 400
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { contrast, overflow, small } from "./looks.mjs";
import { launch, reader } from "./reader.mjs";
import { root, Server } from "./server.mjs";
import { finish, same, tell } from "./tap.mjs";

const shots = join(process.env.TALIQ_BUILD || join(root, "build-test"),
    "screenshots");
const axe = readFileSync(createRequire(import.meta.url)
    .resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [320, 800, 1440], DARK = 800;
const sites = {
	ar: { lang: "ar", article: "/rooftop-water", other: "/saqya",
		name: "سلمى", text: "أحسنتم. التفاصيل في https://example.org/water" },
	en: { lang: "en", article: "/late-ferry", other: "/repair-desk",
		name: "Salma", text: "Well done. More at https://example.org/x" },
};

// Each brings the page into a state worth looking at.
const states = {
	list: (page) => page.goto("/"),
	article: (page, site) => page.goto(site.article),
	async mistakes(page, site) {
		await page.goto(site.other);
		await page.fill("#f-email", "salma@");
		await page.fill("#f-url", "not a host");
		await page.fill("#f-text", site.text);
		await page.waitForTimeout(3200);
		await send(page);
	},
	async held(page, site) {
		await page.goto(site.other);
		await page.fill("#f-name", site.name);
		await page.fill("#f-text", site.text);
		await page.waitForTimeout(3200);
		await send(page);
	},
	edit: (page) => page.click(".mine .edit"),
	async remove(page) {
		await page.goBack();
		await page.click(".mine footer button");
	},
	reply: (page, site) => page.goto(site.other + "?reply=1#reply"),
	privacy: (page) => page.goto("/privacy"),
	missing: (page) => page.goto("/nothing-here"),
	thread: (page, site) =>
	    page.goto(`/threads?site=${site.lang}&page=${site.other}`),
};

const send = (page) => Promise.all([page.waitForEvent("load"),
	page.click(".respond .send button")]);

// Colours do not move anything: each width is measured once, and shown in one.
async function looks(page, tag, name, lang) {
	for (const width of WIDTHS) {
		const what = `${tag} ${width}`;

		await page.setViewportSize({ width, height: 900 });
		const far = await page.evaluate(overflow);
		tell(!far.wide && far.out.length === 0,
		    `${what}: nothing stands out`, far);
		for (const colorScheme of ["light", "dark"]) {
			await page.emulateMedia({ colorScheme });
			const pale = await page.evaluate(contrast);
			tell(pale.length === 0, `${what} ${colorScheme}: contrast`,
			    pale);
			if ((colorScheme === "dark") === (width === DARK))
				await page.screenshot({ fullPage: true, path:
				    join(shots, `${name}-${lang}-${width}-` +
				    `${colorScheme}.png`) });
		}
		const tiny = await page.evaluate(small);
		tell(tiny.length === 0, `${tag} ${width}: sizes to hit`, tiny);
	}
}

// Twice the size: the whole page (half the window), and the letters alone.
async function enlarged(page, tag) {
	await page.setViewportSize({ width: 640, height: 450 });
	const zoomed = await page.evaluate(overflow);
	tell(!zoomed.wide && zoomed.out.length === 0,
	    `${tag}: page at 200 %`, zoomed);
	await page.setViewportSize({ width: 800, height: 900 });
	await page.evaluate(() => {
		document.documentElement.style.fontSize = "200%";
	});
	const large = await page.evaluate(overflow);
	tell(!large.wide && large.out.length === 0,
	    `${tag}: letters at 200 %`, large);
	await page.evaluate(() => {
		document.documentElement.style.fontSize = "";
	});
}

async function rules(page, tag) {
	await page.evaluate(axe);
	for (const colorScheme of ["light", "dark"]) {
		await page.emulateMedia({ colorScheme });
		const found = await page.evaluate(() => window.axe.run(document));
		tell(found.violations.length === 0 && found.passes.length > 10,
		    `${tag} ${colorScheme}: axe-core has nothing to say`,
		    found.violations.map((v) => [v.id, v.help,
			    v.nodes.slice(0, 3).map((n) => n.html.slice(0, 200))]));
	}
}

async function pages(browser, server, site) {
	const page = await reader(browser, server[site.lang],
	    { locale: site.lang, reducedMotion: "reduce" });

	for (const [name, enter] of Object.entries(states)) {
		const tag = `${name} ${site.lang}`;

		await page.setViewportSize({ width: 800, height: 900 });
		await Promise.all([page.waitForEvent("load"),
			enter(page, site)]);
		await looks(page, tag, name, site.lang);
		await enlarged(page, tag);
		await rules(page, tag);
	}
	page.trouble = page.trouble.filter((s) => !/status of 404/.test(s));
	same(page.trouble, [], `${site.lang}: no errors, no foreign request`);
	await page.context().close();
}

// What has the focus, and whether one can see that it has.
function focused() {
	const e = document.activeElement, s = getComputedStyle(e);
	const r = e.getBoundingClientRect();
	const name = e.id || e.name || e.className || e.getAttribute("href") ||
	    e.tagName;

	return { name, tag: e.tagName, href: e.getAttribute("href"),
		comment: e.closest("article.c")?.id,
		shown: parseFloat(s.outlineWidth) >= 2 &&
		    s.outlineStyle !== "none" && r.width > 0 &&
		    r.bottom > 0 && r.top < innerHeight &&
		    r.right > 0 && r.left < innerWidth };
}

async function keyboard(browser, server, site, js) {
	const page = await reader(browser, server[site.lang],
	    { javaScriptEnabled: js });
	const tag = `keyboard ${site.lang}, ${js ? "" : "no "}script`;
	const stops = [];
	const tab = async () => {
		await page.keyboard.press("Tab");
		const stop = await page.evaluate(focused);

		stops.push(stop);
		return stop;
	};
	const until = async (fits, most) => {
		for (let i = 0; i < most; i++) {
			const stop = await tab();

			if (fits(stop))
				return stop;
		}
		return null;
	};

	await page.goto(site.other);
	same((await tab()).name, "skip", `${tag}: first, a way to the text`);
	await page.keyboard.press("Enter");
	const next = await tab();
	tell(!["skip", "/"].includes(next.href) && await page.evaluate(() =>
	    document.activeElement.closest("main") !== null),
	    `${tag}: which leads there`, next);
	const order = [];
	for (const [want, fits] of [
		["sorting", (s) => /sort=/.test(s.href ?? "")],
		["a comment's link", (s) => s.name === "permalink"],
		["its reply link", (s) => s.name === "reply"],
		["name", (s) => s.name === "f-name"],
		["e-mail", (s) => s.name === "f-email"],
		["website", (s) => s.name === "f-url"],
		["text", (s) => s.name === "f-text"],
		["the button", (s) => s.tag === "BUTTON"]]) {
		if (await until(fits, want === "name" ? 120 : 30))
			order.push(want);
	}
	same(order, ["sorting", "a comment's link", "its reply link", "name",
		"e-mail", "website", "text", "the button"],
	    `${tag}: everything is reached, in its order`);
	same(stops.filter((s) => !s.shown), [],
	    `${tag}: and one sees where one is`);
	await page.goto(site.other);
	await until((s) => s.name === "reply", 60);
	const to = await page.evaluate(() =>
	    document.activeElement.closest("article").id);
	await (js ? page.keyboard.press("Enter") : Promise.all([
		page.waitForEvent("load"), page.keyboard.press("Enter")]));
	if (js) {
		for (let i = 0; i < 3; i++)
			await page.keyboard.press("Shift+Tab");
		same((await page.evaluate(focused)).name, "f-name",
		    `${tag}: the script leads to the text, the name is above`);
	} else {
		await until((s) => s.name === "f-name", 5);
	}
	const words = `Keys only, ${js ? "" : "no "}script`;
	await page.keyboard.type(site.name);
	for (let i = 0; i < 3; i++)
		await page.keyboard.press("Tab");
	await page.keyboard.type(words);
	await page.waitForTimeout(3300);
	await page.keyboard.press("Tab");
	await Promise.all([page.waitForEvent("load"),
		page.keyboard.press("Enter")]);
	same(await page.locator(`li:has(> #${to}) > .replies .body`,
	    { hasText: words }).count(), 1,
	    `${tag}: a reply by keys alone`);
	same(page.trouble, [], `${tag}: no trouble`);
	await page.context().close();
}

const browser = await launch();
const server = await Server.start();

mkdirSync(shots, { recursive: true });
try {
	await Promise.all(Object.values(sites).map(async (site) => {
		await pages(browser, server, site);
		for (const js of [true, false])
			await keyboard(browser, server, site, js);
	}));
} catch (e) {
	tell(false, "everything is looked at", String(e.stack));
}
await browser.close();
same(await server.stop(), [], "the server ends well and logs no error");
finish();
