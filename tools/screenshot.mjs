// Pictures of the demo for the README: three views of one article beside each
// other - its head, its comments, the form.  Called by tools/screenshot.sh.
//
// usage: node screenshot.mjs PLAYWRIGHT URL PICTURE
import { pathToFileURL } from "node:url";

const [library, url, picture] = process.argv.slice(2);
const { default: { chromium } } = await import(pathToFileURL(library).href);
const WIDTH = 600, HEIGHT = 900, GAP = 20;

const browser = await chromium.launch({
	executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
	args: ["--no-sandbox"] });
const page = await browser.newPage({
	viewport: { width: WIDTH, height: HEIGHT } });
await page.goto(url, { waitUntil: "networkidle" });

async function view(selector) {
	await page.evaluate((s) => {
		const at = s === "" ? null : document.querySelector(s);

		window.scrollTo(0, at === null ? 0 :
		    at.getBoundingClientRect().top + window.scrollY - 24);
	}, selector);
	return (await page.screenshot()).toString("base64");
}

const shots = [await view(""), await view("#comments"),
	await view("#reply")];
// A page of its own: the demo's security policy allows no data: pictures.
const sheet = await browser.newPage({ viewport: {
	width: 3 * WIDTH + 4 * GAP, height: HEIGHT + 2 * GAP } });
await sheet.setContent("<body style='margin:0;background:#d9d4c8'>" +
    shots.map((s, i) => `<img src="data:image/png;base64,${s}" style="` +
    `position:absolute;top:${GAP}px;left:${GAP + i * (WIDTH + GAP)}px">`)
    .join(""));
await sheet.screenshot({ path: picture });
await browser.close();
