/* Prefixes, and the reader behind proxies; connection caps. */
#include "unit.h"

#include <stdio.h>

#include <arpa/inet.h>

#include "base/crypto.h"
#include "web/client_ip.h"
#include "web/conn_cap.h"

#include "shared.h"

static struct tq_addr
addr(const char *text)
{
	struct tq_addr a = { .family = 0 };

	if (!tq_addr_parse(tq_str_c(text), &a))
		fail_msg("%s is no address", text);
	return a;
}

static void
prefixes_match_by_bits(void **state)
{
	static const struct { const char *list, *a; bool in; } rows[] = {
		{ "10.0.0.0/8", "10.255.0.1", true },
		{ "10.0.0.0/8", "11.0.0.1", false },
		{ "10.0.0.77/8", "10.1.2.3", true },
		{ "192.0.2.128/25", "192.0.2.127", false },
		{ "192.0.2.128/25", "192.0.2.128", true },
		{ "192.0.2.1", "192.0.2.1", true },
		{ "192.0.2.1", "192.0.2.2", false },
		{ "0.0.0.0/0", "8.8.8.8", true },
		{ "0.0.0.0/0", "::1", false },
		{ "::/0", "8.8.8.8", false },
		{ "fd00::/8, ,127.0.0.1", "fdff::1", true },
		{ "fd00::/8,127.0.0.1", "fe00::1", false },
		{ "2001:db8::/47", "2001:db8:1::", true },
		{ "2001:db8::/47", "2001:db8:2::", false },
		{ "", "127.0.0.1", false },
	};
	struct tq_proxies p;
	struct tq_err e;

	(void)state;
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_addr a = addr(rows[i].a);

		assert_int_equal(tq_proxies_parse(tq_str_c(rows[i].list), &p,
		    &e), TQ_OK);
		if (tq_proxies_trust(&p, &a) != rows[i].in)
			fail_msg("%s in %s", rows[i].a, rows[i].list);
	}
}

static void
bad_lists_are_named(void **state)
{
	static const char *const bad[] = { "10.0.0.0/33", "10.0.0.0/-1",
	    "10.0.0.0/", "10.0.0.0/8/8", "::/129", "proxy.example", "1.2.3" };
	struct tq_proxies p = { .trusted = { .n = 7 } };
	struct tq_err e;

	(void)state;
	for (size_t i = 0; i < TQ_N(bad); i++) {
		assert_int_equal(tq_proxies_parse(tq_str_c(bad[i]), &p, &e),
		    TQ_EINVALID);
		assert_non_null(strstr(e.text, bad[i]));
	}
	assert_int_equal(p.trusted.n, 7);
}

#define PROXIES "127.0.0.1, 10.0.0.0/8"

static void
the_reader_is_the_last_untrusted(void **state)
{
	static const struct { const char *peer, *name, *value, *client; }
	rows[] = {
		{ "203.0.113.9", "X-Forwarded-For", "1.2.3.4", "203.0.113.9" },
		{ "127.0.0.1", "x-forwarded-for", "9.9.9.9, 1.2.3.4",
		    "1.2.3.4" },
		{ "127.0.0.1", "X-Forwarded-For", "1.2.3.4,10.0.0.1,10.0.0.2",
		    "1.2.3.4" },
		{ "127.0.0.1", "X-Forwarded-For", "10.0.0.1, 10.0.0.2",
		    "10.0.0.1" },
		{ "127.0.0.1", "X-Forwarded-For", "1.2.3.4, junk, 10.0.0.2",
		    "10.0.0.2" },
		{ "127.0.0.1", "X-Forwarded-For", "1.2.3.4:5", "1.2.3.4" },
		{ "127.0.0.1", "X-Forwarded-For", "2001:db8::2",
		    "2001:db8::2" },
		{ "127.0.0.1", "X-Forwarded-For", "[1.2.3.4]", "127.0.0.1" },
		{ "127.0.0.1", "X-Forwarded-For", "", "127.0.0.1" },
		{ "127.0.0.1", "X-Forwarded-For", ",, ,", "127.0.0.1" },
		{ "127.0.0.1", "Forwarded", "for=9.9.9.9, For=\"[2001:db8::2]"
		    ":47\";by=10.0.0.1", "2001:db8::2" },
		{ "127.0.0.1", "Forwarded", "proto=https;for=unknown",
		    "127.0.0.1" },
		{ "127.0.0.1", "Forwarded", "1.2.3.4", "127.0.0.1" },
		{ "127.0.0.1", "X-Real-IP", "1.2.3.4", "127.0.0.1" },
	};
	struct tq_proxies p;
	struct tq_err e;

	(void)state;
	assert_int_equal(tq_proxies_parse(TQ_S(PROXIES), &p, &e), TQ_OK);
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_addr peer = addr(rows[i].peer),
		    want = addr(rows[i].client), got;
		struct tq_header h = { tq_str_c(rows[i].name),
		    tq_str_c(rows[i].value) };

		got = tq_client_addr(&p, &peer, &h, 1);
		if (!tq_addr_eq(&got, &want))
			fail_msg("%s: not %s", rows[i].value, rows[i].client);
	}
}

