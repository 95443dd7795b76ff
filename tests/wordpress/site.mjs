// A real WordPress of Debian's packages in a directory of its own: a copy of its
// files, MariaDB and PHP on sockets there, nginx on a free port of 127.0.0.1.
// Nothing of the machine's own services is used or changed, and WordPress may
// call nobody but 127.0.0.1.
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync,
	readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { freePort, root } from "../browser/server.mjs";
import { skipAll } from "../browser/tap.mjs";

const SOURCE = "/usr/share/wordpress";
const PLUGIN = "packaging/wordpress/taliq-akismet.php";
const IS_ROOT = process.getuid() === 0;
export const ADMIN = { name: "editor", password: "a-password-for-a-test" };

function program(pattern) {
	for (const dir of ["/usr/sbin", "/usr/bin"])
		for (const file of readdirSync(dir))
			if (pattern.test(file))
				return join(dir, file);
	return skipAll(`there is no ${pattern.source}`);
}

const nginxConf = (dir, port) => `
daemon off; worker_processes 1; pid ${dir}/nginx.pid; error_log ${dir}/nginx.log;
${IS_ROOT ? "user root;" : ""}
events { worker_connections 64; }
http {
	access_log off; include /etc/nginx/mime.types;
	client_body_temp_path ${dir}/tmp-body; proxy_temp_path ${dir}/tmp-proxy;
	fastcgi_temp_path ${dir}/tmp-fcgi; uwsgi_temp_path ${dir}/tmp-uwsgi;
	scgi_temp_path ${dir}/tmp-scgi;
	server {
		listen 127.0.0.1:${port}; root ${dir}/www; index index.php;
		location / { try_files $uri $uri/ /index.php?$args; }
		location ~ \\.php$ {
			fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
			fastcgi_param SCRIPT_NAME $fastcgi_script_name;
			fastcgi_param QUERY_STRING $query_string;
			fastcgi_param REQUEST_METHOD $request_method;
			fastcgi_param REQUEST_URI $request_uri;
			fastcgi_param CONTENT_TYPE $content_type;
			fastcgi_param CONTENT_LENGTH $content_length;
			fastcgi_param SERVER_PROTOCOL $server_protocol;
			fastcgi_param SERVER_NAME 127.0.0.1;
			fastcgi_param SERVER_PORT $server_port;
			fastcgi_param REMOTE_ADDR $remote_addr;
			fastcgi_pass unix:${dir}/php.sock;
		}
	}
}
`;

const fpmConf = (dir) => `
[global]
error_log = ${dir}/fpm.log
daemonize = no
[www]
listen = ${dir}/php.sock
${IS_ROOT ? "user = root\ngroup = root" : ""}
pm = static
pm.max_children = 4
catch_workers_output = yes
php_admin_value[error_log] = ${dir}/php.log
php_admin_flag[log_errors] = on
php_admin_flag[opcache.enable] = off
php_admin_value[sendmail_path] = /bin/true
`;

const wpConfig = (dir, url) => `<?php
define( 'DB_NAME', 'wp' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:${dir}/db.sock' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'WP_HOME', '${url}' );
define( 'WP_SITEURL', '${url}' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'DISABLE_WP_CRON', true );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_LOG', '${dir}/wp.log' );
define( 'WP_DEBUG_DISPLAY', false );
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $word ) {
	define( $word . '_KEY', 'a test ' . $word );
	define( $word . '_SALT', 'another test ' . $word );
}
@include '${dir}/owner.php';
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
`;

// All readers sit behind one address and do not wait fifteen seconds.
const HASTY = "<?php add_filter( 'comment_flood_filter', '__return_false', 99 );";

// Without faces from gravatar.com: those are WordPress's own, not Akismet's.
const INSTALL = `
define( 'WP_INSTALLING', true );
require ABSPATH_OF_TEST . 'wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'Quay', '${ADMIN.name}', 'editor@example.org', false, '',
	'${ADMIN.password}' );
update_option( 'comment_previously_approved', 0 );
update_option( 'comments_notify', 0 );
update_option( 'moderation_notify', 0 );
update_option( 'show_avatars', 0 );
`;

export class Site {
	static async start() {
		const s = new Site();

		s.php = program(/^php-fpm\d/);
		s.mariadbd = program(/^mariadbd$/);
		s.nginx = program(/^nginx$/);
		if (!existsSync(SOURCE))
			skipAll(`${SOURCE} is not there`);
		s.dir = mkdtempSync(join(tmpdir(), "taliq-wordpress-"));
		s.children = [];
		process.on("exit", () => s.away());
		for (const signal of ["SIGTERM", "SIGINT"])
			process.on(signal, () => process.exit(1));
		try {
			await s.build();
		} catch (e) {
			console.log(s.logs());
			throw e;
		}
		return s;
	}

