/* Options of the filter's commands: see flags.h. */
#include "cli/flags.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

static const struct tq_flag *
find(const struct tq_flag *flags, size_t n, const char *name, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (strlen(flags[i].name) == len &&
		    memcmp(flags[i].name, name, len) == 0)
			return &flags[i];
	return NULL;
}

/* One option at argv[*i]. */
static enum tq_code
take(const struct tq_flag *flags, size_t n, int argc, char **argv, int *i,
    struct tq_err *e)
{
	const char *name = argv[*i] + 2, *eq = strchr(name, '=');
	size_t len = eq != NULL ? (size_t)(eq - name) : strlen(name);
	const struct tq_flag *f = find(flags, n, name, len);

	if (f == NULL)
		return tq_fail(e, TQ_EINVALID, "unknown option --%.*s",
		    (int)len, name);
	if (f->value == NULL) {
		if (eq != NULL)
			return tq_fail(e, TQ_EINVALID, "--%s takes no value",
			    f->name);
		*f->on = true;
		return TQ_OK;
	}
	if (eq == NULL && *i + 1 >= argc)
		return tq_fail(e, TQ_EINVALID, "--%s needs %s", f->name,
		    f->value);
	*f->text = eq != NULL ? eq + 1 : argv[++*i];
	if (f->on != NULL)
		*f->on = true;
	return TQ_OK;
}

enum tq_code
tq_flags_read(const struct tq_flag *flags, size_t n, int argc, char **argv,
    size_t *n_operands, bool *help, struct tq_err *e)
{
	size_t kept = 0;
	bool options = true;

	*help = false;
	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--") == 0) {
			options = false;
		} else if (options && strcmp(argv[i], "--help") == 0) {
			*help = true;
		} else if (options && strncmp(argv[i], "--", 2) == 0) {
			enum tq_code c = take(flags, n, argc, argv, &i, e);

			if (c != TQ_OK)
				return c;
		} else {
			argv[++kept] = argv[i];
		}
	}
	*n_operands = kept;
	return TQ_OK;
}

void
tq_flags_help(const struct tq_flag *flags, size_t n, const char *usage)
{
	printf("usage: %s\n", usage);
	for (size_t i = 0; i < n; i++) {
		char left[64];

		snprintf(left, sizeof(left), "--%s %s", flags[i].name,
		    flags[i].value != NULL ? flags[i].value : "");
		printf("  %-22s %s\n", left, flags[i].help);
	}
}

enum tq_code
tq_flags_number(const char *name, const char *value, double lo, double hi,
    double *out, struct tq_err *e)
{
	char *end;
	double v = strtod(value, &end);

	if (end == value || *end != 0 || !(v >= lo && v <= hi))
		return tq_fail(e, TQ_EINVALID, "--%s %s: a number from %g to "
		    "%g is allowed", name, value, lo, hi);
	*out = v;
	return TQ_OK;
}

enum tq_code
tq_flags_count(const char *name, const char *value, unsigned lo, unsigned hi,
    unsigned *out, struct tq_err *e)
{
	int64_t v;

	if (!tq_str_i64(tq_str_c(value), &v) || v < lo || v > hi)
		return tq_fail(e, TQ_EINVALID, "--%s %s: a whole number from "
		    "%u to %u is allowed", name, value, lo, hi);
	*out = (unsigned)v;
	return TQ_OK;
}
