// The pages of tests/browser/preview in a real browser: direction, width,
// colours, keyboard, and what web/static/taliq.js adds.  TAP; skipped when
// playwright-core or the browser is missing.
//
// usage: node preview_test.mjs PREVIEW STATIC_DIR [SHOTS_DIR]
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { contrast, overflow, small } from "./looks.mjs";
import { launch } from "./reader.mjs";
import { finish, tell } from "./tap.mjs";

const [preview, statics, shots] = process.argv.slice(2);
const CSP = "default-src 'none'; style-src 'self'; script-src 'self'; " +
    "connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'";
const PAGES = ["list", "article", "embedded", "stress", "held", "mistakes",
    "closed", "edit", "remove", "error", "privacy"];

const dir = mkdtempSync(join(tmpdir(), "taliq-preview-"));
execFileSync(preview, [dir, "/taliq.css", "/taliq.js"]);
const types = { html: "text/html; charset=utf-8", css: "text/css",
	js: "text/javascript" };
let tokens = 0, posted = "";
const server = createServer((req, res) => {
	const url = new URL(req.url, "http://x");
	res.setHeader("Content-Security-Policy", CSP);
	if (url.pathname === "/comments/token") {
		tokens++;
		res.setHeader("Content-Type", "application/json");
		res.end('{"token":"fresh-' + url.searchParams.get("page") + '"}');
		return;
	}
	if (req.method === "POST") {
		posted = "";
		req.on("data", (d) => { posted += d; });
		req.on("end", () => { res.statusCode = 204; res.end(); });
		return;
	}
	const name = url.pathname.slice(1);
	const from = name.endsWith(".html") ? dir : statics;
	if (!existsSync(join(from, name))) {
		res.statusCode = name === "favicon.ico" ? 204 : 404;
		res.end();
		return;
	}
	res.setHeader("Content-Type", types[name.split(".").pop()]);
	res.end(readFileSync(join(from, name)));
});
await new Promise((r) => server.listen(0, "127.0.0.1", r));
const base = `http://127.0.0.1:${server.address().port}/`;
const browser = await launch();

async function open(name, options) {
	const context = await browser.newContext(options);
	const page = await context.newPage();
	page.trouble = [];
	page.on("console", (m) => {
		if (m.type() === "error")
			page.trouble.push(m.text());
	});
	page.on("pageerror", (e) => page.trouble.push(String(e)));
	await page.goto(base + name + ".html");
	return page;
}

for (const width of [320, 800, 1440]) {
	const scheme = width === 800 ? "dark" : "light";
	const page = await open("list-ar", {
		viewport: { width, height: 900 }, colorScheme: scheme,
	});

	for (const lang of ["ar", "en"]) {
		for (const name of PAGES) {
			page.trouble.length = 0;
			await page.goto(`${base}${name}-${lang}.html`);
			const tag = `${name} ${lang} ${width}`;
			const far = await page.evaluate(overflow);
			tell(!far.wide && far.out.length === 0,
			    `${tag}: nothing stands out`, far);
			const pale = await page.evaluate(contrast);
			tell(pale.length === 0, `${tag} ${scheme}: contrast`,
			    pale);
			const tiny = await page.evaluate(small);
			tell(tiny.length === 0, `${tag}: sizes to hit`, tiny);
			tell(page.trouble.length === 0, `${tag}: no errors`,
			    page.trouble);
			if (shots) {
				mkdirSync(shots, { recursive: true });
				await page.screenshot({ fullPage: true, path:
				    `${shots}/${name}-${lang}-${width}.png` });
			}
		}
	}
	await page.context().close();
}

