// WordPress with the plugin Akismet and ours, in front of the real program, in
// Chromium: everything that docs/akismet.md tells an owner to do, and what comes
// of it.  Run by "./test wordpress"; pictures: build-test/wordpress-*.png.
// timeout: 600
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { launch } from "../browser/reader.mjs";
import { root } from "../browser/server.mjs";
import { finish, same, tell } from "../browser/tap.mjs";
import { ADMIN, Site } from "./site.mjs";
import { Filter } from "./filter.mjs";

const PICTURES = join(root, "build-test");
const SPAM = "Best replica watches, cheap viagra and casino bonus, buy now at " +
    "http://cheap-pills-casino.example.com/buy http://casino.example.net/win";
const GOOD = "The ferry was late on Tuesday, too; the harbour office told us " +
    "that the new timetable begins in March.";
// What WordPress's clock does twenty minutes after a check that failed.
const RECHECK = "require ABSPATH_OF_TEST . 'wp-load.php'; " +
    "do_action( 'akismet_schedule_cron_recheck' );";

// Everything the browser asks another machine for.
const strangers = [];

async function someone(browser) {
	const page = await (await browser.newContext({ viewport: { width: 1200,
		height: 900 } })).newPage();

	page.setDefaultTimeout(20000);
	page.on("request", (r) => {
		const url = new URL(r.url());

		if (/^https?:$/.test(url.protocol) &&
		    url.hostname !== "127.0.0.1")
			strangers.push(r.url());
	});
	return page;
}

async function picture(page, name) {
	await page.screenshot({ path: join(PICTURES, `wordpress-${name}.png`),
		fullPage: true });
}

async function logIn(page, site) {
	await page.goto(`${site.url}/wp-login.php`);
	await page.fill("#user_login", ADMIN.name);
	await page.fill("#user_pass", ADMIN.password);
	await page.click("#wp-submit");
	await page.waitForURL(/wp-admin/);
}

// A reader's comment under the first post.
async function comment(browser, site, name, text) {
	const page = await someone(browser);

	await page.goto(`${site.url}/?p=1`);
	await page.fill("#author", name);
	await page.fill("#email", `${name.toLowerCase()}@example.org`);
	await page.fill("#comment", text);
	const [posted] = await Promise.all([
		page.waitForResponse(/wp-comments-post/),
		page.click("#submit"),
	]);
	if (posted.status() !== 302)
		throw new Error(`posting: ${await posted.text()}`);
	await page.context().close();
}

const admin = (page, site, path) => page.goto(`${site.url}/wp-admin/${path}`);

async function notices(page) {
	return (await page.locator(".notice").allInnerTexts())
	    .filter((t) => t.startsWith("taliq for Akismet"))
	    .map((t) => t.replace(/\s+/g, " ").trim());
}

// Before the owner has named a server.
async function unconfigured(browser, page, site) {
	await admin(page, site, "plugins.php");
	tell((await notices(page)).some((n) => /is not defined.*wp-config/
	    .test(n)), "without the constant an administrator is told",
	await notices(page));
	tell(!(await notices(page)).some((n) => /comments wait/.test(n)),
	    "not that comments wait, without Akismet", await notices(page));
	await picture(page, "unconfigured");
	await page.click('a[id="activate-akismet"], ' +
	    'tr[data-slug="akismet"] .activate a, tr[data-plugin^="akismet/"] ' +
	    ".activate a");
	for (const [value, why] of [
		["'http://203.0.113.9'", "must begin with https"],
		["'https://rest.akismet.com'", "not yours"],
		["'comments.example.org'", "not an address"],
		["'https://a:b@example.org'", "no more"],
	]) {
		site.owner(`define( 'TALIQ_AKISMET_URL', ${value} );`);
		await admin(page, site, "index.php");
		tell((await notices(page)).some((n) => n.includes(why)),
		    `${value} is refused`, await notices(page));
	}
}

async function enterKey(page, site, key) {
	await admin(page, site, "options-general.php?page=akismet-key-config");
	const manual = page.locator("text=/manually enter an api key/i").first();

	if (!await page.locator('input[name="key"]').first().isVisible())
		await manual.click();
	await page.locator('input[name="key"]:visible').first().fill(key);
	await page.locator('form:has(input[name="key"]) [type="submit"]:visible')
	    .first().click();
	await page.waitForLoadState();
}

const savedKey = (site) => site.sql("SELECT option_value FROM wp_options WHERE " +
    "option_name = 'wordpress_api_key'");

async function keys(page, site, filter) {
	await enterKey(page, site, "0123456789aa");
	same(savedKey(site), "", "a wrong key is refused");
	tell((await notices(page)).some((n) => n.includes("has no key yet")),
	    "that there is no key is said", await notices(page));
	await enterKey(page, site, filter.key);
	same(savedKey(site), filter.key, "the right key is saved");
	await admin(page, site, "options-general.php?page=akismet-key-config");
	tell((await notices(page)).some((n) => n.includes("and answers")),
	    "Akismet's page says where the checks go", await notices(page));
	await picture(page, "settings");
	const good = savedKey(site);
	const put = (key) => site.sql("UPDATE wp_options SET option_value = " +
	    `'${key}' WHERE option_name = 'wordpress_api_key'`);

	put("0123456789ab");
	await admin(page, site, "options-general.php?page=akismet-key-config");
	tell((await notices(page)).some((n) => /answers, but.*not good/.test(n)),
	    "a key that is no longer good is told of", await notices(page));
	put(good);
}

