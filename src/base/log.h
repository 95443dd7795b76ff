/* log.h - what happened, as events with typed fields.  No free text from a
 * request can reach the log: a field is a number, one of our own literals, an
 * error code, or text the operator wrote (a file name, a setting).
 * One line of key=value on standard error per event.  Any thread. */
#ifndef TQ_BASE_LOG_H
#define TQ_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum tq_log_level { TQ_LOG_DEBUG, TQ_LOG_INFO, TQ_LOG_WARN, TQ_LOG_ERROR };

/* Text that the operator wrote, never a reader: wrap it by TQ_OPERATOR, and
 * think while typing it. */
struct tq_operator_text { tq_str s; };
#define TQ_OPERATOR(str) ((struct tq_operator_text){ (str) })

struct tq_log_field {
	const char *key;	/* literal */
	enum { TQ_F_INT, TQ_F_WORD, TQ_F_OPERATOR } kind;
	int64_t number;
	const char *word;	/* literal */
	tq_str operator_text;
};

/* The ("" lit "") refuses anything that is not a literal. */
#define TQ_LOG_INT(k, v) \
	((struct tq_log_field){ .key = ("" k ""), .kind = TQ_F_INT, \
	    .number = (int64_t)(v) })
#define TQ_LOG_WORD(k, w) \
	((struct tq_log_field){ .key = ("" k ""), .kind = TQ_F_WORD, \
	    .word = ("" w "") })
#define TQ_LOG_CODE(k, c) \
	((struct tq_log_field){ .key = ("" k ""), .kind = TQ_F_WORD, \
	    .word = tq_code_name(c) })
#define TQ_LOG_OPERATOR(k, t) \
	((struct tq_log_field){ .key = ("" k ""), .kind = TQ_F_OPERATOR, \
	    .operator_text = (t).s })

/* tq_log(TQ_LOG_INFO, "article_loaded", TQ_LOG_INT("line", 3)); */
#define tq_log(level, event, ...) \
	tq_log_event((level), ("" event ""), \
	    (const struct tq_log_field[]){ __VA_ARGS__ }, \
	    sizeof((const struct tq_log_field[]){ __VA_ARGS__ }) / \
	    sizeof(struct tq_log_field))

void tq_log_event(enum tq_log_level level, const char *event,
    const struct tq_log_field *fields, size_t n);
/* Events below level are dropped; TQ_LOG_INFO at start. */
void tq_log_set_level(enum tq_log_level level);
/* "debug", "info", "warn", "error"; false when s is none of them. */
_Bool tq_log_level_parse(tq_str s, enum tq_log_level *out);

#endif
