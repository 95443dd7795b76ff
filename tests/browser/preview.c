/* Renders every template with sample values, in both directions, to files that
 * a browser can open: preview DIR CSS JS.  For looking at the design; nothing
 * here touches the store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "text/direction.h"
#include "text/lang.h"
#include "web/tpl_gen.h"
#include "web/view_thread.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))
#define AT(d, h, m) (((((int64_t)(d) * 24 + (h)) * 60) + (m)) * 60 * TQ_SECOND_US)
#define DAY 20780	/* 2026-11-23 in days since 1970 */

static const char *dir;
static struct tq_arena arena;

static tq_url
url(const char *s)
{
	return (tq_url){ tq_str_c(s) };
}

static tq_html
html(const char *s)
{
	return (tq_html){ tq_str_c(s) };
}

static void
write_page(const char *name, const struct tq_view_env *env,
    const struct tq_view_layout *page)
{
	struct tq_buf b;
	char path[512];
	FILE *f;

	tq_buf_init(&b, &arena, 65536);
	tq_tpl_layout(&b, env, page);
	(void)snprintf(path, sizeof(path), "%s/%s-%.*s.html", dir, name,
	    TQ_FMT(env->lang));
	f = fopen(path, "w");
	if (!tq_buf_ok(&b) || f == NULL ||
	    fwrite(b.p, 1, b.n, f) != b.n || fclose(f) != 0) {
		(void)fprintf(stderr, "preview: cannot write %s\n", path);
		exit(1);
	}
}

/* Name, direction, age in minutes, depth, HTML. */
struct sample {
	const char *name, *lang;
	int64_t parent;
	int depth;
	int minutes;
	const char *body;
};

static const struct sample arabic[] = {
	{ "سلمى", "ar", 0, 0, 3000, "<p>مقال بديع. جدتي كانت تقول إن الخبز "
	    "«لا يُعجن بالماء وحده بل بالصبر»، واليوم فهمت ما كانت تعنيه.</p>"
	    "<p>هل بقي في المدينة فرن يعمل بالحطب؟</p>" },
	{ "أبو يوسف", "ar", 1, 1, 2900, "<p>نعم، واحد قرب الباب الشرقي، يفتح "
	    "من الساعة 4:30 فجرًا ويبيع نحو 600 رغيف في اليوم.</p>" },
	{ "سلمى", "ar", 2, 2, 2800, "<p>شكرًا! سأمرّ عليه يوم الجمعة.</p>" },
	{ "Karim B.", "fr", 3, 3, 2700, "<p>J’y étais hier : la file allait "
	    "jusqu’au coin de la rue, mais ça vaut l’attente.</p>" },
	{ "", "ar", 4, 4, 2600, "<p>والأسعار؟ سمعت أنها ارتفعت <strong>15 %"
	    "</strong> منذ الصيف.</p>" },
	{ "أبو يوسف", "ar", 5, 5, 2500, "<p>ارتفعت قليلًا، لكن الرغيف ما زال "
	    "أرخص من علبة ماء.</p>" },
	{ "dev_samer", "ar", 0, 0, 600, "<p>جرّبت الوصفة على فرن منزلي حرارته "
	    "<bdi>250 °C</bdi>، وهذه النسب:</p><pre dir=\"ltr\"><code>flour  "
	    "500 g\nwater  340 ml   # 68 %\nsalt    10 g</code></pre>"
	    "<p>النتيجة ممتازة 👌🏽</p>" },
	{ NULL, "ar", 7, 1, 500, "" },
	{ "ليان", "ar", 8, 2, 400, "<blockquote><p>النتيجة ممتازة</p></blockquote>"
	    "<ul><li>كم دقيقة؟</li><li>وهل رششت الماء داخل الفرن؟</li></ul>" },
	{ "Sarah", "en", 0, 0, 90, "<p>Lovely piece. We read it aloud to my "
	    "grandmother in <em>Detroit</em>; she corrected two of the "
	    "proverbs and cried at the end.</p>" },
};

