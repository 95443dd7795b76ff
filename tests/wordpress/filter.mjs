// The real program as WordPress's filter: a fresh data directory, one key, a free
// port of 127.0.0.1.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { freePort, ready, taliq } from "../browser/server.mjs";

// As src/store/store.h numbers them.
const STATES = ["published", "held", "spam", "deleted"];

export class Filter {
	static async start(blog) {
		const f = new Filter();

		f.dir = mkdtempSync(join(tmpdir(), "taliq-filter-"));
		f.data = join(f.dir, "data");
		f.log = join(f.dir, "log");
		f.port = await freePort();
		f.url = `http://127.0.0.1:${f.port}`;
		process.on("exit", () => f.away());
		f.verb("init");
		f.key = /^[0-9a-f]{12}$/m.exec(f.verb("key", "add", "--site",
		    blog))[0];
		await f.serve();
		return f;
	}

	verb(name, ...args) {
		return execFileSync(taliq, [name, ...args, "--data", this.data],
		    { encoding: "utf8" });
	}

	async serve() {
		this.child = spawn("sh", ["-c", 'exec "$0" "$@" 2>>"$LOG"', taliq,
			"serve", "--data", this.data, "--listen",
			`127.0.0.1:${this.port}`],
		{ env: { ...process.env, LOG: this.log },
			stdio: ["ignore", "pipe", "ignore"] });
		await ready(this.child, this.log);
	}

	stop() {
		return new Promise((done) => {
			this.child.removeAllListeners("exit");
			this.child.on("exit", done);
			this.child.kill("SIGTERM");
		});
	}

	// How many lessons of that kind, "spam" or "published", the log holds.
	lessons(state) {
		return Number(execFileSync("sqlite3", ["-readonly",
			join(this.data, "taliq.db"), "SELECT count(*) FROM " +
			`feedback WHERE to_state = ${STATES.indexOf(state)}`],
		{ encoding: "utf8" }));
	}

	away() {
		this.child?.kill("SIGKILL");
		rmSync(this.dir, { recursive: true, force: true });
	}

	// What it had to complain of.
	async end() {
		const code = await this.stop();
		const bad = readFileSync(this.log, "utf8").split("\n").filter((l) =>
		    / error |Sanitizer|runtime error|Assertion/.test(l));

		return code === 0 ? bad : [`exit status ${code}`, ...bad];
	}
}
