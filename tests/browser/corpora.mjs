// Foreign test rows, read where they lie: TALIQ_SHARED, else beside the project.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./server.mjs";
import { skipAll } from "./tap.mjs";

const folder = join(process.env.TALIQ_SHARED || join(root, "../shared"),
    "corpora");

function read(name) {
	return readFileSync(join(folder, name), "utf8").split("\n")
	    .filter(Boolean).map((line) => {
		const row = JSON.parse(line);

		return row.in ?? Buffer.from(row.b64, "base64").toString("utf8");
	    });
}

function percentDecoded(s) {
	return Buffer.from(s.replace(/%([0-9a-f]{2})/gi, (_, h) =>
	    String.fromCharCode(parseInt(h, 16))), "latin1").toString("utf8");
}

// The rows of all files that fit, once each, as they are and percent-decoded.
// What JSON cannot carry (NUL, half characters) is left out of them.
export function rows(pattern) {
	if (!existsSync(folder))
		skipAll(`${folder} is not there`);
	const all = readdirSync(folder).filter((f) => pattern.test(f))
	    .flatMap(read);

	return [...new Set([...all, ...all.filter((s) => s.includes("%"))
	    .map(percentDecoded)].map((s) =>
	    s.replaceAll("\0", "").toWellFormed()))].filter((s) => s.trim());
}
