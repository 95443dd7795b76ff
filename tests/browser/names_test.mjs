// Names that were made to reorder or to hide what stands around them: in both
// directions nothing else moves, and nothing of theirs leaves its line.
// timeout: 300
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { rows } from "./corpora.mjs";
import { launch, reader } from "./reader.mjs";
import { Server } from "./server.mjs";
import { finish, same, tell } from "./tap.mjs";

const PER_PAGE = 22, PLAIN = "Plain";
const names = rows(/^bidi-and-lookalike-names\.jsonl$/);
const pages = [];

for (let i = 0; i < names.length; i += PER_PAGE)
	pages.push(["name-" + i, names.slice(i, i + PER_PAGE)]);

// Four comments deep, then the names, each with a reply: those stand level and
// name whom they answer.
function prepare(server) {
	const lines = [];
	let at = Date.parse("2026-01-01T00:00:00Z");
	const add = (page, key, parent, name) => lines.push(JSON.stringify({
		key: page + key, page: "/" + page, parent: parent && page + parent,
		name, text: "Words.", state: "published",
		at: new Date(at += 1000).toISOString().replace(/\.\d+/, "") }));

	for (const [slug, some] of pages) {
		for (let i = 0; i < 4; i++)
			add(slug, "d" + i, i ? "d" + (i - 1) : null, PLAIN);
		[PLAIN, ...some].forEach((name, i) => {
			add(slug, "n" + i, "d3", name);
			add(slug, "r" + i, "n" + i, PLAIN);
		});
	}
	for (const site of ["ar", "en"]) {
		const file = join(server.dir, "names.jsonl");

		writeFileSync(file, lines.join("\n") + "\n");
		server.verb("import", "--site", site, file);
		for (const [slug] of pages)
			writeFileSync(join(server.data, "articles", site,
			    slug + ".md"), "---\ntitle: Names\n" +
			    "date: 2026-01-01 10:00\n---\nNames.\n");
	}
}

// What is out of place among the folded comments; the first is the measure.
function disorder() {
	const rtl = document.documentElement.dir === "rtl";
	const start = (e) => {
		const r = e.getBoundingClientRect();

		return Math.round(rtl ? -r.right : r.left);
	};
	// The letters of an Arabic font are taller than its line.
	const inside = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1 &&
	    a.top >= b.top - 10 && a.bottom <= b.bottom + 10;
	const box = (e) => e.getBoundingClientRect();
	const places = (c) => [".avatar", ".who", ".who bdi", ".permalink",
		".reply"].map((s) => start(c.querySelector(s))).join();
	const control = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
	const all = [...document.querySelectorAll(".fold article.c")];
	const right = places(all[0]), wrong = [];

	for (const c of all) {
		const who = c.querySelector(".who"), name = who.querySelector("bdi");
		const note = (what) => wrong.push([what, name.textContent]);

		if (places(c) !== right)
			note(places(c) + " but the first " + right);
		if (!inside(box(name), box(who)) ||
		    !inside(box(who), box(c.querySelector("header"))))
			note("leaves its line");
		if (control.test(who.textContent))
			note("control character");
	}
	for (const a of document.querySelectorAll(".fold .parent")) {
		const name = a.querySelector("bdi"), words = document.createRange();

		words.setStart(a, 0);
		words.setEndBefore(name);
		const before = box(words), after = box(name);
		if (a.childNodes.length !== 2 || control.test(a.textContent) ||
		    (Math.abs(before.top - after.top) < 8 && (rtl ?
			before.left < after.right - 1 :
			before.right > after.left + 1)))
			wrong.push(["answer", a.outerHTML]);
	}
	return { n: all.length, wrong };
}

const browser = await launch();
const server = await Server.start(prepare);

try {
	for (const site of ["ar", "en"]) {
		const page = await reader(browser, server[site]);
		const bad = [];
		let seen = 0;

		for (const [slug] of pages) {
			await page.goto("/" + slug);
			await page.locator("details").evaluateAll((all) =>
			    all.forEach((d) => { d.open = true; }));
			for (const width of [800, 320]) {
				await page.setViewportSize({ width, height: 800 });
				const { n, wrong } = await page.evaluate(disorder);

				seen += n;
				bad.push(...wrong);
			}
		}
		same(bad.slice(0, 9), [], `${site}: no name moves its neighbours`);
		same(seen, 4 * (names.length + pages.length),
		    `${site}: ${names.length} names were looked at`);
		same(page.trouble, [], `${site}: no trouble`);
		await page.context().close();
	}
} catch (e) {
	tell(false, "all names are looked at", String(e.stack));
}
await browser.close();
same(await server.stop(), [], "the server ends well and logs no error");
finish();
