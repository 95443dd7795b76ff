// Foreign attack rows as name, website and text of comments, in pages, feeds,
// the API, the form that comes back, the form to edit, and in addresses: in a
// real browser nothing of them may come to life.  All rows are shown with the
// Content-Security-Policy switched off: escaping alone must hold.  A part of the
// pages is shown with it, too, to see that it has nothing to refuse, and as feed
// and JSON, which a browser shows in documents of its own.
// Lists of such rows try each event with each tag: of rows that differ only in
// their words, three are shown, and all that bring in a new word.
//   XSS_ALL=1   everything everywhere; takes many times as long
// timeout: 900
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

import { canary, heard, visit } from "./canary.mjs";
import { rows } from "./corpora.mjs";
import { launch } from "./reader.mjs";
import { Server } from "./server.mjs";
import { finish, same, tell } from "./tap.mjs";

const PER_PAGE = 50, DEEP = 6, OWN_MAX = 50;
const SOME = process.env.XSS_ALL ? 1 : 4;	// one page of so many
const all = telling(rows(/^xss-.*\.jsonl$/));
const pages = [];		// { site, slug, rows }

for (let i = 0; i < all.length; i += PER_PAGE)
	pages.push({ site: pages.length % 2 ? "ar" : "en",
		slug: `row-${i}`, rows: all.slice(i, i + PER_PAGE),
		// Of both sites, which take turns.
		chosen: (pages.length >> 1) % SOME === 0 });

// Some of all kinds: those that try to leave an attribute, a textarea, a title,
// a comment or a script first.
const sample = [...new Set([
	...all.filter((s) => /<\/(textarea|title|script|style)|--!?>|\]\]>|^["']/i
	    .test(s)).filter((_, i) => i % 8 === 0),
	...all.filter((_, i) => i % 60 === 0)])].slice(0, 300)
    .filter((_, i) => SOME === 1 || i % 2 === 0);

function telling(list) {
	const seen = new Map(), words = new Set();

	return process.env.XSS_ALL ? list : list.filter((row) => {
		const shape = row.replace(/[a-z]+/gi, "a").replace(/\d+/g, "0");
		const times = seen.get(shape) ?? 0, known = words.size;

		seen.set(shape, times + 1);
		for (const word of row.toLowerCase().match(/[a-z]+/g) ?? [])
			words.add(word);
		return times < 3 || words.size > known;
	});
}

// A row in every context that a comment has.
function text(row) {
	const line = row.replace(/\s+/g, " ");

	return [row, `[words](${line})`, `[${line}](https://example.org/)`,
		`<${line}>`, `https://example.org/${line}`, "`" + line + "`",
		`![${line}](${line})`, `> # ${line}`, "```" + line + "\n" + row,
	].join("\n\n");
}

function website(row, i) {
	return [row, `https://example.org/${encodeURI(row)}`,
		`https://example.org/?q=${encodeURI(row)}#'` +
		    encodeURIComponent(row)][i % 3];
}

function prepare(server) {
	const files = { ar: [], en: [] };
	let at = Date.parse("2026-01-01T00:00:00Z");

	for (const p of pages) {
		writeFileSync(join(server.data, "articles", p.site,
		    p.slug + ".md"), "---\ntitle: Rows\ndate: 2026-01-01 10:00\n" +
		    "---\nThe rows of a corpus.\n");
		p.rows.forEach((row, i) => files[p.site].push(JSON.stringify({
			key: p.slug + i, page: "/" + p.slug,
			parent: i % DEEP ? p.slug + (i - 1) : null, name: row,
			url: website(row, i), text: text(row),
			at: new Date(at += 1000).toISOString()
			    .replace(/\.\d+/, ""), state: "published" })));
	}
	for (const site of ["ar", "en"]) {
		const file = join(server.dir, site + ".jsonl");

		writeFileSync(file, files[site].join("\n") + "\n");
		server.verb("import", "--site", site, file);
	}
}