	async build() {
		this.port = await freePort();
		this.url = `http://127.0.0.1:${this.port}`;
		execFileSync("cp", ["-rL", SOURCE, join(this.dir, "www")]);
		writeFileSync(join(this.dir, "www/wp-config.php"),
		    wpConfig(this.dir, this.url));
		mkdirSync(join(this.dir, "www/wp-content/mu-plugins"));
		copyFileSync(join(root, PLUGIN), join(this.dir,
		    "www/wp-content/mu-plugins/taliq-akismet.php"));
		writeFileSync(join(this.dir,
		    "www/wp-content/mu-plugins/hasty.php"), HASTY);
		await this.database();
		this.run(INSTALL);
		this.web();
		await this.until(async () => (await fetch(this.url)).ok, "nginx");
	}

	async database() {
		const data = join(this.dir, "db"), user =
		    IS_ROOT ? ["--user=root"] : [];

		execFileSync("mariadb-install-db", ["--no-defaults",
			`--datadir=${data}`, "--skip-test-db",
			"--auth-root-authentication-method=normal", ...user],
		{ stdio: ["ignore", "ignore", "pipe"] });
		this.child(this.mariadbd, "--no-defaults", `--datadir=${data}`,
		    `--socket=${this.dir}/db.sock`, "--skip-networking",
		    `--pid-file=${this.dir}/db.pid`, ...user,
		    "--innodb-flush-log-at-trx-commit=0",
		    "--innodb-buffer-pool-size=32M");
		await this.until(() => this.sql("SELECT 1", ""), "mariadbd");
		this.sql("CREATE DATABASE wp CHARACTER SET utf8mb4", "");
	}

	web() {
		const nginx = join(this.dir, "nginx.conf");
		const fpm = join(this.dir, "fpm.conf");

		writeFileSync(nginx, nginxConf(this.dir, this.port));
		writeFileSync(fpm, fpmConf(this.dir));
		this.child(this.php, ...(IS_ROOT ? ["-R"] : []), "-y", fpm);
		this.child(this.nginx, "-e", `${this.dir}/nginx.log`, "-c", nginx);
	}

	child(...argv) {
		this.children.push(spawn("sh", ["-c",
			'exec "$0" "$@" >>"$LOG" 2>&1', ...argv],
		{ env: { ...process.env, LOG: join(this.dir, "out.log") },
			stdio: "ignore" }));
	}

	async until(what, name, seconds = 20) {
		const end = Date.now() + seconds * 1000;

		for (;;) {
			try {
				const said = await what();

				if (said)
					return said;
			} catch (e) {
				if (Date.now() > end)
					throw e;
			}
			if (Date.now() > end)
				throw new Error(`${name}: still not so`);
			await sleep(100);
		}
	}

	// What the owner writes into wp-config.php.
	owner(...lines) {
		writeFileSync(join(this.dir, "owner.php"), "<?php\n" +
		    lines.map((l) => `${l}\n`).join(""));
	}

	// Runs PHP code beside the site.
	run(code) {
		return execFileSync("php", ["-d", "sendmail_path=/bin/true", "-r",
			`define( 'ABSPATH_OF_TEST', '${this.dir}/www/' ); ` +
			`$_SERVER['HTTP_HOST'] = '127.0.0.1:${this.port}';${code}`],
		{ encoding: "utf8" });
	}

	// Rows of one answer, columns by tabs.
	sql(query, database = "wp") {
		return execFileSync("mariadb", ["--no-defaults", "-N", "-u", "root",
			"-S", join(this.dir, "db.sock"), "-e", query, database],
		{ encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
	}

	// What became of a comment: 1 published, 0 pending, spam, trash.
	state(text) {
		return this.sql("SELECT comment_approved FROM wp_comments WHERE " +
		    `comment_content LIKE '%${text}%'`);
	}

	// What PHP and WordPress had to complain of.
	logs() {
		return ["wp.log", "php.log", "nginx.log", "fpm.log", "out.log"]
		    .map((f) => join(this.dir, f)).filter(existsSync)
		    .map((f) => `${f}: ${readFileSync(f, "utf8").slice(-3000)}`)
		    .join("\n");
	}

	complaints() {
		const log = join(this.dir, "wp.log");

		return existsSync(log) ? readFileSync(log, "utf8").split("\n")
		    .filter((l) => l.includes("taliq-akismet")) : [];
	}

	// They end their own children when they are asked to.
	async end() {
		const gone = this.children.map((c) => c.exitCode ?? c.signalCode ??
		    once(c, "exit"));

		this.children.forEach((c) => c.kill());
		await Promise.all(gone);
		this.children = [];
		rmSync(this.dir, { recursive: true, force: true });
	}

	// For an end that nobody planned.
	away() {
		this.children.forEach((c) => c.kill());
		rmSync(this.dir, { recursive: true, force: true,
			maxRetries: 20, retryDelay: 100 });
	}
}
