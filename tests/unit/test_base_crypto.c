/* The libsodium wrap: lengths are part of what is hashed. */
#include "unit.h"

#include <sodium.h>

#include "base/crypto.h"

static void
moving_a_border_changes_the_mac(void **state)
{
	const uint8_t key[TQ_KEY_BYTES] = { 1 };
	const tq_str one[] = { TQ_S("ab"), TQ_S("c") };
	const tq_str two[] = { TQ_S("a"), TQ_S("bc") };
	uint8_t m1[TQ_MAC_BYTES], m2[TQ_MAC_BYTES];

	(void)state;
	tq_mac(m1, sizeof(m1), key, one, 2);
	tq_mac(m2, sizeof(m2), key, two, 2);
	assert_false(tq_equal_ct(m1, m2, sizeof(m1)));
	tq_mac(m2, sizeof(m2), key, one, 2);
	assert_true(tq_equal_ct(m1, m2, sizeof(m1)));
}

static void
a_sealed_box_opens_only_with_the_secret_key(void **state)
{
	uint8_t pk[TQ_SEAL_PUBLIC_BYTES], sk[TQ_SEAL_SECRET_BYTES];
	uint8_t plain[64];
	struct tq_arena a;
	tq_str box;

	(void)state;
	tq_arena_init(&a, 10000);
	tq_seal_keypair(pk, sk);
	box = tq_seal(&a, pk, TQ_S("reader@example.org"));
	assert_int_equal(box.n, 18 + crypto_box_SEALBYTES);
	assert_int_equal(tq_str_find(box, TQ_S("reader")), box.n);
	assert_int_equal(crypto_box_seal_open(plain, (const uint8_t *)box.p,
	    box.n, pk, sk), 0);
	assert_memory_equal(plain, "reader@example.org", 18);
	tq_arena_free(&a);
}

static void
base64url_takes_exactly_its_length(void **state)
{
	struct tq_arena a;
	uint8_t out[4];
	tq_str s;

	(void)state;
	tq_arena_init(&a, 1000);
	s = tq_base64url(&a, TQ_S("\xff\xfe\x00\x01"));
	assert_str(s, "__4AAQ");
	assert_true(tq_base64url_decode(s, out, 4));
	assert_memory_equal(out, "\xff\xfe\x00\x01", 4);
	assert_false(tq_base64url_decode(s, out, 3));
	assert_false(tq_base64url_decode(TQ_S("__4AAQ=="), out, 4));
	assert_false(tq_base64url_decode(TQ_S("//4AAQ"), out, 4));
	assert_false(tq_base64url_decode(TQ_S(""), out, 4));
	assert_false(tq_base64url_decode(TQ_S("_\xff""4AAQ"), out, 4));
	assert_str(tq_hex(&a, TQ_S("\x01\xab")), "01ab");
	tq_arena_free(&a);
}

/* Every length up to where groups of three end, every digit, decoded by the
 * library that the encoder is not of. */
static void
base64url_is_read_back(void **state)
{
	/* RFC 4648 10, without the padding */
	static const char *const words[] = {
		"", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy",
	};
	uint8_t bytes[256], out[256];
	struct tq_arena a;

	(void)state;
	tq_arena_init(&a, 65536);
	for (size_t n = 0; n <= 6; n++)
		assert_str(tq_base64url(&a, (tq_str){ "foobar", n }),
		    words[n]);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 167 + i / 8);
	for (size_t n = 1; n <= sizeof(bytes); n++) {
		tq_str s = tq_base64url(&a, (tq_str){ (char *)bytes, n });

		assert_true(tq_base64url_decode(s, out, n));
		assert_memory_equal(out, bytes, n);
	}
	tq_arena_free(&a);
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
		cmocka_unit_test(moving_a_border_changes_the_mac),
		cmocka_unit_test(a_sealed_box_opens_only_with_the_secret_key),
		cmocka_unit_test(base64url_takes_exactly_its_length),
		cmocka_unit_test(base64url_is_read_back),
	};

	return cmocka_run_group_tests_name("base/crypto", tests, start, NULL);
}
