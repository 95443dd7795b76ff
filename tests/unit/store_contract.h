/* store_contract.h - what every store must do, run for each of them by a small
 * program of its own (test_store_contract_*.c). */
#ifndef TQ_TESTS_STORE_CONTRACT_H
#define TQ_TESTS_STORE_CONTRACT_H

#include "unit.h"

#include "store/store.h"

struct contract {
	const char *name;
	/* A new, empty store. */
	enum tq_code (*open)(struct tq_store **out, struct tq_err *e);
	/* Takes away what open left on the disk; not NULL. */
	void (*clean)(void);
};

int contract_run(const struct contract *c);

#endif
