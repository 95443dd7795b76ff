// Reading in both directions, without the script and with it: direction and
// language of everything, links to comments, folded replies, order, closed
// articles, threads alone.  timeout: 180
import { launch, reader } from "./reader.mjs";
import { Server } from "./server.mjs";
import { finish, same, tell } from "./tap.mjs";

// What runs against its page's direction, by the beginning of the text; with
// the language that a screen reader is told.  All else is Arabic.
const islands = {
	"/lost-in-subtitles": {
		'"Translate the pause"': ["ltr", "en"],
		"even better": ["ltr", null],
	},
	"/rooftop-water": {
		"Then 41%": ["ltr", "en"],
		"sa7 kalamek": ["ltr", ""],	// Arabic in Latin letters
		"😭❤️ biddi": ["ltr", ""],
		"Merci pour": ["ltr", "fr"],
		"I grew up": ["ltr", "en"],
		"درود": ["rtl", "fa"],
	},
};
// These begin with something strong of the other direction.
const misleading = ["🇹🇳 في دارنا", "@Nadine للأسف"];

// Direction, language, and whether the first line begins at the right edge.
function bodies() {
	return [...document.querySelectorAll(".comments .body")].map((e) => {
		const text = document.createTreeWalker(e, NodeFilter.SHOW_TEXT)
		    .nextNode();
		const range = document.createRange();
		const own = getComputedStyle(e).direction;
		const box = text.parentElement.closest("p, li, pre, blockquote")
		    .getBoundingClientRect();

		range.setStart(text, 0);
		range.setEnd(text, text.length);
		// Of the runs in the first line, the outermost.
		const rects = [...range.getClientRects()];
		const line = rects.filter((r) => Math.abs(r.top - rects[0].top) < 4);
		const gap = own === "rtl" ?
		    box.right - Math.max(...line.map((r) => r.right)) :
		    Math.min(...line.map((r) => r.left)) - box.left;
		return { text: e.textContent.trim(), dir: own, lang:
		    e.closest("[lang]").getAttribute("lang"), gap };
	});
}

async function directions(page, origin) {
	for (const [path, known] of Object.entries(islands)) {
		await page.goto(origin + path);
		for (const d of await page.$$("details"))
			await d.evaluate((e) => { e.open = true; });
		const all = await page.evaluate(bodies), seen = new Set();
		const wrong = all.filter((b) => {
			const key = Object.keys(known).find((k) =>
			    b.text.startsWith(k));
			const [dir, lang] = known[key] ?? ["rtl", "ar"];

			if (key)
				seen.add(key);
			return b.dir !== dir || b.gap > 24 ||
			    (lang !== null && b.lang !== lang);
		});
		tell(wrong.length === 0, `${path}: every comment runs its own way`,
		    wrong);
		same(seen.size, Object.keys(known).length,
		    `${path}: the islands are there`);
	}
	const texts = (await page.evaluate(bodies));
	for (const start of misleading) {
		same(texts.find((b) => b.text.startsWith(start))?.dir, "rtl",
		    `${start}... runs from right to left`);
	}
}

// All that readers typed is fenced in: names, and who is answered.
async function fences(t) {
	const { page, tag } = t;

	await page.goto(t.long);
	same(await page.evaluate(() => [document.documentElement.lang,
		document.documentElement.dir, getComputedStyle(document.body)
		    .direction]), [t.lang, t.dir, t.dir],
	    `${tag}: language and direction of the document`);
	same(await page.evaluate(() => [...document.querySelectorAll(
	    ".who, .when .parent")].filter((e) => {
		const names = e.querySelectorAll("bdi");

		return names.length !== 1 || getComputedStyle(names[0])
		    .unicodeBidi !== "isolate" || (e.matches(".who") &&
		    e.textContent.trim() !== names[0].textContent.trim());
	    }).map((e) => e.outerHTML)), [],
	    `${tag}: names stand in bdi, isolated`);
	same(await page.evaluate((dir) => [...document.querySelectorAll(
	    ".c > header, .c > footer")].filter((e) =>
		getComputedStyle(e).direction !== dir).length, t.dir), 0,
	    `${tag}: what surrounds a comment runs with the page`);
}

const inView = (page, id) => page.locator(`#comment-${id}`).evaluate((e) => {
	const r = e.getBoundingClientRect();

	return r.height > 0 && r.top > -1 && r.top < innerHeight - 40;
});

async function permalinks(t) {
	const { page, tag } = t;

	await page.goto(t.long);
	const link = page.locator("article.c .permalink").nth(3);
	const id = /#comment-(\d+)$/.exec(await link.getAttribute("href"))[1];
	await link.click();
	await page.waitForURL(`**/*?comment=${id}#comment-${id}`);
	tell(await inView(page, id), `${tag}: a time links to its comment`);
	same(await page.evaluate(() => document.querySelector(":target").id),
	    `comment-${id}`, `${tag}: which is marked`);
}

