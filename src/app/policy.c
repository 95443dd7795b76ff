/* The policy: rules from the surest to the mildest; the gravest state wins and
 * every rule that fired is named. */
#include "app/policy.h"

struct rule {
	enum tq_why why;
	const char *word;
	enum tq_state state;
	bool (*fires)(const struct tq_facts *f);
};

static bool
honeypot(const struct tq_facts *f)
{
	return f->honeypot;
}

static bool
surely_spam(const struct tq_facts *f)
{
	return f->spam >= TQ_SPAM_FROM;
}

static bool
maybe_spam(const struct tq_facts *f)
{
	return f->spam >= TQ_HOLD_FROM && f->spam < TQ_SPAM_FROM;
}

static bool
near_spam(const struct tq_facts *f)
{
	return f->near_spam && f->spam >= TQ_HOLD_FROM;
}

static bool
first_with_links(const struct tq_facts *f)
{
	return !f->known_author && f->links > 0;
}

static bool
first(const struct tq_facts *f)
{
	return f->moderation == TQ_MODERATE_FIRST && !f->known_author;
}

static bool
all(const struct tq_facts *f)
{
	return f->moderation == TQ_MODERATE_ALL;
}

static const struct rule rules[] = {
	{ TQ_WHY_HONEYPOT, "honeypot", TQ_SPAM, honeypot },
	{ TQ_WHY_FILTER, "filter", TQ_SPAM, surely_spam },
	{ TQ_WHY_FILTER, "filter", TQ_HELD, maybe_spam },
	{ TQ_WHY_NEAR, "near-spam", TQ_HELD, near_spam },
	{ TQ_WHY_FIRST_LINKS, "first-links", TQ_HELD, first_with_links },
	{ TQ_WHY_FIRST, "first", TQ_HELD, first },
	{ TQ_WHY_ALL, "all", TQ_HELD, all },
};

#define N_RULES (sizeof(rules) / sizeof(*rules))

struct tq_decision
tq_decide(const struct tq_facts *f)
{
	struct tq_decision d = { TQ_PUBLISHED, 0 };

	for (size_t i = 0; i < N_RULES; i++) {
		if (!rules[i].fires(f))
			continue;
		d.why |= rules[i].why;
		if (d.state == TQ_PUBLISHED || rules[i].state == TQ_SPAM)
			d.state = rules[i].state;
	}
	return d;
}

void
tq_why_words(struct tq_buf *b, unsigned why)
{
	unsigned said = 0;

	for (size_t i = 0; i < N_RULES; i++) {
		if ((why & rules[i].why & ~said) == 0)
			continue;
		if (said != 0)
			tq_buf_byte(b, ',');
		tq_buf_put(b, tq_str_c(rules[i].word));
		said |= rules[i].why;
	}
}
