// A reader's way, in both directions, without the script and with it: from the
// list to an article, a comment, its change and its end; mistakes; waiting for
// a moderator; replies.  timeout: 180
import { launch, reader } from "./reader.mjs";
import { Server } from "./server.mjs";
import { finish, same, tell } from "./tap.mjs";

const TOKEN_AGE = 3200;		// no person is faster than the form's token

const words = {
	ar: { name: "ليلى", text: "شكرًا على هذا المقال.\n\nسطر *ثانٍ* & <b>",
		shown: "شكرًا على هذا المقال.", reply: "وأنا أوافق.",
		changed: "شكرًا جزيلًا.", link: "انظروا https://example.org/x",
		posted: "نُشر تعليقك", waiting: "بانتظار" },
	en: { name: "Leila", text: "Thank you for this.\n\nA *second* line & <b>",
		shown: "Thank you for this.", reply: "I agree with that.",
		changed: "Thank you very much.", link: "See https://example.org/x",
		posted: "published", waiting: "moderation" },
};

// Whether the element is on the screen.
async function inView(page, selector) {
	return page.locator(selector).evaluate((e) => {
		const r = e.getBoundingClientRect();

		return r.top >= -1 && r.top < innerHeight - 40 && r.height > 0;
	});
}

const idOf = (page) => Number(/#comment-(\d+)$/.exec(page.url())?.[1] ?? 0);

// Fills the form as a person does: not at once.
async function type(page, fields) {
	await page.locator("#f-name").focus();
	for (const [name, value] of Object.entries(fields))
		await page.locator(`#f-${name}`).fill(value);
	await page.waitForTimeout(TOKEN_AGE);
}

const send = (page) => Promise.all([
	page.waitForEvent("load"), page.click(".respond .send button"),
]);

async function post(page, path, fields) {
	await page.goto(path);
	await type(page, fields);
	await send(page);
	return idOf(page);
}

async function fromTheList(t) {
	const { page, tag } = t;

	await page.goto("/");
	const headline = (await page.textContent(".river h2")).trim();
	await Promise.all([page.waitForEvent("load"),
		page.click(".river h2 a")]);
	same((await page.textContent("h1")).trim(), headline,
	    `${tag}: the list leads to the article`);
	tell(await page.locator("#reply form").count() === 1,
	    `${tag}: which has a form`);
}

async function comments(t) {
	const { page, tag, w } = t;

	await page.goto(t.path);
	const before = await page.locator(".comments article.c").count();
	t.id = await post(page, t.path, { name: w.name,
		email: "leila@example.org", text: w.text });
	const own = page.locator(`#comment-${t.id}`);
	tell(t.id > 0, `${tag}: posting leads to the comment`, page.url());
	tell(await inView(page, `#comment-${t.id}`), `${tag}: which is in view`);
	same(await page.locator(".comments article.c").count(), before + 1,
	    `${tag}: one comment more`);
	same((await own.locator(".who").textContent()).trim(), w.name,
	    `${tag}: with the name`);
	tell((await own.locator(".body").innerText()).startsWith(w.shown) &&
	    (await own.locator(".body").innerText()).endsWith("& <b>"),
	    `${tag}: the text as it was typed`,
	    await own.locator(".body").innerHTML());
	tell((await page.textContent(".news")).includes(w.posted),
	    `${tag}: and is said to be published`,
	    await page.textContent(".news"));
	tell(!(await page.content()).includes("leila@example.org"),
	    `${tag}: the e-mail address is nowhere`);
	same(await page.inputValue("#f-text"), "",
	    `${tag}: the form is empty again`);
	const other = await reader(t.browser, t.origin, t.options);
	await other.goto(t.path);
	same([await other.locator(`#comment-${t.id}`).count(),
		await other.locator(`#comment-${t.id} .edit`).count()], [1, 0],
	    `${tag}: everybody sees it, its author alone may edit`);
	await other.context().close();
}

// Back to the form that was sent, and sent once more.
async function goesBack(t) {
	const { page, tag } = t;

	await page.goBack();
	tell(!page.url().includes("#comment-"), `${tag}: back to the form`,
	    page.url());
	same((await page.inputValue("#f-text")).replace(/\r/g, ""), t.w.text,
	    `${tag}: what was typed is still there`);
	await page.waitForTimeout(TOKEN_AGE);
	await send(page);
	same(idOf(page), t.id,
	    `${tag}: the same form again ends at the same comment`);
	same(await page.locator(".comments .who", { hasText: t.w.name })
	    .count(), 1, `${tag}: of which there is one`);
}

async function edits(t) {
	const { page, tag, w } = t;

	await Promise.all([page.waitForEvent("load"),
		page.click(`#comment-${t.id} .edit`)]);
	same((await page.inputValue("#f-text")).replace(/\r/g, ""), w.text,
	    `${tag}: the form to edit has the text as typed`);
	await page.fill("#f-text", "  ");
	await send(page);
	tell(await page.getAttribute("#f-text", "aria-invalid") === "true" &&
	    await page.isVisible("#errors"), `${tag}: an empty one comes back`);
	await page.fill("#f-text", w.changed);
	await send(page);
	same(idOf(page), t.id, `${tag}: saving leads to the comment`);
	tell(await inView(page, `#comment-${t.id}`), `${tag}: in view`);
	same((await page.innerText(`#comment-${t.id} .body`)).trim(), w.changed,
	    `${tag}: changed`);
	tell(await page.isVisible(`#comment-${t.id} .edited`) &&
	    await page.isVisible(".news"), `${tag}: and marked so`);
}

async function isAnswered(t) {
	const { page, tag, w } = t;

	await page.goto(t.path);
	if (t.js) {
		await page.click(`#comment-${t.id} .reply`);
	} else {
		await Promise.all([page.waitForEvent("load"),
			page.click(`#comment-${t.id} .reply`)]);
		tell(page.url().endsWith(`?reply=${t.id}#reply`) &&
		    await inView(page, "#reply"),
		    `${tag}: reply leads to a form for it`, page.url());
	}
	same(await page.inputValue("[name=parent]"), String(t.id),
	    `${tag}: the form answers the comment`);
	tell((await page.textContent("#reply-title")).includes(w.name),
	    `${tag}: and says whom`);
	if (t.js) {
		same(await page.evaluate(() => [
			document.activeElement.id, document.querySelector("#reply")
			    .previousElementSibling.id]), ["f-text",
			`comment-${t.id}`], `${tag}: stands below it, focused`);
		await page.click(".cancel a");
		same([await page.inputValue("[name=parent]"), await page.locator(
		    ".thread #reply").count()], ["0", 0],
		    `${tag}: and goes home when cancelled`);
		await page.click(`#comment-${t.id} .reply`);
	}
	await type(page, { name: w.name + " 2", text: w.reply });
	await send(page);
	const id = idOf(page);
	tell(await page.locator(`li:has(> #comment-${t.id}) > .replies ` +
	    `> li > #comment-${id}`).count() === 1,
	    `${tag}: the reply stands below its parent`, page.url());
	tell(await inView(page, `#comment-${id}`), `${tag}: in view`);
}

async function deletes(t) {
	const { page, tag, w } = t;

	await page.goto(t.path);
	await Promise.all([page.waitForEvent("load"),
		page.click(`#comment-${t.id} form button`)]);
	tell((await page.innerText(".body")).includes(w.changed),
	    `${tag}: the question shows the comment`);
	await send(page);
	tell(await page.isVisible(".news") && new URL(page.url()).pathname ===
	    encodeURI(t.path), `${tag}: deleted, and said so`, page.url());
	same([await page.locator(`#comment-${t.id} .gone`).count(),
		await page.locator(`#comment-${t.id} .body`).count()], [1, 0],
	    `${tag}: its place is kept for the reply`);
	tell(await post(page, t.path, { name: w.name, text: w.text }) > t.id,
	    `${tag}: what was changed or deleted may be said anew`);
}

async function waits(t) {
	const { browser, origin, tag, w, options } = t;
	const page = await reader(browser, origin, options);
	const other = await reader(browser, origin, options);
	const id = await post(page, t.path, { name: "Nour", text: w.link });

	tell(await inView(page, `#comment-${id}`),
	    `${tag}: a link waits, in view`, page.url());
	tell((await page.textContent(`#comment-${id} .badge`)).includes(
	    w.waiting) && (await page.textContent(".news")).includes(w.waiting),
	    `${tag}: with a badge for its author`);
	await page.goto(t.path);
	same(await page.locator(`.mine #comment-${id}`).count(), 1,
	    `${tag}: still there on the next visit`);
	await other.goto(t.path);
	same([await other.locator(`#comment-${id}`).count(),
		(await other.content()).includes("example.org/x")],
	    [0, false], `${tag}: nobody else sees it`);
	t.server.verb("comment", "publish", String(id));
	await other.goto(t.path);
	same(await other.locator(`#comment-${id} .body a`).getAttribute("rel"),
	    "ugc nofollow noopener noreferrer",
	    `${tag}: published by the moderator, everybody does`);
	same([page.trouble, other.trouble], [[], []], `${tag}: no trouble`);
	await page.context().close();
	await other.context().close();
}

async function errs(t) {
	const { browser, origin, tag, w, options } = t;
	const page = await reader(browser, origin, options);

	await page.goto(t.path);
	await type(page, { name: "", email: "leila@", url: "javascript:x",
		text: w.text });
	const [answer] = await Promise.all([page.waitForResponse((r) =>
	    r.request().method() === "POST"), page.waitForEvent("load"),
	page.click(".respond .send button")]);
	same(answer.status(), 422, `${tag}: mistakes are answered by 422`);
	same(await page.evaluate(() => ["name", "email", "url", "text"].map(
	    (n) => document.getElementById("f-" + n).value.replace(/\r/g,
	    ""))), ["", "leila@", "javascript:x", w.text],
	    `${tag}: all that was typed is back`);
	same(await page.evaluate(() => ["name", "email", "url", "text"].map(
	    (n) => {
		const f = document.getElementById("f-" + n);
		const e = document.getElementById("e-" + n);

		return f.getAttribute("aria-invalid") === "true" && e !== null &&
		    f.getAttribute("aria-describedby").includes(e.id) &&
		    e.textContent.trim().length > 5;
	    })), [true, true, true, false],
	    `${tag}: each field says what is wrong, none else`);
	same(await page.locator("#errors li").count(), 3,
	    `${tag}: the summary lists them`);
	tell(await inView(page, "#errors"), `${tag}: it is in view`);
	same(await page.evaluate(() => document.activeElement.id), "errors",
	    `${tag}: and has the focus`);
	await page.click("#errors li:nth-child(2) a");
	same(await page.evaluate(() => document.activeElement.id), "f-email",
	    `${tag}: its links lead to the fields`);
	await page.fill("#f-name", "Rim");
	await page.fill("#f-email", "");
	await page.fill("#f-url", "");
	await send(page);
	const id = idOf(page);
	tell(id > 0 && await page.locator(`#comment-${id} .body`).count() === 1,
	    `${tag}: mended, it is taken at once`, page.url());
	same(page.trouble, [], `${tag}: no trouble`);
	await page.context().close();
}

// What the script adds to the form.
async function comforts(t) {
	const { browser, origin, tag, options } = t;
	const page = await reader(browser, origin, options);
	const value = (n) => page.inputValue(`[name=${n}]`);

	await page.goto(t.path);
	const token = await value("token");
	await Promise.all([page.waitForResponse(/\/comments\/token\?/),
		page.locator("#f-text").focus()]);
	await page.waitForFunction((old) => document.querySelector(
	    "[name=token]").value !== old, token);
	tell(/^[\w-]{64}$/.test(await value("token")),
	    `${tag}: a fresh token when the form is used`);
	await page.fill("#f-text", "x".repeat(3000));
	const quiet = await page.textContent(".counter");
	await page.fill("#f-text", "x".repeat(4321));
	same([quiet, await page.textContent(".counter")], ["", "4321 / 5000"],
	    `${tag}: a counter when room gets scarce`);
	await page.fill("#f-text", "half a thought");
	await page.waitForTimeout(600);
	page.removeAllListeners("dialog");
	const asked = page.waitForEvent("dialog");
	const left = page.reload();
	const dialog = await asked;
	same(dialog.type(), "beforeunload",
	    `${tag}: asks before something typed is lost`);
	await dialog.accept();
	await left;
	same(await value("text"), "half a thought",
	    `${tag}: and keeps it anyway`);
	await type(page, { name: "Draft" });
	await send(page);
	await page.goto(t.path);
	same(await value("text"), "", `${tag}: until it is sent`);
	tell(/\d/.test(await page.getAttribute(".when time", "title")) &&
	    !/\d{4}/.test(await page.textContent(".when time")),
	    `${tag}: times are relative, the exact one is the title`,
	    await page.innerHTML(".when"));
	same(page.trouble, [], `${tag}: no trouble`);
	await page.context().close();
}

// The thread of a page elsewhere: a site without articles of its own.
async function alone(t) {
	const { browser, tag, w, options } = t;
	const origin = `http://alone.localhost:${t.server.port}`;
	const path = `/threads?site=alone&page=/story-${t.lang}-${t.js}`;
	const page = await reader(browser, origin, options);
	const id = await post(page, path, { name: w.name, text: w.text });

	tell(id > 0 && await inView(page, `#comment-${id}`),
	    `${tag}: a thread alone takes a comment, in view`, page.url());
	same([new URL(page.url()).searchParams.get("page"), await page.locator(
	    ".masthead").count()], [`/story-${t.lang}-${t.js}`, 0],
	    `${tag}: and stays alone`);
	await Promise.all([page.waitForEvent("load"),
		page.click(`#comment-${id} .edit`)]);
	await page.fill("#f-text", w.changed);
	await send(page);
	same([idOf(page), (await page.innerText(`#comment-${id} .body`)).trim()],
	    [id, w.changed], `${tag}: its author may change it`);
	await Promise.all([page.waitForEvent("load"),
		page.click(`#comment-${id} form button`)]);
	await send(page);
	same(await page.locator(`#comment-${id} .body`).count(), 0,
	    `${tag}: and delete it`);
	same(page.trouble, [], `${tag}: no trouble`);
	await page.context().close();
}

async function all(t) {
	t.page = await reader(t.browser, t.origin, t.options);
	await fromTheList(t);
	await comments(t);
	await goesBack(t);
	await edits(t);
	await isAnswered(t);
	await deletes(t);
	same(t.page.trouble, [], `${t.tag}: no errors, no foreign request`);
	await t.page.context().close();
	await waits(t);
	await errs(t);
	await alone(t);
	if (t.js)
		await comforts(t);
}

const paths = {
	ar: ["/lost-in-subtitles", "/مكتبة-الدرج"],
	en: ["/repair-desk", "/cooks-margin"],
};
const browser = await launch();
const server = await Server.start((s) => s.verb("site", "add", "alone",
    "language=en", "filter=no", `origins=http://alone.localhost:${s.port}`));

try {
	await Promise.all(["ar", "en"].flatMap((lang) => [true, false].map(
	    (js) => all({ browser, server, lang, js, w: words[lang],
		    origin: server[lang], path: paths[lang][js ? 0 : 1],
		    options: { javaScriptEnabled: js },
		    tag: `${lang}, ${js ? "script" : "no script"}` }))));
} catch (e) {
	tell(false, "the readers' way to its end", String(e.stack));
}
await browser.close();
same(await server.stop(), [], "the server ends well and logs no error");
finish();
