/* The ring of one site: see near.h.
 *
 * Which of the texts alike decides: the likest, and among those that are as
 * like as far as MinHash can tell, the newest.  Not simply the newest: a reader
 * who quotes the spam to warn of it, and is published, must not open the door
 * for the spam itself.  A published text is no evidence of good: likeness does
 * not see the one link that was added, and so somebody would be published once
 * with half of his text, to pass with the rest.
 *
 * Likeness is the share of equal parts of 32; its standard error is at most
 * 0.09 (Broder 1997). */
#include "app/near.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/crypto.h"

#define ALIKE 32			/* looked at of the texts alike */
#define AS_LIKE (5.0 / TALIQ_PRINT_PARTS)	/* two errors, nearly */

/* At a likeness of 0.5, and added up to a likeness of 1 (docs/filter.md). */
#define WEIGHT_LEAST 4.0
#define WEIGHT_MORE 2.0

struct tq_near {
	pthread_mutex_t lock;		/* of ring, any */
	taliq_recent *ring;
	bool any;			/* something is in it */
	uint8_t key[16];		/* secret; this ring's alone */
};

enum tq_code
tq_near_new(struct tq_near **out, struct tq_err *e)
{
	struct tq_near *n = calloc(1, sizeof(*n));

	if (n == NULL ||
	    taliq_recent_new(TQ_NEAR_TEXTS, &n->ring) != TALIQ_OK) {
		free(n);
		return tq_fail(e, TQ_ELIMIT, "no memory for texts alike");
	}
	(void)pthread_mutex_init(&n->lock, NULL);
	tq_random(n->key, sizeof(n->key));
	*out = n;
	return TQ_OK;
}

void
tq_near_free(struct tq_near *n)
{
	if (n == NULL)
		return;
	taliq_recent_free(n->ring);
	(void)pthread_mutex_destroy(&n->lock);
	tq_wipe(n->key, sizeof(n->key));
	free(n);
}

static taliq_status
print(const struct tq_near *n, tq_str text, taliq_fingerprint *out)
{
	size_t len = text.n < TALIQ_BODY_MAX ? text.n : TALIQ_BODY_MAX;

	return taliq_fingerprint_make(n->key, (taliq_text){ text.p, len },
	    out);
}

enum tq_code
tq_near_read(struct tq_near *n, tq_str text, taliq_fingerprint *out,
    struct tq_err *e)
{
	return print(n, text, out) == TALIQ_OK ? TQ_OK :
	    tq_fail(e, TQ_ELIMIT, "no memory for a fingerprint");
}

/* What the index keeps beside a fingerprint: seconds, then the class. */
static uint64_t
tag_of(const struct tq_near_text *t)
{
	int64_t s = t->at_us > 0 ? t->at_us / TQ_SECOND_US : 0;

	return (uint64_t)s << 1 | t->spam;
}

static bool
is_spam(const taliq_match *m)
{
	return (m->tag & 1) != 0;
}

static int64_t
time_of(const taliq_match *m)
{
	return (int64_t)(m->tag >> 1) * TQ_SECOND_US;
}

void
tq_near_add(struct tq_near *n, const struct tq_near_text *t)
{
	taliq_match found;

	if (t->print.letters < TQ_NEAR_LETTERS)
		return;
	(void)pthread_mutex_lock(&n->lock);
	if (t->spam || taliq_recent_find(n->ring, &t->print, &found, 1) > 0) {
		taliq_recent_add(n->ring, &t->print, tag_of(t));
		n->any = true;
	}
	(void)pthread_mutex_unlock(&n->lock);
}

enum tq_code
tq_near_clear(struct tq_near *n, struct tq_err *e)
{
	taliq_recent *fresh, *old;

	if (taliq_recent_new(TQ_NEAR_TEXTS, &fresh) != TALIQ_OK)
		return tq_fail(e, TQ_ELIMIT, "no memory for texts alike");
	(void)pthread_mutex_lock(&n->lock);
	old = n->ring;
	n->ring = fresh;
	n->any = false;
	(void)pthread_mutex_unlock(&n->lock);
	taliq_recent_free(old);
	return TQ_OK;
}

/* Of matches, newest first, the one that decides; NULL: none is left of the
 * last two weeks. */
static const taliq_match *
deciding(const taliq_match *m, size_t n, int64_t now_us)
{
	double best = 0;

	for (size_t i = 0; i < n; i++)
		if (now_us - time_of(&m[i]) < TQ_NEAR_LIFE_US &&
		    m[i].likeness > best)
			best = m[i].likeness;
	for (size_t i = 0; i < n && best > 0; i++)
		if (now_us - time_of(&m[i]) < TQ_NEAR_LIFE_US &&
		    m[i].likeness >= best - AS_LIKE)
			return &m[i];
	return NULL;
}

/* Most sites have marked nothing lately. */
static bool
is_empty(struct tq_near *n)
{
	bool any;

	(void)pthread_mutex_lock(&n->lock);
	any = n->any;
	(void)pthread_mutex_unlock(&n->lock);
	return !any;
}

double
tq_near_weight(struct tq_near *n, tq_str text, int64_t now_us)
{
	taliq_match found[ALIKE];
	const taliq_match *m;
	taliq_fingerprint f;
	size_t count;

	if (is_empty(n) || print(n, text, &f) != TALIQ_OK ||
	    f.letters < TQ_NEAR_LETTERS)
		return 0;
	(void)pthread_mutex_lock(&n->lock);
	count = taliq_recent_find(n->ring, &f, found, ALIKE);
	(void)pthread_mutex_unlock(&n->lock);
	m = deciding(found, count, now_us);
	if (m == NULL || !is_spam(m))
		return 0;
	return WEIGHT_LEAST + WEIGHT_MORE * (m->likeness - TALIQ_LIKENESS_MIN) /
	    (1 - TALIQ_LIKENESS_MIN);
}
