/* policy.h - from what is known about a submission to what is done with it.
 * A pure function: same facts, same decision; the tests are a table.  Any
 * thread. */
#ifndef TQ_APP_POLICY_H
#define TQ_APP_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "app/settings.h"
#include "base/buf.h"
#include "store/store.h"
#include "taliq/filter.h"

struct tq_facts {
	double spam;		/* the filter's probability, -1: no filter */
	bool known_author;	/* has a published comment on this site */
	size_t links;		/* in the text and the website field */
	bool honeypot;		/* the field no person sees was filled */
	enum tq_moderation moderation;
	bool near_spam;		/* part of spam: the text is almost equal to
				 * one marked so */
};

/* Why a comment was not published at once; a set. */
enum tq_why {
	TQ_WHY_HONEYPOT = 1u << 0,
	TQ_WHY_FILTER = 1u << 1,
	TQ_WHY_FIRST_LINKS = 1u << 2,
	TQ_WHY_FIRST = 1u << 3,
	TQ_WHY_ALL = 1u << 4,
	TQ_WHY_NEAR = 1u << 5
};

struct tq_decision {
	enum tq_state state;	/* published, held or spam */
	unsigned why;		/* of enum tq_why; 0 when published */
};

/* Probabilities from which the filter's word counts: those at which its errors
 * are measured (docs/filter.md). */
#define TQ_SPAM_FROM TALIQ_SPAM_AT
#define TQ_HOLD_FROM TALIQ_HOLD_AT

struct tq_decision tq_decide(const struct tq_facts *f);
/* The reasons as short words by comma: "honeypot,filter". */
void tq_why_words(struct tq_buf *b, unsigned why);

#endif
