/* install.h - an installation in a directory of its own, for tests of use cases
 * that need all of it: the store, the writer, the judge. */
#ifndef TQ_TESTS_INSTALL_H
#define TQ_TESTS_INSTALL_H

#include "unit.h"

#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

#include "app/app.h"
#include "app/open.h"
#include "base/crypto.h"
#include "base/log.h"

static char dir[64];
static struct tq_install *in;
static struct tq_app *app;
static struct tq_arena a;
static struct tq_err e;

static inline void
must_at(enum tq_code code, int line)
{
	if (code != TQ_OK)
		fail_msg("line %d: %s: %s", line, tq_code_name(code), e.text);
}
#define must(call) must_at((call), __LINE__)

static inline void
open_again(void)
{
	const struct tq_app_options o = { .data_dir = dir };

	must(tq_app_open(&o, &in, &e));
	app = tq_install_app(in);
}

static inline void
make_install(void)
{
	tq_log_set_level(TQ_LOG_ERROR);
	(void)snprintf(dir, sizeof(dir), "/tmp/tq-test-install-XXXXXX");
	must(tq_crypto_start(&e));
	assert_non_null(mkdtemp(dir));
	tq_arena_init(&a, 1 << 26);
	must(tq_app_init(dir, &e));
	open_again();
}

static inline int
drop_one(const char *path, const struct stat *st, int kind, struct FTW *w)
{
	(void)st;
	(void)kind;
	(void)w;
	return remove(path);
}

static inline int
drop_install(void **state)
{
	(void)state;
	tq_app_close(in);
	in = NULL;
	tq_arena_free(&a);
	return nftw(dir, drop_one, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
