/* From a depth-first array to nested lists.  A stack of at most TQ_VIEW_LEVELS
 * open comments is enough: deeper ones are appended to the last level. */
#include "web/view_thread.h"

#define HUES 12
#define MOTIFS 8

struct level {
	struct tq_view_comment *at;		/* open comment of this level */
	const struct tq_view_comment **tail;	/* where the next one goes */
};

static void
draw(struct tq_view_comment *c)
{
	c->hue = c->seed % HUES;
	c->motif = c->seed / HUES % MOTIFS;
	c->folded = 0;
	c->unfold = false;
	c->replies = NULL;
	c->next = NULL;
}

const struct tq_view_comment *
tq_view_nest(struct tq_view_comment *c, size_t n)
{
	const struct tq_view_comment *first = NULL;
	struct level stack[TQ_VIEW_LEVELS] = { { NULL, &first } };
	size_t open = 0;	/* levels that have an open comment */

	for (size_t i = 0; i < n; i++) {
		struct tq_view_comment *above;
		size_t level;

		draw(&c[i]);
		while (open > 0 && stack[open - 1].at->depth >= c[i].depth)
			open--;
		level = open < TQ_VIEW_LEVELS ? open : TQ_VIEW_LEVELS - 1;
		above = level > 0 ? stack[level - 1].at : NULL;
		c[i].names_parent = c[i].parent_id != 0 &&
		    (above == NULL || above->id != c[i].parent_id);
		if (level == TQ_VIEW_LEVELS - 1) {
			above->folded++;
			above->unfold |= c[i].wanted;
		}
		*stack[level].tail = &c[i];
		stack[level].tail = &c[i].next;
		if (open == TQ_VIEW_LEVELS)
			continue;
		stack[level].at = &c[i];
		open = level + 1;
		if (open < TQ_VIEW_LEVELS)
			stack[open].tail = &c[i].replies;
	}
	return first;
}
