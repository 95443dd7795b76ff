/* preview_texts.h - what the sample pages say, written for them. */
#ifndef TQ_TESTS_PREVIEW_TEXTS_H
#define TQ_TESTS_PREVIEW_TEXTS_H

#include <stdint.h>

/* A comment; name NULL: a tombstone; parent counts from 1; minutes of age. */
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

struct words {
	const char *headline, *section, *summary, *author, *body;
	const char *held, *name, *mistake_name, *mistake_mail, *mistake_text;
	const char *lost, *lost_why, *sealed[6], *notice[4];
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
	"يُرجى ملء هذه الخانة.", "الصفحة غير موجودة",
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
	"Page not found",
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

#endif
