/* What all stores share: the names of states, and closing. */
#include "store/store.h"

static const tq_str names[TQ_STATES] = {
	[TQ_PUBLISHED] = TQ_S_INIT("published"),
	[TQ_HELD] = TQ_S_INIT("held"),
	[TQ_SPAM] = TQ_S_INIT("spam"),
	[TQ_DELETED] = TQ_S_INIT("deleted"),
};

const char *
tq_state_name(enum tq_state s)
{
	return (unsigned)s < TQ_STATES ? names[s].p : "unknown";
}

bool
tq_state_parse(tq_str s, enum tq_state *out)
{
	for (unsigned i = 0; i < TQ_STATES; i++)
		if (tq_str_eq(s, names[i])) {
			*out = (enum tq_state)i;
			return true;
		}
	return false;
}

void
tq_store_close(struct tq_store *s)
{
	if (s != NULL)
		s->ops->close(s);
}
