/* The contract, for SQLite in memory. */
#include "store_contract.h"

#include "base/crypto.h"

static enum tq_code
open_store(struct tq_store **out, struct tq_err *e)
{
	static const uint8_t key[TQ_KEY_BYTES] = { 7 };
	const struct tq_store_options o = { .path = ":memory:",
	    .mac_key = key };

	return tq_store_open_sqlite(&o, out, e);
}

static void
nothing(void)
{
}

int
main(void)
{
	const struct contract c = { "store/contract sqlite :memory:",
	    open_store, nothing };

	return contract_run(&c);
}
