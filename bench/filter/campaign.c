/* How much it helps to know a text again that was marked as spam (app/near.h),
 * beside a model that has learnt it.  Lines on standard input:
 *
 *   s TEXT   is marked as spam, h TEXT published
 *   n        from here on: as it was before the first n, but with no texts known
 *   q TEXT   asks
 *
 * Prints how many asked texts are held by the model alone, how many are known
 * again, and how many are held with that. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/near.h"
#include "base/crypto.h"

struct site {
	taliq_model *before, *now;	/* before: NULL until the first n */
	struct tq_near *near;
	unsigned asked, alone, known, with;
};

static void
must(bool good)
{
	if (good)
		return;
	fprintf(stderr, "campaign: no memory\n");
	exit(3);
}

static void
start_over(struct site *s)
{
	struct tq_err e;

	if (s->before == NULL) {
		s->before = s->now;
		s->now = NULL;
	}
	taliq_model_free(s->now);
	must(taliq_model_copy(s->before, &s->now) == TALIQ_OK &&
	    tq_near_clear(s->near, &e) == TQ_OK);
}

static void
decide(struct site *s, tq_str text, bool spam)
{
	const taliq_input in = { .size = sizeof(in),
	    .body = { text.p, text.n } };
	struct tq_near_text t = { .at_us = 1, .spam = spam };
	struct tq_err e;

	must(taliq_learn(s->now, &in, spam ? TALIQ_SPAM : TALIQ_HAM) ==
	    TALIQ_OK && tq_near_read(s->near, text, &t.print, &e) == TQ_OK);
	tq_near_add(s->near, &t);
}

static void
ask(struct site *s, tq_str text)
{
	const taliq_input in = { .size = sizeof(in),
	    .body = { text.p, text.n } };
	double weight = tq_near_weight(s->near, text, 1);
	taliq_verdict v;

	must(taliq_classify(s->now, &in, &v) == TALIQ_OK);
	s->asked++;
	s->alone += v.logit >= 0;
	s->known += weight > 0;
	s->with += v.logit + weight >= 0;
}

int
main(void)
{
	struct site s = { 0 };
	struct tq_err e;
	char *line = NULL;
	size_t cap = 0;

	must(tq_crypto_start(&e) == TQ_OK && tq_near_new(&s.near, &e) ==
	    TQ_OK && taliq_model_new_seeded(&s.now) == TALIQ_OK);
	while (getline(&line, &cap, stdin) > 0) {
		tq_str all = { line, strcspn(line, "\n") };
		tq_str text = tq_str_sub(all, 2, all.n);

		if (line[0] == 'n')
			start_over(&s);
		else if (line[0] == 'q')
			ask(&s, text);
		else
			decide(&s, text, line[0] == 's');
	}
	printf("%u asked: %.1f %% held by the model alone, %.1f %% known "
	    "again, %.1f %% held\n", s.asked, 100.0 * s.alone / s.asked,
	    100.0 * s.known / s.asked, 100.0 * s.with / s.asked);
	free(line);
	tq_near_free(s.near);
	taliq_model_free(s.before);
	taliq_model_free(s.now);
	return 0;
}
