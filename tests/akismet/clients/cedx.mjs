// npm @cedx/akismet: the key is a field of the body.
// usage: cedx.mjs KEY WRONG_KEY BLOG SPAM HAM
import { Author, Blog, CheckResult, Client, Comment } from "@cedx/akismet";

const [key, wrong, url, spam, ham] = process.argv.slice(2);
const blog = new Blog({ url, charset: "UTF-8", languages: ["en"] });
const author = new Author({ ipAddress: "203.0.113.7", name: "Nur",
	email: "nur@example.org", userAgent: "Mozilla/5.0" });
const comment = (content) => new Comment({ author, content,
	context: ["ferries", "harbour"], date: new Date() });
const say = (name, what) => console.log(name, what ?? "done");
const isSpam = async (client, text) =>
    await client.checkComment(comment(text)) !== CheckResult.ham;
const good = new Client(key, blog), bad = new Client(wrong, blog);

say("verify", await good.verifyKey());
say("verify-wrong", await bad.verifyKey());
say("spam", await isSpam(good, spam));
say("ham", await isSpam(good, ham));
say("submit-spam", await good.submitSpam(comment(spam)));
say("submit-ham", await good.submitHam(comment(ham)));
say("check-wrong", await isSpam(bad, spam).catch((e) => `error: ${e.message}`));