static const struct sample english[] = {
	{ "Maud Ellery", "en", 0, 0, 3000, "<p>A fine piece. My grandmother "
	    "used to say that bread is “kneaded with patience, not with "
	    "water”, and only now do I see what she meant.</p><p>Is there a "
	    "wood-fired oven left in town?</p>" },
	{ "Joe", "en", 1, 1, 2900, "<p>One, by the east gate. It opens at 4:30 "
	    "and sells about 600 loaves a day.</p>" },
	{ "Maud Ellery", "en", 2, 2, 2800, "<p>Thank you! I shall go on "
	    "Friday.</p>" },
	{ "Karim B.", "fr", 3, 3, 2700, "<p>J’y étais hier : la file allait "
	    "jusqu’au coin de la rue, mais ça vaut l’attente.</p>" },
	{ "", "en", 4, 4, 2600, "<p>And the price? I heard it went up by "
	    "<strong>15 %</strong> since the summer.</p>" },
	{ "Joe", "en", 5, 5, 2500, "<p>A little, but a loaf still costs less "
	    "than a bottle of water.</p>" },
	{ "dev_samer", "en", 0, 0, 600, "<p>Tried it in a home oven at 250 °C, "
	    "with these ratios:</p><pre dir=\"ltr\"><code>flour  500 g\nwater  "
	    "340 ml   # 68 %\nsalt    10 g</code></pre><p>Excellent 👌🏽</p>" },
	{ NULL, "en", 7, 1, 500, "" },
	{ "Layan", "en", 8, 2, 400, "<blockquote><p>Excellent</p></blockquote>"
	    "<ul><li>How many minutes?</li><li>Did you spray water into the "
	    "oven?</li></ul>" },
	{ "ليلى", "ar", 0, 0, 90, "<p>قرأته لجدتي بصوت عالٍ فصحّحت مثلين "
	    "وبكت في آخره. شكرًا لكم (من Detroit).</p>" },
};

static const struct tq_view_comment *
thread_of(const struct sample *s, size_t n, int64_t now)
{
	struct tq_view_comment *c = tq_new_n(&arena, struct tq_view_comment,
	    n);

	if (c == NULL)
		exit(1);
	for (size_t i = 0; i < n; i++) {
		bool gone = s[i].name == NULL;
		tq_str above = s[i].parent > 0 ?
		    tq_str_c(s[s[i].parent - 1].name) : TQ_S("");

		c[i] = (struct tq_view_comment){
			.id = (int64_t)i + 1, .parent_id = s[i].parent,
			.depth = s[i].depth,
			.at_us = now - AT(0, 0, s[i].minutes),
			.edited_us = i == 6 ? now - AT(0, 5, 0) : 0,
			.state = gone ? TQ_VIEW_WITHDRAWN : TQ_VIEW_PUBLISHED,
			.name = tq_str_c(s[i].name),
			.website = url(i == 6 ? "https://example.org/" : ""),
			.parent_name = above, .lang = tq_str_c(s[i].lang),
			.dir = strcmp(s[i].lang, "ar") == 0 ?
			    TQ_S("rtl") : TQ_S("ltr"),
			.body = html(s[i].body),
			.seed = (uint32_t)(s[i].name == NULL ? 0 :
			    strlen(s[i].name) * 7919 +
			    (unsigned char)s[i].name[0]),
			.can_reply = true,
			.more_replies = i == 8 ? 3 : 0,
			.more_url = url("?comment=9#comment-9"),
		};
		if (i == n - 1)
			c[i].edit_minutes = 12;
	}
	return tq_view_nest(c, n);
}

#define LONG "WwwwwwwwwwWwwwwwwwwwWwwwwwwwwwWwwwwwwwwwWwwwwwwwwwWwwwwwwwww"

/* What breaks a layout: words without a place to break, four levels deep. */
static const struct tq_view_comment *
stress(int64_t now)
{
	static const struct sample s[] = {
		{ LONG LONG, "en", 0, 0, 9, "<p>" LONG LONG LONG "</p>" },
		{ LONG, "en", 1, 1, 8, "<pre dir=\"ltr\"><code>" LONG LONG
		    "</code></pre>" },
		{ LONG, "ar", 2, 2, 7, "<p><a href=\"https://example.org/\">"
		    "<bdi dir=\"ltr\">https://example.org/" LONG LONG
		    "</bdi></a></p><p>طوييييييييييييييييييييييييييييييييييييييي"
		    "يييييييييييييييييييييييييل</p>" },
		{ LONG, "en", 3, 3, 6, "<ul><li><ul><li><ul><li><code>" LONG
		    "</code></li></ul></li></ul></li></ul>" },
		{ "B", "en", 4, 4, 5, "<blockquote><blockquote><blockquote><p>"
		    LONG "</p></blockquote></blockquote></blockquote>" },
		{ LONG, "ar", 5, 5, 4, "<p>💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬💬"
		    "💬💬💬💬💬💬💬💬💬💬💬💬</p>" },
	};

	return thread_of(s, N(s), now);
}

