/* Features of what came with the text: author, e-mail, website, the page and
 * its age, the program that sent it. */
#include "filter/feature.h"

#include <string.h>

#include "text/decode.h"

#define AUTHOR_RUNES 64
#define WEBSITE_MAX 512		/* bytes that are looked at */

static bool
is_word_rune(uint32_t c)
{
	unsigned k = tq_u_prop(c)->kind;

	return k == TQ_KIND_LETTER || k == TQ_KIND_DIGIT || k == TQ_KIND_IDEO;
}

static void
add_author_words(struct tq_features *x, tq_str a)
{
	size_t len, from = 0;
	unsigned words = 0;
	bool in = false;

	for (size_t at = 0; at < a.n && words < TQ_AUTHOR_WORDS_MAX;
	    at += len) {
		bool word = is_word_rune(tq_decode_get(a.p + at, a.n - at,
		    &len));

		if (in && !word) {
			tq_features_add_str(x, TQ_G_AUTHOR, "author word",
			    tq_str_sub(a, from, at));
			words++;
		}
		if (word && !in)
			from = at;
		in = word;
	}
	if (in)
		tq_features_add_str(x, TQ_G_AUTHOR, "author word",
		    tq_str_sub(a, from, a.n));
}

/* Letters as a, digits as 0, runs as one: the names that programs make up look
 * alike. */
static void
add_author_shape(struct tq_features *x, tq_str a)
{
	char out[AUTHOR_RUNES];
	size_t n = 0, len;

	for (size_t at = 0; at < a.n && n < sizeof(out); at += len) {
		uint32_t c = tq_decode_get(a.p + at, a.n - at, &len);
		unsigned k = tq_u_prop(c)->kind;
		char sign = k == TQ_KIND_LETTER ? 'a' :
		    k == TQ_KIND_DIGIT ? '0' : c < 0x80 ? (char)c : '*';

		if (n == 0 || out[n - 1] != sign)
			out[n++] = sign;
	}
	tq_features_add_str(x, TQ_G_AUTHOR, "author shape",
	    (tq_str){ out, n });
}

/* Four characters, each as four bytes, little endian. */
static void
add_author_gram(struct tq_features *x, const uint32_t *r)
{
	char p[16];

	for (unsigned i = 0; i < sizeof(p); i++)
		p[i] = (char)(r[i / 4] >> i % 4 * 8 & 0xFF);
	tq_features_add_str(x, TQ_G_AUTHOR, "author gram",
	    (tq_str){ p, sizeof(p) });
}

static void
add_author(struct tq_features *x, const taliq_input *in)
{
	struct tq_norm_facts f;
	tq_str a = { x->field_room, tq_norm((tq_str){ in->author.bytes,
	    in->author.len }, x->field_room, &f) };
	uint32_t r[AUTHOR_RUNES + 2];
	size_t n = 0, len, at, end;

	if (a.n == 0)
		return;
	tq_features_add_str(x, TQ_G_AUTHOR, "author", a);
	add_author_words(x, a);
	add_author_shape(x, a);
	r[n++] = ' ';
	for (at = 0; at < a.n && n <= AUTHOR_RUNES; at += len)
		r[n++] = tq_decode_get(a.p + at, a.n - at, &len);
	r[n++] = ' ';
	for (size_t i = 0; i + 4 <= n; i++)
		add_author_gram(x, r + i);
	if (f.count[TQ_COUNT_DIGIT] > 0)
		tq_features_add_num(x, TQ_G_AUTHOR, "author digits",
		    f.count[TQ_COUNT_DIGIT] >= 4);
	if (f.count[TQ_COUNT_STYLED_LATIN] + f.count[TQ_COUNT_EMOJI] > 0)
		tq_features_add_num(x, TQ_G_AUTHOR, "author styled", 0);
	if (tq_link_find(a, 0, &at, &end))
		tq_features_add_num(x, TQ_G_AUTHOR, "author link", 0);
}

/* Lower-case ASCII copy for fields that are no prose. */
static tq_str
lower(taliq_text t, char *out, size_t cap)
{
	size_t n = t.len < cap ? t.len : cap;

	for (size_t i = 0; i < n; i++)
		out[i] = t.bytes[i] >= 'A' && t.bytes[i] <= 'Z' ?
		    (char)(t.bytes[i] + 'a' - 'A') : t.bytes[i];
	return (tq_str){ out, n };
}

static void
add_email(struct tq_features *x, const taliq_input *in)
{
	char buf[256];
	tq_str e = lower(in->email, buf, sizeof(buf)), user, host;
	unsigned digits = 0;

	if (e.n == 0) {
		return;
	}
	host = tq_str_cut(e, '@', &user);
	tq_features_add_str(x, TQ_G_EMAIL, "e-mail", e);
	tq_features_add_str(x, TQ_G_EMAIL, "e-mail host", host);
	for (size_t i = 0; i < user.n; i++)
		digits += user.p[i] >= '0' && user.p[i] <= '9';
	tq_features_add_num(x, TQ_G_EMAIL, "e-mail digits",
	    digits < 4 ? digits : 4);
}

static void
add_agent(struct tq_features *x, const taliq_input *in)
{
	char buf[512];
	tq_str a = lower(in->user_agent, buf, sizeof(buf));
	unsigned words = 0;

	/* Words only: version numbers would single people out. */
	for (size_t i = 0; i < a.n && words < 12; i++) {
		size_t from = i;

		while (i < a.n && a.p[i] >= 'a' && a.p[i] <= 'z')
			i++;
		if (i - from < 3)
			continue;
		tq_features_add_str(x, TQ_G_AGENT, "agent",
		    tq_str_sub(a, from, i));
		words++;
	}
}

static void
add_time(struct tq_features *x, const taliq_input *in)
{
	int64_t days;
	unsigned b = 0;

	if (in->written_at <= 0 || in->page_published_at <= 0 ||
	    in->written_at < in->page_published_at)
		return;
	days = (in->written_at - in->page_published_at) / 86400;
	for (; days > 0; days /= 2)
		b++;
	tq_features_add_num(x, TQ_G_TIME, "page age", b);
}

/* Read as links in the text are. */
static void
add_website(struct tq_features *x, const taliq_input *in)
{
	struct tq_norm_facts f;
	size_t n = tq_norm((tq_str){ in->url.bytes, in->url.len },
	    x->field_room, &f);

	n = tq_links_unmask(x->field_room, n, &x->n_unmasked);
	if (n == 0)
		return;
	tq_features_add_num(x, TQ_G_WEBSITE, "website", 0);
	tq_features_link(x, TQ_G_WEBSITE, (tq_str){ x->field_room,
	    n < WEBSITE_MAX ? n : WEBSITE_MAX });
}

void
tq_features_fields(struct tq_features *x, const taliq_input *in)
{
	add_author(x, in);
	add_website(x, in);
	add_email(x, in);
	add_time(x, in);
	add_agent(x, in);
}
