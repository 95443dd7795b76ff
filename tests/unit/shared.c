/* Test data that lives outside the project. */
#include "shared.h"

#include "unit.h"

#include <sodium.h>
#include <stdio.h>

#include "base/file.h"

#define FILE_MAX ((size_t)64 << 20)

tq_str
tq_shared_read(struct tq_arena *a, const char *path)
{
	const char *dir = getenv("TALIQ_SHARED"), *root = getenv("TALIQ_ROOT");
	tq_str out = { NULL, 0 };
	struct tq_err e;
	char full[1024];
	enum tq_code code;

	if (dir != NULL)
		(void)snprintf(full, sizeof(full), "%s/%s", dir, path);
	else
		(void)snprintf(full, sizeof(full), "%s/../shared/%s",
		    root != NULL ? root : ".", path);
	code = tq_file_read(full, FILE_MAX, a, &out, &e);
	if (code == TQ_ENOTFOUND) {
		print_message("# SKIPPED: no %s (set TALIQ_SHARED)\n", full);
		skip();
	}
	assert_int_equal(code, TQ_OK);
	return out;
}

bool
tq_shared_line(tq_str *rest, tq_str *line)
{
	while (rest->n > 0) {
		*rest = tq_str_cut(*rest, '\n', line);
		if (line->n > 0 && line->p[0] != '#')
			return true;
	}
	return false;
}

bool
tq_shared_row(tq_str *rest, json_t **row)
{
	json_error_t error;
	tq_str line;

	if (!tq_shared_line(rest, &line))
		return false;
	*row = json_loadb(line.p, line.n, JSON_ALLOW_NUL, &error);
	if (*row == NULL)
		fail_msg("%s in %.80s", error.text, line.p);
	return true;
}

tq_str
tq_row_str(const json_t *row, const char *name)
{
	const json_t *v = json_object_get(row, name);

	if (!json_is_string(v))
		return (tq_str){ NULL, 0 };
	return (tq_str){ json_string_value(v), json_string_length(v) };
}

tq_str
tq_row_input(struct tq_arena *a, const json_t *row)
{
	tq_str text = tq_row_str(row, "b64");
	unsigned char *bytes;
	size_t n;

	if (text.p == NULL)
		return tq_row_str(row, "in");
	bytes = tq_arena_alloc(a, text.n + 1, 1);
	assert_non_null(bytes);
	assert_int_equal(sodium_base642bin(bytes, text.n, text.p, text.n, NULL,
	    &n, NULL, sodium_base64_VARIANT_ORIGINAL), 0);
	return (tq_str){ (const char *)bytes, n };
}