struct words {
	const char *headline, *section, *summary, *author, *body;
	const char *held, *name, *mistake_name, *mistake_mail, *mistake_text;
	const char *removed, *lost, *lost_why, *sealed[6], *notice[4];
};

static const struct words words_ar = {
	"الخبّازون الذين يسبقون الفجر", "مدن",
	"في الحي القديم، قبل أن تُرفع الأذان الأول، تشتعل ثلاثة أفران. قصة مهنة "
	"تعيش على الصبر وعلى زبائن يعرف الخبّاز أصواتهم.",
	"هناء الطرابلسي",
	"<p>يصل أبو نبيل إلى الفرن عند الثالثة صباحًا. لا يشعل الضوء أولًا بل "
	"يضع كفّه على جدار الحجر؛ «الحجر يخبرك»، يقول، «إن كان الليل قد "
	"برّده أكثر مما ينبغي». ثم يفتح دفترًا صغيرًا كُتبت عليه الطلبات: 120 "
	"رغيفًا للمدرسة، و40 لمطعم <bdi>Le Petit Port</bdi>، والباقي لمن يمرّ.</p>"
	"<h2 id=\"q\">كم رغيفًا يحتاج الحي؟</h2>"
	"<p>السؤال يبدو بسيطًا، لكن جوابه تغيّر مرات. قال لي صاحب الفرن الثاني: "
	"«كان أبي يردّد: “من خبز أكثر مما يُباع فقد أهان القمح”»، ثم ضحك.</p>"
	"<blockquote><p>العجين لا ينتظر أحدًا، ونحن ننتظره كل ليلة.</p>"
	"</blockquote>"
	"<p>يحتاج الفرن إلى ثلاثة أشياء:</p><ul><li>حطب جاف لا تزيد رطوبته على "
	"18 %.</li><li>ماء بارد في الصيف ودافئ في الشتاء.</li><li>يد لا تستعجل."
	"</li></ul><p>وحين يخرج الرغيف الأول، نحو الساعة 4:30، يكسره أبو نبيل "
	"نصفين ويعطي النصف للقط الأسود عند الباب.</p>",
	"<p>أعمل في فرن أيضًا، ويسعدني أن أدعو الكاتبة إلى زيارتنا: "
	"<a href=\"https://example.org/\" rel=\"ugc nofollow noopener "
	"noreferrer\"><bdi dir=\"ltr\">example.org</bdi></a></p>",
	"نادر", "يُرجى ملء هذه الخانة.", "يُرجى إدخال بريد إلكتروني صحيح.",
	"يُرجى ملء هذه الخانة.", "", "الصفحة غير موجودة",
	"لا شيء في هذا العنوان. ربما نُقل أو كُتب خطأً.",
	{ "البريد الإلكتروني", "للتواصل معك إن طلبت ذلك.",
	    "مختوم بمفتاح لا يملكه هذا الخادم.", "حتى يُحذف التعليق.",
	    "لا أحد في الحال.", "لا يُرسل إلى أي مكان." },
	{ "نحفظ ما تكتبه لننشره، ولا نحفظ عنوان شبكتك. لا يغادر شيء هذا الخادم.",
	    "ما نخزّنه ولماذا", "التعليق واسمك وموقعك تُنشر كما كتبتها.",
	    "يعمل المرشِّح على هذا الخادم وحده." },
};