// A page with the attacks in it must trip every wire.
async function proof(browser) {
	const evil = "http://elsewhere.localhost:9/x.js";
	const bodies = {
		"/dialogs": "<script>alert(1);prompt(2);confirm(3);print()" +
		    "</script><img src=x onerror=window.open(4)>",
		"/error": "<body onload=nothing.here()>",
		"/foreign": `<script src=${evil}></script>`,
		"/frame": "<iframe srcdoc=x></iframe>",
		"/leads": "<script>setTimeout('location=\"/else\"',5)</script>",
		"/else": "",
		"/policy": "<script>alert(1)</script>",
		"/strange": '<div class="body"><p onclick="x()">a<b>c</b>' +
		    '<a href="javascript:x()">d</a></p></div><img src=x onload=y>',
	};
	const server = createServer((q, r) => {
		r.setHeader("Content-Type", "text/html");
		if (q.url === "/policy")
			r.setHeader("Content-Security-Policy",
			    "script-src 'self'");
		r.end("<!DOCTYPE html>" + (bodies[q.url] ?? ""));
	});
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
	const origin = `http://127.0.0.1:${server.address().port}`;
	const page = await canary(browser, origin);
	const said = async (path) => (await visit(page, origin + path)).join();
	const dialogs = await said("/dialogs");

	same(["alert(1)", "prompt(2)", "confirm(3)", "print()", "open(4)"]
	    .filter((w) => !dialogs.includes(w)), [],
	    "the canary hears every dialog");
	for (const [path, word] of [["/error", "script error"],
		["/foreign", "request: " + evil], ["/frame", "frame"],
		["/policy", "policy: script-src"]]) {
		const heardOf = await said(path);

		tell(heardOf.includes(word), `and ${word}`, heardOf);
	}
	const strange = await visit(page, origin + "/strange");
	same(["onclick=", "<b>c</b>", "javascript:", "onload=", "src=x"].filter(
	    (w) => !strange.some((s) => s.includes(w))), [],
	    "and sees what does not belong there");
	await visit(page, origin + "/leads");
	await page.waitForURL("**/else");
	tell((await heard(page, origin + "/leads")).join()
	    .includes("navigation"), "and being led elsewhere");
	await page.context().close();
	server.close();
}

// One page of rows: as page, with its replies moved about, as feed, as JSON.
async function read(page, server, p, bad, bypassCSP) {
	const url = `${server[p.site]}/${p.slug}`;
	const note = (what, found) => {
		if (found.length)
			bad.push([what, p.slug, found.slice(0, 3)]);
	};

	note("page", await visit(page, url));
	const [n, links] = await page.evaluate(() => {
		const root = document.documentElement;

		// Out of sight, so that fifty moves cost one layout.
		root.hidden = true;
		document.querySelectorAll(".reply").forEach((a) => a.click());
		root.hidden = false;
		document.querySelectorAll("details").forEach((d) => {
			d.open = true;
		});
		return ["article.c", ".who a"].map((s) =>
		    document.querySelectorAll(s).length);
	});
	note("comments", n === p.rows.length ? [] : [n]);
	bad.links += links;
	note("replies", await heard(page, page.url()));
	if (!bypassCSP || !p.chosen)
		return;
	note("feed", await visit(page, url + "/comments.atom"));
	note("JSON", await visit(page, `${server[p.site]}/api/v1/threads?site=` +
	    `${p.site}&page=/${p.slug}`));
}

// Feeds as programs read them: well-formed, of Atom's elements only.
async function feeds(page, server) {
	await page.goto(server.en + "/privacy");
	const wrong = await page.evaluate(async (paths) => {
		const found = [];

		for (const path of paths) {
			const r = await fetch(path);
			const doc = new DOMParser().parseFromString(
			    await r.text(), "application/xml");

			for (const e of doc.querySelectorAll("*"))
				if (!["http://www.w3.org/2005/Atom",
					"http://purl.org/syndication/thread/1.0"]
				    .includes(e.namespaceURI))
					found.push([path, e.outerHTML.slice(0, 99)]);
		}
		return found;
	}, pages.filter((p) => p.site === "en")
	    .map((p) => `/${p.slug}/comments.atom`));
	same(wrong, [], "feeds are Atom and nothing else");
}

async function readAll(browser, server, bypassCSP) {
	const bad = [], todo = pages.filter((p) => bypassCSP || p.chosen);
	const n = todo.length, n_rows = todo.reduce((k, p) => k +
	    p.rows.length, 0);

	bad.links = 0;
	await Promise.all(["en", "ar"].map(async (site) => {
		const page = await canary(browser, server[site], { bypassCSP });

		for (let p; (p = todo.find((q) => q.site === site));) {
			todo.splice(todo.indexOf(p), 1);
			await read(page, server, p, bad, bypassCSP);
		}
		await page.context().close();
	}));
	same(bad, [], `${n_rows} rows in ${n} pages` + (bypassCSP ?
	    ", some feeds and JSON, no policy" : " with the policy") +
	    ": none runs");
	tell(bad.links > n_rows / 4, `${bad.links} of their names are links`);
}

// The form that comes back with everything that was typed.
async function mistakes(browser, server, bypassCSP) {
	const page = await canary(browser, server.ar, { bypassCSP });
	const path = "/why-hashiya", bad = [];
	let again = 0;

	await page.goto(server.ar + path);
	for (const row of sample) {
		page.tripped.length = 0;
		const answer = page.waitForResponse((r) =>
		    r.request().method() === "POST");
		await Promise.all([page.waitForEvent("load"), page.evaluate((s) => {
			const f = document.querySelector("#reply form");

			for (const name of ["name", "email", "url", "text",
				"token", "parent", "site"]) {
				f.elements[name].type = "text";
				f.elements[name].value = name === "site" ? "ar" : s;
			}
			HTMLFormElement.prototype.submit.call(f);
		}, row)]);
		again += (await answer).status() === 422;
		const found = await heard(page, page.url());
		const kept = await page.inputValue("#f-text");

		if (kept.replace(/\s+/g, " ") !== row.replace(/\s+/g, " "))
			found.push(`text: ${kept}`);
		if (found.length)
			bad.push([row, found]);
	}
	same([again, bad], [sample.length, []],
	    `${sample.length} rows in the form that comes back`);
	await page.context().close();
}

