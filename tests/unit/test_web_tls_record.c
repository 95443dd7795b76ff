/* Records in a stream: where they begin, what they can hold. */
#include "unit.h"

#include "web/tls_record.h"

#define OVERHEAD 17

/* One record: 23 is application data, 22 a handshake, 21 an alert. */
static size_t
put(uint8_t *out, uint8_t type, size_t n)
{
	const uint8_t head[] = { type, 3, 3, (uint8_t)(n >> 8), (uint8_t)n };

	memcpy(out, head, sizeof(head));
	memset(out + sizeof(head), 23, n);
	return sizeof(head) + n;
}

static void
records_hold_what_their_heads_say(void **state)
{
	static const struct { uint8_t type; size_t n; uint64_t holds; } rows[] = {
		{ 23, 100, 83 }, { 23, 16384 + OVERHEAD, 16384 },
		{ 23, OVERHEAD, 0 }, { 23, 3, 0 }, { 23, 0, 0 },
		{ 22, 512, 0 }, { 21, 19, 0 }, { 20, 1, 0 },
	};
	static uint8_t bytes[20000];
	struct tq_tls_record r = { .n_head = 0 };

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		size_t n = put(bytes, rows[i].type, rows[i].n);

		assert_int_equal(tq_tls_record_walk(&r, bytes, n, OVERHEAD),
		    rows[i].holds);
		assert_int_equal(r.n_head, 0);
	}
}

static void
it_does_not_matter_how_they_are_cut(void **state)
{
	uint8_t bytes[2000];
	size_t n = 0;

	(void)state;
	n += put(bytes + n, 22, 200);
	n += put(bytes + n, 23, 400);
	n += put(bytes + n, 23, 0);
	n += put(bytes + n, 21, 2);
	n += put(bytes + n, 23, 300);
	for (size_t piece = 1; piece <= n; piece++) {
		struct tq_tls_record r = { .n_head = 0 };
		uint64_t sum = 0;

		for (size_t at = 0; at < n; at += piece)
			sum += tq_tls_record_walk(&r, bytes + at,
			    n - at < piece ? n - at : piece, OVERHEAD);
		assert_int_equal(sum, 700 - 2 * OVERHEAD);
		assert_int_equal(r.n_head, 0);
	}
}

static void
a_record_counts_when_its_head_is_there(void **state)
{
	struct tq_tls_record r = { .n_head = 0 };
	uint8_t bytes[200];

	(void)state;
	(void)put(bytes, 23, 100);
	assert_int_equal(tq_tls_record_walk(&r, bytes, 4, OVERHEAD), 0);
	assert_int_equal(tq_tls_record_walk(&r, bytes + 4, 1, OVERHEAD), 83);
	assert_int_equal(tq_tls_record_walk(&r, bytes + 5, 99, OVERHEAD), 0);
	assert_int_equal(r.left, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_hold_what_their_heads_say),
		cmocka_unit_test(it_does_not_matter_how_they_are_cut),
		cmocka_unit_test(a_record_counts_when_its_head_is_there),
	};

	return cmocka_run_group_tests_name("web/tls_record", tests, NULL,
	    NULL);
}
