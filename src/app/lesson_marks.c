/* The table: one place a mark, by its low bits; a newer mark takes it. */
#include "app/lesson_marks.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"

#define PLACES 4096u
#define LIFE_US (INT64_C(600) * TQ_SECOND_US)

struct place { uint64_t mark; int64_t at_us; bool spam; };

struct tq_lesson_marks {
	pthread_mutex_t lock;
	uint8_t hash_key[16];
	struct place places[PLACES];
};

enum tq_code
tq_lesson_marks_new(struct tq_lesson_marks **out, struct tq_err *e)
{
	struct tq_lesson_marks *m = calloc(1, sizeof(*m));

	if (m == NULL)
		return tq_fail(e, TQ_ELIMIT, "no memory for lessons");
	(void)pthread_mutex_init(&m->lock, NULL);
	tq_random(m->hash_key, sizeof(m->hash_key));
	*out = m;
	return TQ_OK;
}

void
tq_lesson_marks_free(struct tq_lesson_marks *m)
{
	if (m == NULL)
		return;
	(void)pthread_mutex_destroy(&m->lock);
	free(m);
}

uint64_t
tq_lesson_mark(const struct tq_lesson_marks *m, int64_t key_id,
    const tq_str *fields, size_t n)
{
	char digest[16 + sizeof(key_id)];

	tq_hash((uint8_t *)digest, 16, fields, n);
	for (size_t i = 0; i < sizeof(key_id); i++)
		digest[16 + i] = (char)(key_id >> (8 * i));
	return tq_siphash(m->hash_key, (tq_str){ digest, sizeof(digest) }) | 1;
}

static struct place *
place_of(struct tq_lesson_marks *m, uint64_t mark)
{
	return &m->places[(mark >> 1) % PLACES];
}

bool
tq_lesson_marks_same(struct tq_lesson_marks *m, uint64_t mark, bool spam,
    int64_t now_us)
{
	const struct place *p = place_of(m, mark);
	bool same;

	(void)pthread_mutex_lock(&m->lock);
	same = p->mark == mark && p->spam == spam &&
	    now_us - p->at_us < LIFE_US;
	(void)pthread_mutex_unlock(&m->lock);
	return same;
}

void
tq_lesson_marks_set(struct tq_lesson_marks *m, uint64_t mark, bool spam,
    int64_t now_us)
{
	(void)pthread_mutex_lock(&m->lock);
	*place_of(m, mark) = (struct place){ mark, now_us, spam };
	(void)pthread_mutex_unlock(&m->lock);
}

void
tq_lesson_marks_drop(struct tq_lesson_marks *m, uint64_t mark)
{
	struct place *p = place_of(m, mark);

	(void)pthread_mutex_lock(&m->lock);
	if (p->mark == mark)
		*p = (struct place){ 0 };
	(void)pthread_mutex_unlock(&m->lock);
}

void
tq_lesson_marks_clear(struct tq_lesson_marks *m)
{
	(void)pthread_mutex_lock(&m->lock);
	memset(m->places, 0, sizeof(m->places));
	(void)pthread_mutex_unlock(&m->lock);
}
