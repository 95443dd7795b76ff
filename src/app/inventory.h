/* inventory.h - every personal datum the program touches, one row each: what,
 * why, in which form, how long, who reads it, where it goes.  The notice
 * (/privacy and its JSON form) is printed from it; a field that is not here
 * must not be collected. */
#ifndef TQ_APP_INVENTORY_H
#define TQ_APP_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "text/msg.h"

struct tq_datum {
	const char *id;		/* for programs: "email" */
	const char *column;	/* in the store; NULL: memory or nothing */
	bool published;		/* other readers see it with the comment */
	enum tq_msg what, why, how, how_long, who, where;
};

extern const struct tq_datum tq_inventory[];
extern const size_t tq_inventory_count;

#endif
