/* akismet_state.h - what akismet*.c share and nobody else needs. */
#ifndef TQ_APP_AKISMET_STATE_H
#define TQ_APP_AKISMET_STATE_H

#include "base/arena.h"
#include "base/str.h"

struct tq_akismet;
struct tq_lesson_marks;

struct tq_lesson_marks *tq_akismet_marks(struct tq_akismet *k);
/* tq_key_use_site into a. */
tq_str tq_ak_site(struct tq_arena *a, tq_str blog);

#endif
