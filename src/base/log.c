/* The log: one write(2) a line, so that lines of threads do not mix.  Control
 * bytes in an operator's text are shown as '?'. */
#include "base/log.h"

#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

static _Atomic int log_level = TQ_LOG_INFO;

static const char *const level_names[] = {
	[TQ_LOG_DEBUG] = "debug", [TQ_LOG_INFO] = "info",
	[TQ_LOG_WARN] = "warn", [TQ_LOG_ERROR] = "error",
};

void
tq_log_set_level(enum tq_log_level level)
{
	atomic_store(&log_level, (int)level);
}

_Bool
tq_log_level_parse(tq_str s, enum tq_log_level *out)
{
	for (size_t i = 0; i < sizeof(level_names) / sizeof(*level_names); i++)
		if (tq_str_eq(s, tq_str_c(level_names[i]))) {
			*out = (enum tq_log_level)i;
			return 1;
		}
	return 0;
}

static void
put_operator(struct tq_buf *b, tq_str s)
{
	tq_buf_byte(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		tq_buf_byte(b, c < 0x20 || c == 0x7f || c == '"' ? '?' :
		    (char)c);
	}
	tq_buf_byte(b, '"');
}

static void
put_field(struct tq_buf *b, const struct tq_log_field *f)
{
	tq_buf_byte(b, ' ');
	tq_buf_put(b, tq_str_c(f->key));
	tq_buf_byte(b, '=');
	switch (f->kind) {
	case TQ_F_INT:
		tq_buf_i64(b, f->number);
		break;
	case TQ_F_WORD:
		tq_buf_put(b, tq_str_c(f->word));
		break;
	case TQ_F_OPERATOR:
		put_operator(b, f->operator_text);
		break;
	}
}

void
tq_log_event(enum tq_log_level level, const char *event,
    const struct tq_log_field *fields, size_t n)
{
	struct tq_arena a;
	struct tq_buf b;
	tq_str line;

	if ((int)level < atomic_load(&log_level))
		return;
	tq_arena_init(&a, 64 * 1024);
	tq_buf_init(&b, &a, 256);
	tq_date_rfc3339(&b, tq_wall_us(&tq_clock_system));
	tq_buf_printf(&b, " %s %s", level_names[level], event);
	for (size_t i = 0; i < n; i++)
		put_field(&b, &fields[i]);
	tq_buf_byte(&b, '\n');
	line = tq_buf_str(&b);
	if (line.n > 0)
		(void)!write(STDERR_FILENO, line.p, line.n);
	tq_arena_free(&a);
}
