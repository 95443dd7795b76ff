/* The contract, for the store in memory. */
#include "store_contract.h"

static void
nothing(void)
{
}

int
main(void)
{
	const struct contract c = { "store/contract memory",
	    tq_store_open_memory, nothing };

	return contract_run(&c);
}
