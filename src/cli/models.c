/* Model files: see models.h. */
#include "cli/models.h"

#include <stdlib.h>

#include "base/file.h"
#include "cli/rows.h"

enum tq_code
tq_models_fail(taliq_status st, const char *what, struct tq_err *e)
{
	if (st == TALIQ_OK)
		return TQ_OK;
	return tq_fail(e, st == TALIQ_NOMEM ? TQ_ELIMIT : TQ_EINVALID,
	    "%s: %s", what, taliq_status_text(st));
}

enum tq_code
tq_models_read(const char *path, taliq_model **out, struct tq_err *e)
{
	struct tq_arena a;
	tq_str bytes;
	enum tq_code c;

	tq_arena_init(&a, 2 * TQ_MODEL_FILE_MAX);
	c = tq_file_read(path, TQ_MODEL_FILE_MAX, &a, &bytes, e);
	if (c == TQ_OK)
		c = tq_models_fail(taliq_model_load(out,
		    (const uint8_t *)bytes.p, bytes.n), path, e);
	tq_arena_free(&a);
	return c;
}

enum tq_code
tq_models_fresh(bool seeded, taliq_model **out, struct tq_err *e)
{
	return tq_models_fail(seeded ? taliq_model_new_seeded(out) :
	    taliq_model_new(out), "new model", e);
}

enum tq_code
tq_models_write(const char *path, const taliq_model *m, struct tq_err *e)
{
	uint8_t *bytes;
	size_t len;
	enum tq_code c = tq_models_fail(taliq_model_save(m, &bytes, &len),
	    path, e);

	if (c != TQ_OK)
		return c;
	c = tq_file_write(path, (tq_str){ (const char *)bytes, len }, 0600, e);
	free(bytes);
	return c;
}

enum tq_code
tq_models_set_seed(taliq_model *m, const char *path, struct tq_err *e)
{
	struct tq_arena a;
	tq_str bytes;
	enum tq_code c;

	tq_arena_init(&a, 2 * TQ_MODEL_FILE_MAX);
	c = tq_file_read(path, TQ_MODEL_FILE_MAX, &a, &bytes, e);
	if (c == TQ_OK)
		c = tq_models_fail(taliq_model_set_seed(m,
		    (const uint8_t *)bytes.p, bytes.n), path, e);
	tq_arena_free(&a);
	return c;
}

enum tq_code
tq_models_learn(taliq_model *m, const char *path, struct tq_lessons *out,
    struct tq_err *e)
{
	struct tq_rows r;
	enum tq_code c = tq_rows_open(&r, path, e);

	while (c == TQ_OK) {
		struct tq_row row;
		bool more;

		c = tq_rows_labelled(&r, &row, &more, e);
		if (c != TQ_OK || !more)
			break;
		c = tq_models_fail(taliq_learn(m, &row.in, row.spam ?
		    TALIQ_SPAM : TALIQ_HAM), path, e);
		out->spam += row.spam;
		out->ham += !row.spam;
	}
	tq_rows_close(&r);
	return c;
}
