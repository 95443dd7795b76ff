/* store_file.h - a SQLite store in a directory of its own, with rows to find
 * again, for the tests of what stands on the disk. */
#ifndef TQ_TESTS_STORE_FILE_H
#define TQ_TESTS_STORE_FILE_H

#include "unit.h"

#include <stdio.h>
#include <unistd.h>

#include "base/crypto.h"
#include "store/store.h"

static char dir[] = "/tmp/tq-test-store-XXXXXX";
static char path[128], copy[128];
static const uint8_t key[TQ_KEY_BYTES] = { 5, 6 };
static struct tq_err err;

static inline enum tq_code
open_at(const char *p, bool read_only, struct tq_store **out)
{
	const struct tq_store_options o = { .path = p, .mac_key = key,
	    .read_only = read_only };

	return tq_store_open_sqlite(&o, out, &err);
}

static inline struct tq_store *
open_store(bool read_only)
{
	struct tq_store *s;

	if (open_at(path, read_only, &s) != TQ_OK)
		fail_msg("%s", err.text);
	return s;
}

static inline void
must(enum tq_code code)
{
	if (code != TQ_OK)
		fail_msg("%s: %s", tq_code_name(code), err.text);
}

static inline const char *
with(const char *p, const char *suffix)
{
	static char name[160];

	(void)snprintf(name, sizeof(name), "%s%s", p, suffix);
	return name;
}

static inline int
remove_files(void **state)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };

	(void)state;
	for (size_t i = 0; i < TQ_N(suffixes); i++) {
		(void)unlink(with(path, suffixes[i]));
		(void)unlink(with(copy, suffixes[i]));
	}
	return 0;
}

/* A key, and its use on many sites. */
static inline void
fill_key(struct tq_store *s, struct tq_arena *a, int64_t site)
{
	struct tq_api_key k = { .site_id = site, .hint = TQ_S("1a2b"),
	    .hash = { 1 } };

	must(s->ops->api_key_add(s, &k, &err));
	for (int i = 0; i < 100; i++) {
		const struct tq_use_row r = { .key_id = k.id,
		    .day = 20260101 + i % 9, .n = { i, 1, 2, 3 },
		    .site = tq_arena_printf(a, "site%d.example.org", i) };

		must(s->ops->key_use_add(s, &r, &err));
	}
}

/* n comments on a new page, in small trees; each field holds "MARKED". */
static inline void
fill(struct tq_store *s, int n)
{
	struct tq_feedback f = { .body = TQ_S("judged MARKED text") };
	struct tq_arena a;
	int64_t site, page, seq, last = 0;

	tq_arena_init(&a, 1 << 24);
	f.from = TQ_HELD;
	must(s->ops->begin(s, &err));
	must(s->ops->site_add(s, TQ_S("marked"), 1, &site, &err));
	must(s->ops->page_put(s, site, TQ_S("/a"), TQ_S("T"), 2, &page, &err));
	must(s->ops->setting_put(s, site, TQ_S("k"), TQ_S("MARKED v"), &err));
	for (int i = 0; i < n; i++) {
		struct tq_comment c = { .page_id = page, .created_us = i,
		    .parent_id = i % 5 == 0 ? 0 : last,
		    .name = tq_arena_printf(&a, "MARKED name %d", i),
		    .url = tq_arena_printf(&a, "http://MARKED/%d", i),
		    .body = tq_arena_printf(&a, "MARKED %0*d body", 50 + i, i),
		    .email_sealed = TQ_S("MARKED sealed"), .spam = 0.25,
		    .reasons = TQ_S("MARKED reasons") };

		memcpy(c.owner, "MARKED owner 16.", TQ_OWNER_BYTES);
		must(s->ops->comment_add(s, &c, &err));
		last = c.id;
	}
	must(s->ops->feedback_add(s, &f, &seq, &err));
	fill_key(s, &a, site);
	must(s->ops->commit(s, &err));
	tq_arena_free(&a);
}

static inline int
make_dir(void **state)
{
	(void)state;
	if (tq_crypto_start(&err) != TQ_OK || mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/taliq.db", dir);
	(void)snprintf(copy, sizeof(copy), "%s/copy.db", dir);
	return 0;
}

static inline int
drop_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

#define TEST(f) cmocka_unit_test_teardown(f, remove_files)

#endif