async function folds(t) {
	const { page, tag } = t;

	await page.goto(t.long);
	const fold = page.locator("details.fold").first();
	const deep = fold.locator("article.c").last();
	const id = (await deep.getAttribute("id")).slice(8);
	same([await fold.evaluate((d) => d.open), await deep.isVisible()],
	    [false, false], `${tag}: deep replies are folded`);
	await fold.locator("summary").click();
	tell(await deep.isVisible(), `${tag}: and open without a script`);
	tell((await fold.locator("summary").textContent()).length > 8,
	    `${tag}: the fold says what is in it`);
	await page.goto(`${t.long}?comment=${id}#comment-${id}`);
	tell(await page.locator("details.fold[open]").count() === 1 &&
	    await inView(page, id),
	    `${tag}: a link to a folded reply opens the fold`);
	const parent = page.locator(`#comment-${id} .parent`);
	const to = /#(comment-\d+)$/.exec(await parent.getAttribute("href"))[1];
	await parent.click();
	await page.waitForURL(`**/*#${to}`);
	tell(await inView(page, to.slice(8)),
	    `${tag}: a folded reply names and links its parent`);
}

async function orders(t) {
	const { page, tag } = t;
	const roots = () => page.$$eval(".thread > li > article", (all) =>
	    all.map((e) => [e.querySelector("time").dateTime,
		    e.parentElement.querySelectorAll("article").length - 1]));

	await page.goto(t.long);
	for (const [i, name, sorts] of [[0, "newest", (a, b) =>
	    b[0].localeCompare(a[0])], [1, "oldest", (a, b) =>
	    a[0].localeCompare(b[0])], [2, "best", (a, b) => b[1] - a[1]]]) {
		await page.locator(".orders a").nth(i).click();
		await page.waitForURL(`**/*?sort=${name}#comments`);
		const got = await roots();
		same(got, [...got].sort(sorts), `${tag}: ${name} first`);
		same(await page.locator(".orders [aria-current]").evaluateAll(
		    (all) => all.map((a) => a.href.includes("sort=" +
		    new URLSearchParams(location.search).get("sort")))),
		    [true], `${tag}: and the link says so`);
	}
}

async function others(t) {
	const { page, tag } = t;

	await page.goto(`/threads?site=${t.lang}&page=${t.long}`);
	same([await page.locator(".masthead").count(),
		await page.locator(".prose").count(),
		await page.locator("article.c").count() > 5], [0, 0, true],
	    `${tag}: a thread alone, for embedding`);
	same(await page.evaluate(() => document.documentElement.dir), t.dir,
	    `${tag}: runs the same way`);
	const answer = await page.goto("/nothing-here");
	same([answer.status(), await page.evaluate(() => [
		document.documentElement.lang, document.documentElement.dir,
		document.querySelector("h1").textContent.length > 3])],
	    [404, [t.lang, t.dir, true]],
	    `${tag}: an error page in the reader's language`);
	page.trouble = page.trouble.filter((s) => !s.includes("404"));
	await page.goto("/");
	await page.click("footer a[href='/privacy']");
	await page.waitForURL("**/privacy");
	same(await page.evaluate(() => [document.documentElement.dir,
		document.querySelectorAll(".datum").length > 5]), [t.dir, true],
	    `${tag}: the notice`);
}

async function closed(t) {
	const { page, tag } = t;

	for (const path of ["/corrections", "/corrections?reply=1#reply"]) {
		await page.goto(path);
		same([await page.locator("form").count(),
			await page.locator(".reply").count(),
			await page.locator(".closed").isVisible(),
			await page.locator("article.c").count()],
		[0, 0, true, 1], `${tag}: ${path} is closed and says so`);
	}
}

const browser = await launch();
const server = await Server.start();
const sites = {
	ar: { lang: "ar", dir: "rtl", long: "/rooftop-water" },
	en: { lang: "en", dir: "ltr", long: "/late-ferry" },
};

try {
	for (const js of [true, false]) {
		for (const site of Object.values(sites)) {
			const page = await reader(browser, server[site.lang],
			    { javaScriptEnabled: js, locale: site.lang });
			const t = { ...site, page,
				tag: `${site.lang}, ${js ? "" : "no "}script` };

			await fences(t);
			await permalinks(t);
			await folds(t);
			await orders(t);
			await others(t);
			if (site.lang === "ar") {
				await closed(t);
				await directions(page, server.ar);
			}
			same(page.trouble, [],
			    `${t.tag}: no errors, no foreign request`);
			await page.context().close();
		}
	}
} catch (e) {
	tell(false, "everything is read", String(e.stack));
}
await browser.close();
same(await server.stop(), [], "the server ends well and logs no error");
finish();