async function judged(browser, site) {
	await comment(browser, site, "Nur", GOOD);
	same(site.state("ferry was late"), "1", "a good comment is published");
	await comment(browser, site, "Bestdeals", SPAM);
	same(site.state("replica watches"), "spam", "spam lands in Spam");
	await comment(browser, site, "viagra-test-123", "The test author.");
	same(site.state("test author"), "spam", "Akismet's test name is spam");
}

// Clicks an action below a comment in the list.
async function act(page, site, list, text, action) {
	await admin(page, site, `edit-comments.php?comment_status=${list}`);
	const row = page.locator("#the-comment-list tr", { hasText: text });

	await row.hover();
	await row.locator(`.row-actions .${action} a`).click();
	await row.waitFor({ state: "hidden" });
}

async function taught(page, site, filter) {
	await act(page, site, "all", "ferry was late", "spam");
	await site.until(() => site.state("ferry was late") === "spam" &&
	    filter.lessons("spam") === 1, "a lesson");
	tell(true, "a moderator's Spam reaches the feedback log");
	await act(page, site, "spam", "replica watches", "unspam");
	await site.until(() => site.state("replica watches") !== "spam" &&
	    filter.lessons("published") === 1, "a lesson");
	tell(true, "so does Not Spam");
}

async function statistics(page, site) {
	await admin(page, site,
	    "options-general.php?page=akismet-key-config&view=stats");
	const frame = page.frameLocator("iframe").first();
	const row = (name) => frame.locator("tr", { hasText: name }).last()
	    .locator("td").allInnerTexts();

	same(await row("Together"), ["2", "1", "1", "1"],
	    "the statistics are real numbers");
	await picture(page, "statistics");
	await admin(page, site, "options-general.php?page=akismet-key-config");
	const text = await page.innerText("#wpbody");

	tell(/All time\s+2\b/i.test(text) && /1 false positive/i.test(text),
	    "and stand on the settings page", text);
}

async function outage(browser, page, site, filter) {
	await filter.stop();
	await comment(browser, site, "Salma", "Is anybody at the desk tonight?");
	same(site.state("at the desk"), "0",
	    "while the server is away a comment waits");
	await admin(page, site, "index.php");
	tell((await notices(page)).some((n) => /could not be asked/.test(n)),
	    "and an administrator is told", await notices(page));
	await picture(page, "outage");
	await filter.serve();
	site.run(RECHECK);
	same(site.state("at the desk"), "1",
	    "when it is back, Akismet's next look publishes it");
	await admin(page, site, "index.php");
	same(await notices(page), [], "and nobody is told any more");
}

// Plugins that ask by themselves: the key in the host's name, the body as a list
// or as text; Akismet's test of an address by number; and anybody else.
function others(site, filter) {
	const said = site.run(`require ABSPATH_OF_TEST . 'wp-load.php';
	$key = '${filter.key}';
	$form = array( 'blog' => 'https://blog.example.org', 'user_ip' =>
		'203.0.113.7', 'comment_author' => 'viagra-test-123' );
	foreach ( array( $form, http_build_query( $form ) ) as $body ) {
		echo wp_remote_retrieve_body( wp_remote_post( "https://$key" .
			'.rest.akismet.com/1.1/comment-check',
			array( 'body' => $body ) ) ), ' ';
	}
	echo wp_remote_retrieve_body( wp_remote_post(
		'http://192.0.2.1/1.1/verify-key', array(
		'headers' => array( 'Host' => 'rest.akismet.com' ),
		'body' => $form + array( 'key' => $key ) ) ) ), ' ';
	foreach ( array( 'rest.akismet.com.', 'a.b.rest.akismet.com' ) as $host ) {
		echo wp_remote_retrieve_body( wp_remote_post(
			"https://$host/1.1/verify-key", array(
			'body' => $form + array( 'key' => $key ) ) ) ), ' ';
	}
	echo is_wp_error( wp_remote_get( 'https://example.org/' ) )
		? 'blocked' : 'open';`);

	same(said, "true true valid valid valid blocked",
	    "the calls of other plugins reach taliq, too");
}

async function all(browser, site, filter) {
	const page = await someone(browser);

	await logIn(page, site);
	await unconfigured(browser, page, site);
	site.owner(`define( 'TALIQ_AKISMET_URL', '${filter.url}' );`);
	await keys(page, site, filter);
	await judged(browser, site);
	await admin(page, site, "edit-comments.php?comment_status=spam");
	await picture(page, "spam");
	await taught(page, site, filter);
	await statistics(page, site);
	others(site, filter);
	await outage(browser, page, site, filter);
	same(strangers, [], "the browser asks no other machine for anything");
	same(site.complaints(), [], "PHP has nothing to say of our plugin");
}

mkdirSync(PICTURES, { recursive: true });
const browser = await launch();
const site = await Site.start();
const filter = await Filter.start(site.url);

try {
	await all(browser, site, filter);
} catch (e) {
	tell(false, "the run gets to its end", e.stack);
	for (const line of site.logs().split("\n"))
		console.log(`# ${line}`);
}
same(await filter.end(), [], "taliq ends well and logs no error");
await browser.close();
await site.end();
finish();
