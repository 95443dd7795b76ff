/* lang_table.h - the shape of the tables that tools/po.py makes from po/; only
 * lang*.c and the generated file include it. */
#ifndef TQ_TEXT_LANG_TABLE_H
#define TQ_TEXT_LANG_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "text/lang.h"

/* Families of plural rules, named as in po/LINGUAS. */
enum tq_plural_rule {
	TQ_PLURAL_NONE,		/* id, ja, ko, th, vi, zh */
	TQ_PLURAL_ONE_OTHER,	/* de, en, es, it, nl, tr, ur, ckb */
	TQ_PLURAL_FRENCH,	/* fr, fa, hi, pt: zero is singular */
	TQ_PLURAL_RUSSIAN,	/* ru, uk, be */
	TQ_PLURAL_ARABIC	/* ar */
};
/* Whether a site may choose between two sets of month names. */
enum tq_month_set { TQ_MONTH_SET_PLAIN, TQ_MONTH_SET_ARABIC };

struct tq_lang {
	tq_str tag, name;
	enum tq_dir dir;
	enum tq_plural_rule plural;
	enum tq_month_set months;
	const tq_str *text;	/* every form of every message */
	const uint16_t *at;	/* message id is text[at[id]..at[id + 1]-1] */
};

extern const struct tq_lang tq_lang_table[];	/* English first */
extern const size_t tq_lang_table_n;

/* The form of id for n. */
tq_str tq_lang_form(const struct tq_lang *l, enum tq_msg id, int64_t n);

#endif
