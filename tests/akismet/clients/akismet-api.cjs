// npm akismet-api: the key is a sub-domain of the host.
// usage: akismet-api.cjs KEY WRONG_KEY BLOG SPAM HAM
const { AkismetClient } = require("akismet-api");

const [key, wrong, blog, spam, ham] = process.argv.slice(2);
const comment = (content) => ({ ip: "203.0.113.7", content,
	useragent: "Mozilla/5.0", name: "Nur", email: "nur@example.org" });
const say = (name, what) => console.log(name, what);

async function main() {
	const good = new AkismetClient({ key, blog });
	const bad = new AkismetClient({ key: wrong, blog });

	say("verify", await good.verifyKey());
	say("verify-wrong", await bad.verifyKey());
	say("spam", await good.checkSpam(comment(spam)));
	say("ham", await good.checkSpam(comment(ham)));
	say("submit-spam", (await good.submitSpam(comment(spam))).text);
	say("submit-ham", (await good.submitHam(comment(ham))).text);
	say("check-wrong", await bad.checkSpam(comment(spam))
	    .catch((e) => e.message));
}

main();
