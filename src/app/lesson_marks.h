/* lesson_marks.h - what was taught last about a text, for some minutes, so that
 * the same lesson sent twice is learnt once, while a moderator who changes his
 * mind, and back, is followed.  A bounded table in memory; the oldest give way.
 * Any thread. */
#ifndef TQ_APP_LESSON_MARKS_H
#define TQ_APP_LESSON_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct tq_lesson_marks;
enum tq_code tq_lesson_marks_new(struct tq_lesson_marks **out,
    struct tq_err *e);
void tq_lesson_marks_free(struct tq_lesson_marks *m);	/* NULL is fine */

/* The mark of a text under a key; never 0. */
uint64_t tq_lesson_mark(const struct tq_lesson_marks *m, int64_t key_id,
    const tq_str *fields, size_t n);
/* Whether the last lesson with this mark, at most ten minutes ago (monotonic),
 * said the same. */
bool tq_lesson_marks_same(struct tq_lesson_marks *m, uint64_t mark, bool spam,
    int64_t now_us);
void tq_lesson_marks_set(struct tq_lesson_marks *m, uint64_t mark, bool spam,
    int64_t now_us);
/* It came to nothing. */
void tq_lesson_marks_drop(struct tq_lesson_marks *m, uint64_t mark);
/* What was taught is taken back: the same may be taught anew. */
void tq_lesson_marks_clear(struct tq_lesson_marks *m);

#endif
