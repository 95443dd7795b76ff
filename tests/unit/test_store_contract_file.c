/* The contract, for a SQLite file. */
#include "store_contract.h"

#include <stdio.h>
#include <unistd.h>

#include "base/crypto.h"

static char dir[] = "/tmp/tq-test-contract-XXXXXX";

static const char *
file(const char *suffix)
{
	static char path[128];

	(void)snprintf(path, sizeof(path), "%s/taliq.db%s", dir, suffix);
	return path;
}

static enum tq_code
open_store(struct tq_store **out, struct tq_err *e)
{
	static const uint8_t key[TQ_KEY_BYTES] = { 7 };
	const struct tq_store_options o = { .path = file(""),
	    .mac_key = key };

	return tq_store_open_sqlite(&o, out, e);
}

static void
clean(void)
{
	(void)unlink(file(""));
	(void)unlink(file("-wal"));
	(void)unlink(file("-shm"));
}

int
main(void)
{
	const struct contract c = { "store/contract sqlite file", open_store,
	    clean };
	int failed;

	if (mkdtemp(dir) == NULL)
		return 1;
	failed = contract_run(&c);
	(void)rmdir(dir);
	return failed;
}
