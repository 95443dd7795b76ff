// The real program with the demo publication of articles/ in a directory of its
// own, on a free port.  TALIQ is the program (default: the one in build/).
import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const taliq = process.env.TALIQ || join(root, "build/src/main/taliq");

export function freePort() {
	return new Promise((done, bad) => {
		const s = createServer();

		s.on("error", bad);
		s.listen(0, "127.0.0.1", () => {
			const { port } = s.address();

			s.close(() => done(port));
		});
	});
}

// The line that says it answers, or what went wrong instead.
export function ready(child, log) {
	return new Promise((done, bad) => {
		let said = "";

		child.stdout.on("data", (d) => {
			said += d;
			if (said.includes("taliq: ready on "))
				done();
		});
		child.on("exit", () => bad(new Error("the server does not start: " +
		    readFileSync(log, "utf8").slice(-2000))));
	});
}

export class Server {
	// prepare(server) runs before it serves: verbs, settings.
	static async start(prepare = () => {}) {
		const s = new Server();

		s.dir = mkdtempSync(join(tmpdir(), "taliq-browser-"));
		s.data = join(s.dir, "data");
		s.log = join(s.dir, "log");
		s.port = await freePort();
		s.ar = `http://127.0.0.1:${s.port}`;
		s.en = `http://en.localhost:${s.port}`;
		execFileSync("sh", [join(root, "tools/make-demo.sh"), taliq,
			s.data, String(s.port)], { stdio: ["ignore", "ignore",
			"pipe"] });
		s.settings("thread_posts_per_minute = 0",
		    "site_posts_per_minute = 0");
		// The filter is tested elsewhere: here words decide nothing.
		s.verb("site", "set", "ar", "filter=no");
		s.verb("site", "set", "en", "filter=no");
		prepare(s);
		await s.serve();
		return s;
	}

	settings(...lines) {
		appendFileSync(join(this.data, "taliq.conf"),
		    lines.join("\n") + "\n");
	}

	async serve() {
		this.child = spawn("sh", ["-c", 'exec "$0" "$@" 2>>"$LOG"', taliq,
			"serve", "--data", this.data, "--listen",
			`127.0.0.1:${this.port}`],
		{ env: { ...process.env, LOG: this.log },
			stdio: ["ignore", "pipe", "ignore"] });
		await ready(this.child, this.log);
	}

	// A verb of the command line, beside the running server.
	verb(name, ...args) {
		return execFileSync(taliq, [name, "--data", this.data, ...args],
		    { encoding: "utf8" });
	}

	// Ends it; what it had to complain of.
	async stop() {
		const code = await new Promise((done) => {
			this.child.removeAllListeners("exit");
			this.child.on("exit", done);
			this.child.kill("SIGTERM");
		});
		const bad = readFileSync(this.log, "utf8").split("\n").filter((l) =>
		    / error |Sanitizer|runtime error|Assertion/.test(l));

		rmSync(this.dir, { recursive: true, force: true });
		return code === 0 ? bad : [`exit status ${code}`, ...bad];
	}
}
