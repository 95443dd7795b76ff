/* store_contract_world.h - what the parts of the store's contract share.  Every
 * test gets a new, empty store with one site and one page; times are small
 * numbers. */
#ifndef TQ_TESTS_STORE_CONTRACT_WORLD_H
#define TQ_TESTS_STORE_CONTRACT_WORLD_H

#include "unit.h"

#include "store/store.h"

struct world {
	struct tq_store *s;
	const struct tq_store_ops *ops;
	struct tq_arena a;
	int64_t site, page, clock;
};
extern struct world w;
extern struct tq_err err;
extern const struct tq_cursor from_start;

/* One file's tests. */
struct contract_group { const struct CMUnitTest *tests; size_t n; };
extern const struct contract_group contract_sites, contract_comments,
    contract_threads, contract_lists, contract_keys, contract_whole;
#define CONTRACT_TEST(f) \
	cmocka_unit_test_setup_teardown(f, contract_set_up, contract_tear_down)

int contract_set_up(void **state);
int contract_tear_down(void **state);

/* Fails the test with the store's words. */
#define MUST(call) must_at((call), __LINE__)
void must_at(enum tq_code code, int line);
#define REFUSE(call, code) refuse_at((call), (code), __LINE__)
void refuse_at(enum tq_code code, enum tq_code expect, int line);

void begin(void);
void commit(void);
/* A comment to be added on the one page. */
struct tq_comment draft(int64_t parent, enum tq_state state);
/* Adds it in its own transaction. */
int64_t add(int64_t parent, enum tq_state state);
void set_state(int64_t id, enum tq_state from, enum tq_state to);
struct tq_comment get(int64_t id);
struct tq_page get_page(void);
int64_t last_change(void);
struct tq_thread_slice slice(enum tq_sort sort, struct tq_cursor from,
    size_t max);
/* Ids of a whole thread, as text: easy to compare and to read. */
tq_str order(enum tq_sort sort);
/* Rows checked; none may be bad. */
int64_t verify(void);
/* 1 2(1) 3(1) 4(2) 5 6(5) 7(2) 8(3) 9 */
void small_tree(void);

#endif
