// npm akismet: the key is a sub-domain of the host; plain HTTP, or TLS on port 443.
// usage: PORT=80 oozcitak.cjs KEY WRONG_KEY BLOG SPAM HAM
const { promisify } = require("node:util");
const { AkismetClient } = require("akismet");

const [key, wrong, blog, spam, ham] = process.argv.slice(2);
const port = Number(process.env.PORT);
const comment = (text) => ({ user_ip: "203.0.113.7", comment_content: text,
	user_agent: "Mozilla/5.0", comment_author: "Nur" });
const say = (name, what) => console.log(name, what ?? "done");
// A promise for one of its methods.
const ask = (client, method, ...args) =>
	promisify(client[method]).apply(client, args);

async function main() {
	const good = new AkismetClient({ apiKey: key, blog, port });
	const bad = new AkismetClient({ apiKey: wrong, blog, port });

	say("verify", await ask(good, "verifyKey"));
	say("verify-wrong", await ask(bad, "verifyKey"));
	say("spam", await ask(good, "checkComment", comment(spam)));
	say("ham", await ask(good, "checkComment", comment(ham)));
	say("submit-spam", await ask(good, "submitSpam", comment(spam)));
	say("submit-ham", await ask(good, "submitHam", comment(ham)));
	say("check-wrong", await ask(bad, "checkComment", comment(spam)));
}

main();
