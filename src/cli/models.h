/* models.h - model files of the commands. */
#ifndef TQ_CLI_MODELS_H
#define TQ_CLI_MODELS_H

#include <stdbool.h>

#include "base/err.h"
#include "taliq/filter.h"

#define TQ_MODEL_FILE_MAX (64u << 20)

/* A filter status as an error; what says with which file. */
enum tq_code tq_models_fail(taliq_status st, const char *what,
    struct tq_err *e);
/* The model in that file.  TQ_ENOTFOUND, TQ_EINVALID, TQ_EIO. */
enum tq_code tq_models_read(const char *path, taliq_model **out,
    struct tq_err *e);
/* A fresh one: on the shipped seed, or on nothing. */
enum tq_code tq_models_fresh(bool seeded, taliq_model **out, struct tq_err *e);
/* Whole or not at all. */
enum tq_code tq_models_write(const char *path, const taliq_model *m,
    struct tq_err *e);
/* Puts another seed file below m.  As tq_models_read. */
enum tq_code tq_models_set_seed(taliq_model *m, const char *path,
    struct tq_err *e);

struct tq_lessons { uint64_t spam, ham; };
/* Learns all rows of a file and adds them to *out, also those before a failure.
 * TQ_EINVALID names the line of a bad row or one without label. */
enum tq_code tq_models_learn(taliq_model *m, const char *path,
    struct tq_lessons *out, struct tq_err *e);

#endif
