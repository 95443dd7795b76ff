/* The door: what a strictly formed head is, and what comes in. */
#include "unit.h"

#include "base/arena.h"
#include "web/door.h"

#include "../web/head_text.h"

struct row { const char *head; int status; };

static struct tq_header fields[TQ_FIELDS_MAX];

/* The status that the door answers; 400 also for what the library refuses. */
static int
knock(const char *text, size_t n, struct tq_arena *a, struct tq_door *d)
{
	static char copy[128 * 1024];
	struct tq_head_raw raw;
	struct tq_head h;
	enum tq_code code;

	assert_true(n < sizeof(copy));
	memcpy(copy, text, n);
	copy[n] = 0;
	if (!as_left_by_library(copy, n, &raw))
		return 400;
	code = tq_head_read(&raw, fields, &h);
	if (code != TQ_OK)
		return code == TQ_ELIMIT ? 431 : 400;
	return tq_door_check(&h, a, d);
}

static void
all(const struct row *rows, size_t n)
{
	struct tq_arena a;
	struct tq_door d;

	tq_arena_init(&a, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		int got = knock(rows[i].head, strlen(rows[i].head), &a, &d);

		if (got != rows[i].status)
			fail_msg("%s: %d, expected %d", rows[i].head, got,
			    rows[i].status);
	}
	tq_arena_free(&a);
}

#define GET "GET / HTTP/1.1\r\n"
#define POST "POST / HTTP/1.1\r\nHost: a\r\n"
#define H "Host: a\r\n"
#define END "\r\n"

static void
well_formed_heads_come_in(void **state)
{
	static const struct row rows[] = {
		{ GET H END, 0 },
		{ GET "hOsT:a" END END, 0 },
		{ GET "Host: \t a.example:8080 \t\r\n" END, 0 },
		{ GET "Host: [2001:db8::1]:80\r\n" END, 0 },
		{ GET H "X: \xd8\xa7\xff\r\n" END, 0 },
		{ GET H "X:\r\n" END, 0 },
		{ GET H "X: a:b: c\r\n" END, 0 },
		{ GET H "Content-Length: 0\r\n" END, 0 },
		{ "OPTIONS * HTTP/1.1\r\n" H END, 0 },
		{ "GET /\xd8\xa7?\xd8 HTTP/1.1\r\n" H END, 0 },
		{ "GET http://a/b HTTP/1.1\r\n" H END, 0 },
		{ "GET HTTP://A:80 HTTP/1.1\r\nHost: a:80\r\n" END, 0 },
		{ "GET / HTTP/1.0\r\n" END, 0 },
		{ "PURGE / HTTP/1.1\r\n" H END, 0 },
		{ POST "Content-Length: 1048576\r\n" END, 0 },
		{ POST "Content-Length: 00000000000000000000005\r\n" END, 0 },
		{ POST "Transfer-Encoding: Chunked\r\n" END, 0 },
	};

	(void)state;
	all(rows, TQ_N(rows));
}

static void
malformed_lines_are_refused(void **state)
{
	static const struct row rows[] = {
		{ "GET / HTTP/1.1\nHost: a\r\n\r\n", 400 },
		{ GET "Host: a\n\r\n", 400 },
		{ GET "Host: a\r\n\n", 400 },
		{ GET H "X: a\rb\r\n" END, 400 },
		{ GET H "X: a\r\r\n" END, 400 },
		{ GET H "X: a\x01\r\n" END, 400 },
		{ GET H "X: a\x7f\r\n" END, 400 },
		{ GET H "X: a\r\n b\r\n" END, 400 },
		{ GET " X: a\r\n" H END, 400 },
		{ GET H "X : a\r\n" END, 400 },
		{ GET H ": a\r\n" END, 400 },
		{ GET H "X\x80: a\r\n" END, 400 },
		{ GET H "no colon\r\n" END, 400 },
		{ GET "Host: a\n:Content-Length\n 5\r\n" END, 400 },
		{ "GET  / HTTP/1.1\r\n" H END, 400 },
		{ "GET /  HTTP/1.1\r\n" H END, 400 },
		{ "GET /a b HTTP/1.1\r\n" H END, 400 },
		{ "GET /\ta HTTP/1.1\r\n" H END, 400 },
		{ "GET / HTTP/1.1 \r\n" H END, 400 },
		{ " GET / HTTP/1.1\r\n" H END, 400 },
		{ "G(T / HTTP/1.1\r\n" H END, 400 },
		{ "GET /\r HTTP/1.1\r\n" H END, 400 },
		{ "GET / http/1.1\r\n" H END, 400 },
		{ "GET / HTTP/1.2\r\n" H END, 505 },
		{ "GET / HTTP/2.0\r\n" H END, 505 },
		{ "GET / HTTP/0.9\r\n" H END, 505 },
	};

	(void)state;
	all(rows, TQ_N(rows));
}

