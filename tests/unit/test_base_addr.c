/* Addresses as text, and where to listen. */
#include "unit.h"

#include "base/addr.h"

static struct tq_addr
addr(const char *text)
{
	struct tq_addr a = { .family = 0 };

	if (!tq_addr_parse(tq_str_c(text), &a))
		fail_msg("%s is no address", text);
	return a;
}

static void
addresses_parse_strictly(void **state)
{
	static const char *const bad[] = { "", "1.2.3", "1.2.3.4.5", "01.2.3.4",
	    "0x1.2.3.4", "3325256711", "1.2.3.256", "1.2.3.4 ", "fe80::1%eth0",
	    "[::1]", "::1::", "1.2.3.4:80", "localhost" };
	struct tq_addr a = { .family = 9 }, v4 = addr("192.0.2.1");

	(void)state;
	for (size_t i = 0; i < TQ_N(bad); i++)
		assert_false(tq_addr_parse(tq_str_c(bad[i]), &a));
	assert_int_equal(a.family, 9);
	a = addr("::ffff:192.0.2.1");
	assert_true(tq_addr_eq(&a, &v4));
	a = addr("2001:db8::1");
	assert_int_equal(a.family, 6);
}

static void
places_to_listen_parse_strictly(void **state)
{
	static const struct { const char *text, *addr; uint16_t port; }
	good[] = {
		{ "127.0.0.1:8080", "127.0.0.1", 8080 },
		{ "[::1]:0", "::1", 0 },
		{ "0.0.0.0:65535", "0.0.0.0", 65535 },
		{ "*:80", "::", 80 },
	};
	static const char *const bad[] = { "", ":", "foo", "8080", ":8080",
	    "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
	    "127.0.0.1:8o", "localhost:8080", "**:80", "[]:80", "[::1:80" };
	struct tq_addr a = { .family = 9 }, wanted;
	uint16_t port = 7;

	(void)state;
	for (size_t i = 0; i < TQ_N(bad); i++)
		if (tq_addr_listen(tq_str_c(bad[i]), &a, &port))
			fail_msg("%s was taken", bad[i]);
	assert_int_equal(a.family, 9);
	assert_int_equal(port, 7);
	for (size_t i = 0; i < TQ_N(good); i++) {
		wanted = addr(good[i].addr);
		assert_true(tq_addr_listen(tq_str_c(good[i].text), &a, &port));
		assert_true(tq_addr_eq(&a, &wanted));
		assert_int_equal(port, good[i].port);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_parse_strictly),
		cmocka_unit_test(places_to_listen_parse_strictly),
	};

	return cmocka_run_group_tests_name("base/addr", tests, NULL, NULL);
}