static void
the_named_field_counts(void **state)
{
	const struct tq_header both[] = {
		{ TQ_S("Forwarded"), TQ_S("for=198.51.100.7;proto=https") },
		{ TQ_S("X-Forwarded-For"), TQ_S("198.51.100.8") },
		{ TQ_S("X-Forwarded-Proto"), TQ_S("http") },
	};
	static const struct { enum tq_forwarded which; size_t n;
	    const char *client; bool https; } rows[] = {
		{ TQ_FORWARDED_ANY, 3, "198.51.100.8", false },
		{ TQ_FORWARDED_X, 3, "198.51.100.8", false },
		{ TQ_FORWARDED_RFC7239, 3, "198.51.100.7", true },
		{ TQ_FORWARDED_ANY, 1, "198.51.100.7", true },
		{ TQ_FORWARDED_X, 1, "127.0.0.1", false },
		{ TQ_FORWARDED_RFC7239, 0, "127.0.0.1", false },
	};
	struct tq_addr near = addr("127.0.0.1");
	struct tq_proxies p;
	struct tq_err e;

	(void)state;
	assert_int_equal(tq_proxies_parse(TQ_S(PROXIES), &p, &e), TQ_OK);
	for (size_t i = 0; i < TQ_N(rows); i++) {
		struct tq_addr want = addr(rows[i].client), got;

		p.header = rows[i].which;
		got = tq_client_addr(&p, &near, both, rows[i].n);
		assert_true(tq_addr_eq(&got, &want));
		assert_int_equal(tq_client_https(&p, &near, both, rows[i].n,
		    false),
		    rows[i].https);
	}
}

static void
scheme_is_believed_from_a_trusted_peer_only(void **state)
{
	const struct tq_header xfp = { TQ_S("X-Forwarded-Proto"),
	    TQ_S("https") }, http = { TQ_S("X-Forwarded-Proto"),
	    TQ_S("http") }, quiet = { TQ_S("Forwarded"),
	    TQ_S("for=1.2.3.4") }, fwd = { TQ_S("Forwarded"),
	    TQ_S("for=1.2.3.4;Proto=\"https\"") };
	struct tq_addr near = addr("127.0.0.1"), far = addr("8.8.8.8");
	struct tq_proxies p;
	struct tq_err e;

	(void)state;
	assert_int_equal(tq_proxies_parse(TQ_S(PROXIES), &p, &e), TQ_OK);
	assert_true(tq_client_https(&p, &near, &xfp, 1, false));
	assert_true(tq_client_https(&p, &near, &fwd, 1, false));
	assert_false(tq_client_https(&p, &near, &http, 1, false));
	assert_false(tq_client_https(&p, &near, NULL, 0, false));
	assert_false(tq_client_https(&p, &far, &xfp, 1, false));
	/* Over our own TLS: a proxy's word counts, silence and a stranger's
	 * word do not change what we see. */
	assert_true(tq_client_https(&p, &near, NULL, 0, true));
	assert_false(tq_client_https(&p, &near, &http, 1, true));
	assert_true(tq_client_https(&p, &near, &quiet, 1, true));
	assert_true(tq_client_https(&p, &far, &http, 1, true));
}

/* Row by row; values may be one text or a list of them. */
static size_t
headers_of(json_t *object, struct tq_header *h, size_t max)
{
	const char *name;
	json_t *value;
	size_t n = 0;

	json_object_foreach(object, name, value) {
		size_t k = json_is_array(value) ? json_array_size(value) : 1;

		for (size_t i = 0; i < k && n < max; i++) {
			json_t *v = json_is_array(value) ?
			    json_array_get(value, i) : value;

			h[n++] = (struct tq_header){ tq_str_c(name),
			    { json_string_value(v), json_string_length(v) } };
		}
	}
	return n;
}