/* n counts the bytes, as the text holds NULs. */
static void
nul_bytes_are_refused(void **state)
{
	static const tq_str heads[] = {
		TQ_S_INIT(GET H "X: a\0b\r\n" END),
		TQ_S_INIT(GET H "X: a\0\r\n" END),
		TQ_S_INIT(GET H "X: a\0\0Content-Length\0 5\r\n" END),
		TQ_S_INIT(GET H "X\0: a\r\n" END),
		TQ_S_INIT(GET H "\0X: a\r\n" END),
		TQ_S_INIT(GET "Host\0: a\r\n" END),
		TQ_S_INIT("GET /a\0b HTTP/1.1\r\n" H END),
		TQ_S_INIT("GET\0/ HTTP/1.1\r\n" H END),
		TQ_S_INIT("GET / HTTP/1.1\0\n" H "X: a\0\0\0\r\n" END),
	};
	struct tq_arena a;
	struct tq_door d;

	(void)state;
	tq_arena_init(&a, 1000);
	for (size_t i = 0; i < TQ_N(heads); i++)
		assert_int_equal(knock(heads[i].p, heads[i].n, &a, &d), 400);
	tq_arena_free(&a);
}

static void
framing_has_no_second_reading(void **state)
{
	static const struct row rows[] = {
		{ POST "Content-Length: 5\r\nContent-Length: 6\r\n" END, 400 },
		{ POST "Content-Length: 5\r\ncontent-length: 5\r\n" END, 400 },
		{ POST "Content-Length: 5, 5\r\n" END, 400 },
		{ POST "Content-Length: +5\r\n" END, 400 },
		{ POST "Content-Length: -5\r\n" END, 400 },
		{ POST "Content-Length: 5abc\r\n" END, 400 },
		{ POST "Content-Length: 0x5\r\n" END, 400 },
		{ POST "Content-Length: 5 5\r\n" END, 400 },
		{ POST "Content-Length:\r\n" END, 400 },
		{ POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"
		    END, 400 },
		{ POST "Transfer-Encoding: identity\r\n" END, 400 },
		{ POST "Transfer-Encoding: gzip, chunked\r\n" END, 400 },
		{ POST "Transfer-Encoding: chunked, identity\r\n" END, 400 },
		{ POST "Transfer-Encoding: xchunked\r\n" END, 400 },
		{ POST "Transfer-Encoding: \"chunked\"\r\n" END, 400 },
		{ POST "Transfer-Encoding:\r\n" END, 400 },
		{ POST "Transfer-Encoding: chunked\r\n"
		    "Transfer-Encoding: chunked\r\n" END, 400 },
		{ "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" END,
		    400 },
		{ POST "Content-Length: 1048577\r\n" END, 413 },
		{ POST "Content-Length: 99999999999999999999999999\r\n" END,
		    413 },
		{ POST "Content-Length: 18446744073709551621\r\n" END, 413 },
		{ POST "Content-Length: 9999999999999999999x\r\n" END, 400 },
	};

	(void)state;
	all(rows, TQ_N(rows));
}

static void
one_host_and_a_proper_one(void **state)
{
	static const struct row rows[] = {
		{ GET END, 400 },
		{ GET H H END, 400 },
		{ GET "Host:\r\n" END, 400 },
		{ GET "Host: a b\r\n" END, 400 },
		{ GET "Host: a/b\r\n" END, 400 },
		{ GET "Host: u@a\r\n" END, 400 },
		{ GET "Host: a,b\r\n" END, 400 },
		{ GET "Host: a:8o\r\n" END, 400 },
		{ GET "Host: a:1:2\r\n" END, 400 },
		{ GET "Host: [::1\r\n" END, 400 },
		{ GET "Host: [a.b]\r\n" END, 400 },
		{ GET "Host: [1.2.3.4]\r\n" END, 400 },
		{ GET "Host: [::1]x\r\n" END, 400 },
		{ GET "Host: \xd8\xa7\r\n" END, 400 },
		{ "GET http://b/ HTTP/1.1\r\n" H END, 400 },
		{ "GET http://a/ HTTP/1.1\r\n" END, 400 },
		{ "GET http://u@a/ HTTP/1.1\r\n" H END, 400 },
		{ "GET http:///x HTTP/1.1\r\n" H END, 400 },
		{ "GET ftp://a/ HTTP/1.1\r\n" H END, 400 },
		{ "GET a HTTP/1.1\r\n" H END, 400 },
		{ "GET * HTTP/1.1\r\n" H END, 400 },
		{ "GET /#x HTTP/1.1\r\n" H END, 400 },
		{ "CONNECT a:443 HTTP/1.1\r\n" H END, 400 },
	};

	(void)state;
	all(rows, TQ_N(rows));
}

