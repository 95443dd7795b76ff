/* flags.h - command-line options as a table.  Both --name VALUE and
 * --name=VALUE are taken; the rest are operands, in order. */
#ifndef TQ_CLI_FLAGS_H
#define TQ_CLI_FLAGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct tq_flag {
	const char *name;	/* without the dashes */
	const char *value;	/* what its value is called; NULL: none */
	const char *help;
	const char **text;	/* where the value goes, or... */
	bool *on;		/* ...that it was given */
};

/* Moves operands to the front of argv[1..]; *n_operands of them. --help sets
 * *help.  TQ_EINVALID names the option. */
enum tq_code tq_flags_read(const struct tq_flag *flags, size_t n, int argc,
    char **argv, size_t *n_operands, bool *help, struct tq_err *e);
/* Usage line and one line an option, on standard output. */
void tq_flags_help(const struct tq_flag *flags, size_t n, const char *usage);
/* A number within lo..hi from an option's value.  TQ_EINVALID. */
enum tq_code tq_flags_number(const char *name, const char *value, double lo,
    double hi, double *out, struct tq_err *e);
/* A whole number within lo..hi.  TQ_EINVALID. */
enum tq_code tq_flags_count(const char *name, const char *value, unsigned lo,
    unsigned hi, unsigned *out, struct tq_err *e);

#endif