static const struct words words_en = {
	"The bakers who rise before the dawn", "Cities",
	"In the old quarter, before the first bell, three ovens are lit. The "
	"story of a craft that lives on patience, and on customers whom the "
	"baker knows by their voices.",
	"Hana Trabulsi",
	"<p>Abu Nabil reaches the oven at three in the morning. He does not "
	"turn on the light; he lays a palm on the stone wall. “The stone "
	"tells you,” he says, “whether the night has cooled it more than it "
	"should.” Then he opens a small notebook of orders: 120 loaves for "
	"the school, 40 for <em>Le Petit Port</em>, the rest for those who "
	"pass.</p><h2 id=\"q\">How many loaves does a quarter need?</h2>"
	"<p>It sounds simple, but the answer has changed more than once. The "
	"owner of the second oven told me: “My father kept saying ‘who bakes "
	"more than he sells insults the wheat’,” and laughed.</p>"
	"<blockquote><p>The dough waits for nobody; we wait for it every "
	"night.</p></blockquote><p>An oven needs three things:</p><ul><li>dry "
	"wood, no more than 18 % moist,</li><li>water, cold in summer and "
	"warm in winter,</li><li>a hand that does not hurry.</li></ul><p>When "
	"the first loaf comes out, at about 4:30, Abu Nabil breaks it in two "
	"and gives one half to the black cat at the door. He calls her "
	"<bdi lang=\"ar\">زعفران</bdi>.</p>",
	"<p>I work in a bakery too and would gladly invite the author: "
	"<a href=\"https://example.org/\" rel=\"ugc nofollow noopener "
	"noreferrer\"><bdi dir=\"ltr\">example.org</bdi></a></p>",
	"Nadir", "Please fill in this field.",
	"Please enter a valid e-mail address.", "Please fill in this field.",
	"", "Page not found",
	"There is nothing at this address. It may have been moved or mistyped.",
	{ "E-mail address", "To reach you if you ask for it.",
	    "Sealed to a key that this server does not hold.",
	    "Until the comment is deleted.", "Nobody at present.",
	    "Nowhere." },
	{ "We keep what you write in order to publish it, and we do not keep "
	    "your network address. Nothing leaves this server.",
	    "What we store and why",
	    "The comment, your name and your website are published as you "
	    "wrote them.", "The filter works on this server alone." },
};

static void
pages(const struct tq_view_env *e, const struct words *w,
    const struct sample *s, size_t n)
{
	const int64_t now = AT(DAY, 16, 34);
	const tq_str dir_ = e->dir, lang = e->lang;
	struct tq_view_comment own = {
		.id = 50, .parent_id = 2, .at_us = now - AT(0, 0, 2),
		.state = TQ_VIEW_HELD, .name = tq_str_c(w->name), .lang = lang,
		.dir = dir_, .body = html(w->held), .seed = 77,
		.parent_name = tq_str_c(s[1].name), .edit_minutes = 13,
	};
	struct tq_view_thread thread = {
		.count = (int64_t)n - 1, .order = TQ_VIEW_OLDEST, .open = true,
		.comments = thread_of(s, n, now), .more = url("?cursor=1"),
		.feed = url("comments.atom"),
	};
	struct tq_view_form form = {
		.open = true, .page = TQ_S("/bakers"), .trap = TQ_S("x7"),
		.name_required = true, .name_max = 80, .email_max = 254,
		.url_max = 300, .text_max = 5000,
	};
	struct tq_view_article article = {
		.headline = tq_str_c(w->headline),
		.section = tq_str_c(w->section),
		.summary = tq_str_c(w->summary), .author = tq_str_c(w->author),
		.lang = lang, .dir = dir_, .at_us = now - AT(2, 7, 10),
		.body = html(w->body), .thread = &thread, .form = &form,
	};
	struct tq_view_item items[5];
	struct tq_view_list list = { items, N(items), true, url(""),
	    url("?before=5") };
	const struct tq_view_comment *all;
	struct tq_view_layout page = { .title = article.headline,
	    .description = article.summary, .article = &article };

	write_page("article", e, &page);
	write_page("embedded", e, &(struct tq_view_layout){ .noindex = true,
	    .title = article.headline, .embedded = true, .thread_page =
	    &(struct tq_view_thread_page){ article.headline, url("/bakers"),
	    &thread, &form } });
	all = thread.comments;
	thread.comments = stress(now);
	write_page("stress", e, &page);
	thread.comments = all;
	thread.mine = tq_view_nest(&own, 1);
	thread.news = TQ_VIEW_WAITING;
	form.parent = 2;
	form.parent_name = tq_str_c(s[1].name);
	write_page("held", e, &page);
	form.errors = 3;
	form.email = TQ_S("nadir@@example");
	form.name_error = tq_str_c(w->mistake_name);
	form.email_error = tq_str_c(w->mistake_mail);
	form.text_error = tq_str_c(w->mistake_text);
	thread.mine = NULL;
	thread.news = TQ_VIEW_NO_NEWS;
	thread.comments = NULL;
	thread.count = 0;
	thread.more = url("");
	write_page("mistakes", e, &page);
	form.open = false;
	form.closes_us = now;
	write_page("closed", e, &page);

	for (size_t i = 0; i < N(items); i++)
		items[i] = (struct tq_view_item){
			.url = url("/bakers"), .headline = article.headline,
			.section = article.section, .summary = article.summary,
			.lang = lang, .dir = dir_,
			.at_us = now - AT((int64_t)i, 7, 10),
			.comments = (int64_t)(i * i), .comments_shown = i != 3,
		};
	items[2].headline = TQ_S("Why my grandmother’s letters mix two scripts");
	items[2].summary = TQ_S("She wrote أهلًا and then went on in French; "
	    "nobody at home found it odd.");
	items[2].lang = TQ_S("en");
	items[2].dir = TQ_S("ltr");
	write_page("list", e, &(struct tq_view_layout){ .list = &list });

	write_page("error", e, &(struct tq_view_layout){ .noindex = true,
	    .title = tq_str_c(w->lost), .error = &(struct tq_view_error){ 404,
	    tq_str_c(w->lost), tq_str_c(w->lost_why), url("/") } });
	write_page("edit", e, &(struct tq_view_layout){ .noindex = true,
	    .edit = &(struct tq_view_edit){ .id = 50, .minutes = 11,
	    .text_max = 5000, .text = article.summary, .back = url("/") } });
	write_page("remove", e, &(struct tq_view_layout){ .noindex = true,
	    .remove = &(struct tq_view_remove){ .id = 50, .lang = lang,
	    .dir = dir_, .body = own.body, .back = url("/") } });
}