static int
knock_filled(const char *before, size_t n, const char *after)
{
	static char text[100 * 1024];
	size_t b = strlen(before), e = strlen(after) + 1;
	struct tq_arena a;
	struct tq_door d;

	assert_true(b + n + e < sizeof(text));
	memcpy(text, before, b);
	memset(text + b, 'x', n);
	memcpy(text + b + n, after, e);
	tq_arena_init(&a, 1000);
	return knock(text, b + n + e - 1, &a, &d);
}

static void
sizes_have_their_status(void **state)
{
	static const char many[] = "a:\r\n";
	static char text[8000];
	size_t n = 0;
	struct tq_arena a;
	struct tq_door d;

	(void)state;
	assert_int_equal(knock_filled("GET /", 8191, " HTTP/1.1\r\n" H END),
	    0);
	assert_int_equal(knock_filled("GET /", 8192, " HTTP/1.1\r\n" H END),
	    414);
	/* "Host: a", "X: " and two line ends are 14 bytes. */
	assert_int_equal(knock_filled(GET H "X: ", 16384 - 14, END END), 0);
	assert_int_equal(knock_filled(GET H "X: ", 16384 - 13, END END), 431);
	tq_arena_init(&a, 1000);
	n = strlen(GET H);
	memcpy(text, GET H, n);
	for (int i = 0; i < TQ_FIELDS_MAX - 1; i++, n += 4)
		memcpy(text + n, many, 4);
	memcpy(text + n, "\r\n", 2);
	assert_int_equal(knock(text, n + 2, &a, &d), 0);
	memcpy(text + n, "a:\r\n\r\n", 6);
	assert_int_equal(knock(text, n + 6, &a, &d), 431);
}

static void
the_request_is_read_right(void **state)
{
	static const char head[] = "PUT http://A.Example:81?q=%20?&x HTTP/1.1"
	    "\r\nHost: a.exAMPLE:81\r\nContent-Length: 42\r\n\r\n";
	struct tq_arena a;
	struct tq_door d;

	(void)state;
	tq_arena_init(&a, 1000);
	assert_int_equal(knock(head, sizeof(head) - 1, &a, &d), 0);
	assert_int_equal(d.method, TQ_PUT);
	assert_str(d.path, "/");
	assert_str(d.query, "q=%20?&x");
	assert_str(d.host, "a.example:81");
	assert_int_equal(d.length, 42);
	assert_false(d.chunked);
	tq_arena_free(&a);
	a.fail_after = 0;
	assert_int_equal(knock(head, sizeof(head) - 1, &a, &d), 503);
	tq_arena_free(&a);
}

static void
chunk_size_lines_are_strict(void **state)
{
	/* The buffer before the piece; seen: how much of it were pieces. */
	static const struct { const char *before; size_t seen; bool ok; }
	rows[] = {
		{ "", 0, true }, { "5\r\n", 0, true },
		{ "\r\n5\r\n", 0, true }, { "DEADbeef\r\n", 0, true },
		{ "5\r\nhello\r\n6\r\n", 8, true },
		{ "5\n", 0, false }, { "5;a\r\n", 0, false },
		{ "5 \r\n", 0, false }, { "0x5\r\n", 0, false },
		{ "+5\r\n", 0, false }, { "\n5\r\n", 0, false },
		{ "000000005\r\n", 0, false }, { "\r\n", 0, false },
		{ "5\r\nhello\n6\r\n", 8, false },
		{ "5\r\nhello\r\n6\n", 8, false },
		{ "5\r\nhello\r\n6;x=\"\r\n", 8, false },
	};

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		const char *b = rows[i].before;

		if (tq_chunk_line_ok(b, rows[i].seen ? b + rows[i].seen : NULL,
		    b + strlen(b)) != rows[i].ok)
			fail_msg("%s", b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(well_formed_heads_come_in),
		cmocka_unit_test(malformed_lines_are_refused),
		cmocka_unit_test(nul_bytes_are_refused),
		cmocka_unit_test(framing_has_no_second_reading),
		cmocka_unit_test(one_host_and_a_proper_one),
		cmocka_unit_test(sizes_have_their_status),
		cmocka_unit_test(the_request_is_read_right),
		cmocka_unit_test(chunk_size_lines_are_strict),
	};

	return cmocka_run_group_tests_name("web/door", tests, NULL, NULL);
}
