// What tells that somebody's text came to life in a page of ours.  No code of
// the program is believed: the browser says what ran, what was asked for, and
// what the document is made of.

// Runs before every document's own scripts.
function ears() {
	const trips = [];

	Object.defineProperty(window, "trips", { value: trips });
	for (const name of ["alert", "prompt", "confirm", "print", "open"])
		Object.defineProperty(window, name, { value: (...a) => {
			trips.push(`${name}(${a})`);
		} });
	addEventListener("securitypolicyviolation", (e) => trips.push(
	    `policy: ${e.violatedDirective} ${e.blockedURI}`));
}

// A page in a context of its own.  Its list "tripped" holds whatever ran, was
// refused, asked for, opened, or led elsewhere.
export async function canary(browser, origin, options = {}) {
	const context = await browser.newContext({ baseURL: origin,
		...options });
	const page = await context.newPage();
	const say = (what) => page.tripped.push(what);

	page.tripped = [];
	page.setDefaultTimeout(20000);
	await context.addInitScript(ears);
	await context.addInitScript(`window.strangers = ${strangers}`);
	page.on("dialog", (d) => {
		say(`dialog: ${d.type()}`);
		d.dismiss().catch(() => {});
	});
	page.on("console", (m) => {
		if (m.type() === "error" &&
		    !/^Failed to load resource: .* status of 4\d\d/.test(m.text()))
			say(`console: ${m.text()}`);
	});
	page.on("pageerror", (e) => say(`script error: ${e}`));
	page.on("popup", () => say("popup"));
	page.on("frameattached", () => say("frame"));
	page.on("download", () => say("download"));
	page.on("request", (r) => {
		if (new URL(r.url()).origin !== origin)
			say(`request: ${r.url()}`);
	});
	return page;
}

// Goes there and gives everything a moment; what happened, and what does not
// belong into the document.
export async function visit(page, url) {
	page.tripped.length = 0;
	await page.goto(url);
	return heard(page, url);
}

export async function heard(page, url) {
	const at = new URL(url, page.url()).href;
	const said = await page.evaluate(() => new Promise((done) => {
		// A browser shows feeds and JSON in documents of its own.
		const html = document.contentType === "text/html";

		requestAnimationFrame(() => setTimeout(() => done([
			...window.trips, ...(html ? window.strangers() : [])]),
		20));
	})).catch(() => ["navigation"]);

	if (page.url() !== at)
		said.push(`navigation: ${page.url()}`);
	return [...page.tripped, ...said];
}

// Everything in the document that our templates and markup cannot have made.
function strangers() {
	const text = "p br em strong del code pre blockquote ul ol li a bdi";
	const inBody = new Set(text.split(" ")), inName = new Set(["a", "bdi"]);
	const page = new Set((text + " html head meta title link script body " +
	    "header main footer nav section article div span h1 h2 h3 h4 table " +
	    "thead tbody tr th td hr figure img figcaption svg symbol path use " +
	    "time details summary form label input textarea button")
	    .split(" "));
	const attributes = {
		a: { href: /^https?:\/\//, rel:
		    /^ugc nofollow noopener noreferrer$/ },
		bdi: { dir: /^ltr$/, class: /^anon$/ },
		ol: { start: /^\d{1,9}$/, dir: /^(ltr|rtl)$/ },
	};
	const plain = { dir: /^(ltr|rtl)$/ }, found = [];

	for (const e of document.querySelectorAll("*")) {
		const name = e.localName;
		const fence = e.parentElement?.closest(".body, .who");
		const known = !fence ? page :
		    fence.matches(".body") ? inBody : inName;

		if (!known.has(name))
			found.push(e.outerHTML.slice(0, 300));
		for (const a of e.attributes) {
			const rule = (attributes[name] ?? plain)[a.name];
			const bad = fence ? !rule?.test(a.value) :
			    /^(on|style$|srcdoc$|formaction$)/i.test(a.name) ||
			    (/^(href|src|action)$/i.test(a.name) && !(/^[/?#]/
			    .test(a.value) || /^https?:\/\//.test(a.value)));

			if (bad)
				found.push(`${name} ${a.name}=${a.value}`
				    .slice(0, 300));
		}
	}
	return found;
}