// Own comments: the thread with the reader's view, both forms, the JSON answer.
async function own(browser, server, bypassCSP) {
	const page = await canary(browser, server.en, { bypassCSP });
	const bad = [];
	let held = 0;

	await page.goto(server.en + "/cooks-margin");
	const some = sample.filter((_, i) => i % 3 === 0);
	for (const row of some) {
		const made = await page.evaluate(async (body) => (await fetch(
		    "/api/v1/comments", { method: "POST", headers: {
			    "Content-Type": "application/json" },
		    body: JSON.stringify(body) })).json(), { site: "en",
			page: "/cooks-margin", name: row.slice(0, 80),
			text: row + "\n\nhttps://example.org/" });
		const found = [];

		if (made.id === undefined) {
			bad.push([row, made]);
			continue;
		}
		held += made.state === "held";
		for (const way of ["edit", "delete"]) {
			found.push(...await visit(page,
			    `${server.en}/comments/${made.id}/${way}`));
			if (way === "edit" && !(await page.inputValue("#f-text"))
			    .includes(row.trim().split(/\s/)[0].slice(0, 5)))
				found.push("not in the form");
		}
		if (found.length)
			bad.push([row, found]);
	}
	const found = await visit(page, server.en + "/cooks-margin");
	const shown = await page.locator(".mine article.c").count();
	same([bad, found, shown], [[], [], Math.min(held, OWN_MAX)],
	    `${some.length} rows as a reader's own`);
	await page.context().close();
}

// Addresses: what they ask for stands in links and hidden fields.
async function addresses(browser, server, bypassCSP) {
	const page = await canary(browser, server.en, { bypassCSP });
	const bad = [];

	for (const row of sample.filter((_, i) => i % 8 === 0)) {
		const v = encodeURIComponent(row);
		const home = encodeURIComponent(server.en + "/repair-desk");

		for (const path of [`/${v}`, `/repair-desk?sort=${v}&cursor=${v}` +
		    `&comment=${v}&reply=${v}&done=${v}`,
		`/threads?site=${v}&page=${v}`,
		`/threads?site=en&page=${home}%3F${v}`, `/comments/${v}/edit`,
		`/api/v1/threads?site=${v}&page=${v}&sort=${v}`]) {
			const found = await visit(page, server.en + path);

			if (found.length)
				bad.push([path, found]);
		}
	}
	same(bad, [], "rows in addresses");
	await page.context().close();
}

// Which rows the form's check lets through as a website: none that is not
// plainly http.
async function websites(server) {
	const taken = [], tried = [...all, ...sample.map((row) =>
	    "https://example.org/?q=" + encodeURI(row))];

	await Promise.all([0, 1, 2, 3].map(async (k) => {
		for (let i = k; i < tried.length; i += 4) {
			const r = await fetch(server.ar + "/api/v1/comments", {
				method: "POST",
				headers: { "Content-Type": "application/json" },
				body: JSON.stringify({ site: "ar",
					page: "/saqya", name: "W", text: "w" + i,
					url: tried[i] }) });
			const answer = await r.json();

			if (r.status < 300)
				taken.push([tried[i], answer.url, answer.id]);
		}
	}));
	same(taken.filter(([, url]) => !/^https?:\/\/[^\s"<>\\]+$/.test(url)),
	    [], `${taken.length} of ${tried.length} are taken for a website`);
	tell(taken.length > 0, "some of which are stored");
	for (const [, , id] of taken)
		server.verb("comment", "publish", String(id));
	return taken.length;
}

async function websitesShown(browser, server, n) {
	const page = await canary(browser, server.ar, { bypassCSP: true });
	const found = [];
	let links = 0;

	for (let next = "/saqya?sort=newest"; next;) {
		found.push(...await visit(page, server.ar + next));
		links += await page.locator(".who a").count();
		next = await page.locator(".pager .next").count() === 0 ? null :
		    (await page.getAttribute(".pager .next", "href"))
			.replace(/#.*/, "");
	}
	tell(links >= n && found.length === 0, "and stand as links, harmless",
	    { n, links, found });
	await page.context().close();
}

const browser = await launch();
const server = await Server.start(prepare);

try {
	await proof(browser);
	const n = await websites(server);
	await Promise.all([readAll(browser, server, true),
		mistakes(browser, server, true)]);
	await Promise.all([readAll(browser, server, false),
		own(browser, server, true), addresses(browser, server, true)]);
	await websitesShown(browser, server, n);
	const page = await canary(browser, server.en);
	await feeds(page, server);
} catch (e) {
	tell(false, "all rows are shown", String(e.stack));
}
await browser.close();
same(await server.stop(), [], "the server ends well and logs no error");
finish();
