// Chromium, and readers in it: each has a cookie jar of its own, and a list of
// everything that a page of taliq must never cause.  CHROMIUM is the browser
// (default: Debian's).
import { existsSync } from "node:fs";

import { skipAll } from "./tap.mjs";

const path = process.env.CHROMIUM || "/usr/bin/chromium";

export async function launch() {
	let chromium;

	try {
		({ chromium } = await import("playwright-core"));
	} catch {
		skipAll("playwright-core is not installed");
	}
	if (!existsSync(path))
		skipAll(`${path} is not there`);
	return chromium.launch({ executablePath: path,
		args: ["--no-sandbox", "--disable-gpu"] });
}

// A page that comes back with a mistake is an error to the console only.
const expected =
    /^Failed to load resource: the server responded with a status of 422/;

// Console errors (which is where violations of the policy are told), script
// errors, dialogs, requests to anybody else: all in page.trouble.
export function watch(page, origin) {
	page.trouble = [];
	page.on("console", (m) => {
		if (["error", "warning"].includes(m.type()) &&
		    !expected.test(m.text()))
			page.trouble.push(`console: ${m.text()}`);
	});
	page.on("pageerror", (e) => page.trouble.push(`script: ${e}`));
	page.on("request", (r) => {
		const url = new URL(r.url());

		if (url.origin !== origin && url.protocol !== "about:")
			page.trouble.push(`request: ${r.url()}`);
	});
	page.on("dialog", (d) => {
		page.trouble.push(`dialog: ${d.type()}`);
		d.accept().catch(() => {});
	});
}

// A new reader of the site at that origin; options as for a context.
export async function reader(browser, origin, options = {}) {
	const context = await browser.newContext({ baseURL: origin,
		viewport: { width: 800, height: 900 }, ...options });
	const page = await context.newPage();

	page.setDefaultTimeout(15000);
	watch(page, origin);
	return page;
}
