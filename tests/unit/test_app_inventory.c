/* The inventory of personal data against the schema: a column that may hold
 * something of a reader stands in it, and it names no column that is not
 * there. */
#include "unit.h"

#include <dirent.h>
#include <stdio.h>

#include "app/inventory.h"
#include "base/file.h"
#include "text/lang.h"

static struct tq_arena arena;

/* Tables about readers' comments; each of their columns must be accounted for:
 * by a row of the inventory, or below. */
static const char *const personal_tables[] = { "comment", "feedback" };

/* Columns that say nothing of a person: keys, places in the tree, counts,
 * times of the program's own acts, MACs, states and their reasons. */
static const struct { const char *table, *columns; } impersonal[] = {
	{ "comment", "id page_id site_id parent_id root_id depth state shown "
	    "replies change by_author edited_us state_us spam path mac "
	    "reasons" },
	/* The table as a whole is the row "decisions". */
	{ "feedback", "seq site_id comment_id at_us from_state to_state actor "
	    "mac name url body" },
};

static bool
has_word(const char *words, tq_str word)
{
	tq_str rest = tq_str_c(words), one;

	while (rest.n > 0) {
		rest = tq_str_cut(rest, ' ', &one);
		if (tq_str_eq(one, word))
			return true;
	}
	return false;
}

static const struct tq_datum *
datum_of(tq_str column)
{
	for (size_t i = 0; i < tq_inventory_count; i++)
		if (tq_inventory[i].column != NULL &&
		    tq_str_eq(column, tq_str_c(tq_inventory[i].column)))
			return &tq_inventory[i];
	return NULL;
}

/* All migrations, one after the other. */
static tq_str
schema(void)
{
	const char *root = getenv("TALIQ_ROOT");
	struct dirent **names;
	struct tq_buf b;
	char path[2048];
	int n;

	(void)snprintf(path, sizeof(path), "%s/sql", root != NULL ? root : ".");
	n = scandir(path, &names, NULL, alphasort);
	assert_true(n > 2);
	tq_buf_init(&b, &arena, 0);
	for (int i = 0; i < n; i++) {
		struct tq_err e;
		tq_str text;

		(void)snprintf(path, sizeof(path), "%s/sql/%s",
		    root != NULL ? root : ".", names[i]->d_name);
		if (tq_str_ends(tq_str_c(path), TQ_S(".sql"))) {
			assert_int_equal(tq_file_read(path, 1 << 20, &arena,
			    &text, &e), TQ_OK);
			tq_buf_put(&b, text);
		}
		free(names[i]);
	}
	free(names);
	assert_true(tq_buf_ok(&b));
	return tq_buf_str(&b);
}

/* Calls back for each column of each CREATE TABLE; a column is a line of its
 * own that begins with a small letter. */
static void
each_column(tq_str text, void (*f)(tq_str table, tq_str column))
{
	static const tq_str create = TQ_S_INIT("CREATE TABLE ");
	tq_str line, table = { NULL, 0 }, word;

	while (text.n > 0) {
		text = tq_str_cut(text, '\n', &line);
		if (tq_str_starts(line, create)) {
			line = tq_str_sub(line, create.n, line.n);
			(void)tq_str_cut(line, ' ', &table);
		} else if (tq_str_starts(line, TQ_S(")"))) {
			table.n = 0;
		} else if (table.n > 0 && line.n > 1 && line.p[1] >= 'a' &&
		    line.p[1] <= 'z') {
			line = tq_str_trim(line);
			(void)tq_str_cut(line, ' ', &word);
			f(table, word);
		}
		assert_false(tq_str_starts(line, TQ_S("ALTER TABLE")));
	}
}

static int columns_seen;

static void
is_accounted_for(tq_str table, tq_str column)
{
	bool personal = false, plain = false;

	columns_seen++;
	for (size_t i = 0; i < TQ_N(personal_tables); i++)
		personal |= tq_str_eq(table, tq_str_c(personal_tables[i]));
	if (!personal)
		return;
	for (size_t i = 0; i < TQ_N(impersonal); i++)
		plain |= tq_str_eq(table, tq_str_c(impersonal[i].table)) &&
		    has_word(impersonal[i].columns, column);
	if (!plain && datum_of(column) == NULL)
		fail_msg("%.*s.%.*s is not in the inventory", TQ_FMT(table),
		    TQ_FMT(column));
	if (plain && tq_str_eq(table, TQ_S("comment")) &&
	    datum_of(column) != NULL)
		fail_msg("%.*s.%.*s is in the inventory and called impersonal",
		    TQ_FMT(table), TQ_FMT(column));
}

static void
every_personal_column_is_in_the_inventory(void **state)
{
	(void)state;
	columns_seen = 0;
	each_column(schema(), is_accounted_for);
	assert_true(columns_seen > 40);
	assert_non_null(datum_of(TQ_S("feedback")));
}

static const char *wanted;
static bool found;

static void
is_wanted(tq_str table, tq_str column)
{
	found |= tq_str_eq(table, tq_str_c(wanted)) ||
	    (tq_str_eq(table, TQ_S("comment")) &&
	    tq_str_eq(column, tq_str_c(wanted)));
}

static void
the_inventory_names_no_other_column(void **state)
{
	tq_str text = schema();

	(void)state;
	for (size_t i = 0; i < tq_inventory_count; i++) {
		if (tq_inventory[i].column == NULL)
			continue;
		wanted = tq_inventory[i].column;
		found = false;
		each_column(text, is_wanted);
		if (!found)
			fail_msg("%s: there is no %s", tq_inventory[i].id,
			    wanted);
	}
}

/* Every cell of the notice has words, in every language. */
static void
every_cell_has_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < tq_inventory_count; i++) {
		const struct tq_datum *d = &tq_inventory[i];
		const enum tq_msg cells[] = { d->what, d->why, d->how,
			d->how_long, d->who, d->where };

		for (size_t k = 0; k < TQ_N(cells); k++)
			for (size_t l = 0; l < tq_lang_count(); l++)
				if (tq_msg(tq_lang_at(l), cells[k]).n == 0)
					fail_msg("%s, cell %zu, language %zu",
					    d->id, k, l);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(d->id, tq_inventory[k].id);
	}
}

static int
open_arena(void **state)
{
	(void)state;
	tq_arena_init(&arena, (size_t)4 << 20);
	return 0;
}

static int
close_arena(void **state)
{
	(void)state;
	tq_arena_free(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_personal_column_is_in_the_inventory),
		cmocka_unit_test(the_inventory_names_no_other_column),
		cmocka_unit_test(every_cell_has_words),
	};

	return cmocka_run_group_tests_name("app/inventory", tests, open_arena,
	    close_arena);
}