static void
check_row(json_t *row)
{
	const char *want = json_string_value(json_object_get(row, "client"));
	struct tq_addr peer = addr(json_string_value(json_object_get(row,
	    "peer"))), got, expected;
	char list[1024] = "", text[INET6_ADDRSTRLEN];
	struct tq_header h[8];
	struct tq_proxies p;
	struct tq_err e;
	size_t n, i;
	json_t *item;

	json_array_foreach(json_object_get(row, "trusted_proxies"), i, item) {
		size_t at = strlen(list);

		(void)snprintf(list + at, sizeof(list) - at, "%s,",
		    json_string_value(item));
	}
	assert_int_equal(tq_proxies_parse(tq_str_c(list), &p, &e), TQ_OK);
	n = headers_of(json_object_get(row, "headers"), h, TQ_N(h));
	if (strcmp(want, "400") == 0)
		return;		/* the door's affair: tests/web/probes.py */
	got = tq_client_addr(&p, &peer, h, n);
	if (!tq_addr_parse(tq_str_c(want), &expected))
		expected = addr("198.51.100.8");	/* X-Forwarded-For wins */
	(void)inet_ntop(got.family == 4 ? AF_INET : AF_INET6, got.bytes, text,
	    sizeof(text));
	if (!tq_addr_eq(&got, &expected))
		fail_msg("%s: %s, expected %s", json_string_value(
		    json_object_get(row, "name")), text, want);
}

static void
the_shared_rows_hold(void **state)
{
	struct tq_arena a;
	tq_str rest;
	json_t *row;
	int n = 0;

	(void)state;
	tq_arena_init(&a, 1 << 20);
	rest = tq_shared_read(&a, "corpora/client-ip-forwarding.jsonl");
	while (tq_shared_row(&rest, &row)) {
		check_row(row);
		json_decref(row);
		n++;
	}
	assert_true(n > 10);
	tq_arena_free(&a);
}

static void
caps_count_households(void **state)
{
	struct tq_addr a = addr("2001:db8::1"), b = addr("2001:db8::2"),
	    c = addr("2001:db8:0:1::1"), d = addr("1.2.3.4"),
	    e = addr("1.2.3.5");
	struct tq_cap *cap = tq_cap_new(6, 2);

	(void)state;
	assert_non_null(cap);
	assert_true(tq_cap_take(cap, &a, false));
	assert_true(tq_cap_take(cap, &b, false));
	assert_false(tq_cap_take(cap, &a, false));
	assert_true(tq_cap_take(cap, &a, true));
	assert_true(tq_cap_take(cap, &c, false));
	assert_true(tq_cap_take(cap, &d, false));
	assert_true(tq_cap_take(cap, &e, false));
	assert_false(tq_cap_take(cap, &e, false));
	assert_int_equal(tq_cap_total(cap), 6);
	tq_cap_give(cap, &a, true);
	tq_cap_give(cap, &b, false);
	assert_true(tq_cap_take(cap, &a, false));
	tq_cap_free(cap);
}

static void
caps_survive_a_crowd(void **state)
{
	enum { N = 3000 };
	struct tq_cap *cap = tq_cap_new(N, 1);
	struct tq_addr a = { .family = 4 };

	(void)state;
	assert_non_null(cap);
	for (int round = 0; round < 3; round++) {
		for (unsigned i = 0; i < N; i++) {
			a.bytes[2] = (uint8_t)(i >> 8);
			a.bytes[3] = (uint8_t)i;
			assert_true(tq_cap_take(cap, &a, false));
		}
		for (unsigned i = 0; i < N; i++) {
			unsigned j = i * 7 % N;

			a.bytes[2] = (uint8_t)(j >> 8);
			a.bytes[3] = (uint8_t)j;
			tq_cap_give(cap, &a, false);
			assert_true(tq_cap_take(cap, &a, false));
			assert_false(tq_cap_take(cap, &a, false));
			tq_cap_give(cap, &a, false);
		}
		assert_int_equal(tq_cap_total(cap), 0);
	}
	tq_cap_free(cap);
}

static int
start(void **state)
{
	struct tq_err e;

	(void)state;
	return tq_crypto_start(&e) == TQ_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prefixes_match_by_bits),
		cmocka_unit_test(bad_lists_are_named),
		cmocka_unit_test(the_reader_is_the_last_untrusted),
		cmocka_unit_test(the_named_field_counts),
		cmocka_unit_test(scheme_is_believed_from_a_trusted_peer_only),
		cmocka_unit_test(the_shared_rows_hold),
		cmocka_unit_test(caps_count_households),
		cmocka_unit_test(caps_survive_a_crowd),
	};

	return cmocka_run_group_tests_name("web/client_ip", tests, start,
	    NULL);
}