static void
privacy(const struct tq_view_env *e, const struct words *w)
{
	const tq_str lines[2] = { tq_str_c(w->notice[2]),
	    tq_str_c(w->notice[3]) };
	const struct tq_view_field f[2] = {
		{ tq_str_c(w->sealed[0]), tq_str_c(w->sealed[1]),
		    tq_str_c(w->sealed[2]), tq_str_c(w->sealed[3]),
		    tq_str_c(w->sealed[4]), tq_str_c(w->sealed[5]) },
		{ tq_str_c(w->name), tq_str_c(w->sealed[1]),
		    tq_str_c(w->sealed[2]), tq_str_c(w->sealed[3]),
		    tq_str_c(w->sealed[4]), tq_str_c(w->sealed[5]) },
	};
	const struct tq_view_section s[2] = {
		{ .heading = tq_str_c(w->notice[1]), .paragraphs = lines,
		    .n_paragraphs = 1, .fields = f, .n_fields = 2 },
		{ .heading = tq_str_c(w->notice[1]), .points = lines,
		    .n_points = 2 },
	};
	const struct tq_view_privacy p = { tq_str_c(w->notice[0]), s, 2,
	    url("/.well-known/taliq-privacy.json") };

	write_page("privacy", e, &(struct tq_view_layout){ .privacy = &p });
}

int
main(int argc, char **argv)
{
	struct tq_locale locale = { .zone_min = 120 };
	struct tq_view_env e = {
		.locale = &locale, .digits = TQ_S("latn"),
		.now_us = AT(DAY, 16, 34), .site = TQ_S("demo"),
		.home = url("/"), .feed = url("/feed.atom"),
		.privacy = url("/privacy"), .base = url("/bakers?"),
		.token = TQ_S("token"),
	};

	if (argc != 4) {
		(void)fprintf(stderr, "usage: preview DIR CSS JS\n");
		return 2;
	}
	dir = argv[1];
	e.css = url(argv[2]);
	e.js = url(argv[3]);
	tq_arena_init(&arena, (size_t)16 << 20);
	locale.lang = tq_lang_find(TQ_S("ar"));
	locale.months = TQ_MONTHS_DUAL;
	e.lang = TQ_S("ar");
	e.dir = TQ_S("rtl");
	e.site_title = TQ_S("الضفّة الأخرى");
	e.site_about = TQ_S("صحيفة مستقلة عن المدن وأهلها");
	pages(&e, &words_ar, arabic, N(arabic));
	privacy(&e, &words_ar);
	locale.lang = tq_lang_find(TQ_S("en"));
	e.lang = TQ_S("en");
	e.dir = TQ_S("ltr");
	e.site_title = TQ_S("The Other Bank");
	e.site_about = TQ_S("An independent paper on cities and their people");
	pages(&e, &words_en, english, N(english));
	privacy(&e, &words_en);
	tq_arena_free(&arena);
	return 0;
}
