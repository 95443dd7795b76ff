/* The lists, and a table for looking words up in them that is made at the first
 * use: a page has thousands of words. */
#include "text/direction_lists.h"

#include <pthread.h>

#include "text/utf8.h"

#define SLOTS 2048u		/* more than twice the words */
#define LETTERS_TO 0x700u	/* no letter in the lists is as high */

const struct tq_candidate tq_candidates[TQ_CANDIDATES] = {
	{ TQ_S_INIT("ar"), ARABIC },
	{ TQ_S_INIT("fa"), ARABIC },
	{ TQ_S_INIT("ur"), ARABIC },
	{ TQ_S_INIT("ckb"), ARABIC },
	{ TQ_S_INIT("en"), LATIN },
	{ TQ_S_INIT("fr"), LATIN },
	{ TQ_S_INIT("ru"), CYRILLIC },
	{ TQ_S_INIT("uk"), CYRILLIC },
	{ TQ_S_INIT("bg"), CYRILLIC },
};

/* Words are written folded.  One that two candidates share stands in both lists,
 * and so tells nothing; the first candidate wins a tie. */
static const struct { tq_str words, letters; } lists[TQ_CANDIDATES] = {
	{ TQ_S_INIT(" في علي الي عن هذا هذه ذلك التي الذي الذين لا كان كانت "
	    "هو هي يا قد كل بعد بين مع لم لن ليس ليست ولا وما انا انت انتم نحن "
	    "الله شكرا اللي شو مش مو ايش عليه حتي غير كيف اذا لو بس ثم حول كما "
	    "ايضا عند لكن ولكن هناك هذي فيه منه لهم له "),
	    TQ_S_INIT("ةىأإيك") },
	{ TQ_S_INIT(" از كه اين را با است براي مي هاي شما خود يك نيست هست "
	    "بود خيلي شد تا هر ها اگر چه چرا همه ديگر بايد كنيد كرده شده "
	    "بسيار ممنون خوب "),
	    TQ_S_INIT("پچژگیک") },
	{ TQ_S_INIT(" كے ميں كي ہے اور سے كا كو پر نے يہ ہيں بھي نہيں تھا كر "
	    "وہ اس جو تو ايك ہو گيا كيا آپ بہت شكريہ ہم تھے ہي لئے "),
	    TQ_S_INIT("ٹڈڑںےہھپچگیک") },
	{ TQ_S_INIT(" لە بۆ بە كە ئەم ئەو لەگەڵ نييە هەموو زۆر يان بوو هەيە "
	    "ئێمە سوپاس ئەوە دەكات ناكات وەك بەڵام تۆ دوای پێش "),
	    TQ_S_INIT("ێۆڵڕەڤپچژگیک") },
	{ TQ_S_INIT(" the and of to is that it you for was with this are not "
	    "have they what so if my your we be at by from but there who how "
	    "thanks thank please great good very just his her will would can "
	    "has been their when why he she i do does did don it's i'm article "
	    "like about more should nice these which were "),
	    { NULL, 0 } },
	{ TQ_S_INIT(" le la les des et est que qui dans pour pas une un ce "
	    "cette ces il elle ils sur avec ne je vous nous mais c'est au aux "
	    "du plus par sont merci bravo très tout tous être sa ses son leur "
	    "bien comme fait ont ou où si même mon ma j'ai n'est d'un d'une "
	    "notre votre quand pourquoi quel quelle "),
	    TQ_S_INIT("èêçœù") },
	{ TQ_S_INIT(" и что это как но он они она то все бы мы вы да нет очень "
	    "спасибо был была были или только ещё еще меня мне его если есть "
	    "чтобы уже когда тоже где кто вот этот после с не от к из для про "
	    "при вам нам вас нас можно нужно просто почему больше сейчас по "),
	    TQ_S_INIT("ыэё") },
	{ TQ_S_INIT(" і й що це як але він вони вона та все ви ми ні дуже "
	    "дякую був була були або тільки ще мене мені його якщо є щоб вже "
	    "коли теж де хто цей після з із від не для про при вам нам вас "
	    "нас можна треба просто чому більше зараз по "),
	    TQ_S_INIT("іїєґ") },
	{ TQ_S_INIT(" и е са се че това от като си ще ми му но не как при по "
	    "съм има няма също защо какво кой той тя те "),
	    { NULL, 0 } },
};

struct slot { tq_str word; unsigned candidates; };

static struct slot slots[SLOTS];
static uint16_t letters[LETTERS_TO];
static uint32_t lengths[256];	/* bit n: words of n bytes, by the first */

/* FNV-1a; the words are ours, so nobody can choose them to collide. */
static struct slot *
slot_of(tq_str word)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < word.n; i++)
		h = (h ^ (uint8_t)word.p[i]) * 16777619u;
	h ^= h >> 15;
	while (slots[h % SLOTS].word.n > 0 &&
	    !tq_str_eq(slots[h % SLOTS].word, word))
		h++;
	return &slots[h % SLOTS];
}

static void
fill(void)
{
	for (unsigned i = 0; i < TQ_CANDIDATES; i++) {
		tq_str rest = lists[i].words, word;
		size_t at = 0;

		while (rest.n > 0) {
			struct slot *s;

			rest = tq_str_cut(rest, ' ', &word);
			if (word.n == 0)
				continue;
			s = slot_of(word);
			s->word = word;
			s->candidates |= 1u << i;
			lengths[(uint8_t)word.p[0]] |= 1u << word.n % 32;
		}
		while (at < lists[i].letters.n) {
			uint32_t c = tq_utf8_next(lists[i].letters, &at);

			letters[c % LETTERS_TO] |= (uint16_t)(1u << i);
		}
	}
}

static void
ready(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, fill);
}

unsigned
tq_candidates_word(tq_str folded)
{
	ready();
	return folded.n == 0 ? 0 : slot_of(folded)->candidates;
}

bool
tq_candidates_maybe(tq_str word)
{
	ready();
	return word.n > 0 && (lengths[(uint8_t)(word.p[0] | 0x20)] >>
	    word.n % 32 & 1) != 0;
}

unsigned
tq_candidates_letter(uint32_t c)
{
	ready();
	return c < LETTERS_TO ? letters[c] : 0;
}