{	// Direction, as the browser computed it.
	const page = await open("article-ar", {});
	const got = await page.evaluate(() => {
		const dir = (s) => getComputedStyle(
		    document.querySelector(s)).direction;
		const start = (s) => {
			const e = document.querySelector(s);
			const r = e.getBoundingClientRect();
			const p = e.parentElement.getBoundingClientRect();
			return r.right < p.right - 4 && r.left <= p.left + 4;
		};
		return { html: dir("html"), french: dir("#comment-4 .body"),
			name: dir("#comment-1 bdi"), code: dir("pre"),
			email: dir("#f-email"), indent: start(".replies") };
	});
	tell(JSON.stringify(got) === JSON.stringify({ html: "rtl",
		french: "ltr", name: "rtl", code: "ltr", email: "ltr",
		indent: true }), "direction of the page and its islands", got);
	await page.context().close();
}

{	// Without the script a reply is a link to the form.
	const page = await open("article-en", { javaScriptEnabled: false });
	const href = await page.getAttribute("#comment-1 .reply", "href");
	tell(href === "/bakers?reply=1#reply", "reply without script", href);
	await page.context().close();
}

{	// With it, the form comes to the comment and goes back.
	const page = await open("article-ar", {});
	await page.click("#comment-2 .reply");
	const there = await page.evaluate(() => ({
		after: document.querySelector("#comment-2").nextElementSibling.id,
		parent: document.querySelector("[name=parent]").value,
		heading: document.querySelector("#reply-title").textContent,
		focus: document.activeElement.id,
	}));
	tell(there.after === "reply" && there.parent === "2" &&
	    there.heading.includes("أبو يوسف") && there.focus === "f-text",
	    "the form comes to the comment", there);
	await page.waitForFunction(() =>
	    document.querySelector("[name=token]").value === "fresh-/bakers");
	tell(tokens > 0, "a fresh token is fetched on focus", tokens);
	await page.click(".cancel a");
	const back = await page.evaluate(() => ({
		parent: document.querySelector("[name=parent]").value,
		hidden: document.querySelector(".cancel").hidden,
		heading: document.querySelector("#reply-title").textContent,
		inside: document.querySelector(".thread #reply") !== null,
	}));
	tell(back.parent === "0" && back.hidden && !back.inside &&
	    back.heading === "اترك تعليقًا", "and goes back", back);
	await page.context().close();
}

{	// What was typed outlives a reload; the counter shows near the end.
	const page = await open("article-en", {});
	page.on("dialog", (d) => d.accept());
	await page.fill("#f-text", "half a thought");
	await page.waitForTimeout(600);
	await page.reload();
	const kept = await page.inputValue("#f-text");
	tell(kept === "half a thought", "the draft is kept", kept);
	await page.fill("#f-text", "x".repeat(4321));
	const said = await page.textContent(".counter");
	tell(said === "4321 / 5000", "the counter", said);
	await page.fill("#f-text", "said");
	await page.click(".send button");
	await page.click(".send button");
	await page.waitForTimeout(200);
	tell(/text=said/.test(posted) && /site=demo/.test(posted) &&
	    /parent=0/.test(posted) && /x7=&|x7=$/.test(posted),
	    "the form posts its fields", posted);
	await page.goto("about:blank");
	await page.goto(base + "article-en.html#comment-1");
	const gone = await page.inputValue("#f-text");
	tell(gone === "", "the draft goes once the comment is there", gone);
	await page.context().close();
}

{	// Times are retold by the browser and keep the exact one as title.
	const page = await open("held-en", {});
	const time = await page.evaluate(() => {
		const t = document.querySelector(".when time");
		t.setAttribute("datetime",
		    new Date(Date.now() - 3 * 3600e3).toISOString());
		return { title: t.title };
	});
	tell(/2026, \d\d:\d\d$/.test(time.title), "exact time as title", time);
	await page.context().close();
}

{	// The first stop of the keyboard leads past the masthead.
	const page = await open("article-en", {});
	await page.keyboard.press("Tab");
	const first = await page.evaluate(() => ({
		href: document.activeElement.getAttribute("href"),
		top: document.activeElement.getBoundingClientRect().top,
	}));
	tell(first.href === "#content" && first.top >= 0, "skip link", first);
	await page.context().close();
}

await browser.close();
server.close();
rmSync(dir, { recursive: true });
finish();
