/* Failures: see err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

enum tq_code
tq_fail(struct tq_err *e, enum tq_code code, const char *fmt, ...)
{
	va_list ap;

	e->code = code;
	va_start(ap, fmt);
	(void)vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return code;
}

const char *
tq_code_name(enum tq_code code)
{
	static const char *const names[] = {
		[TQ_OK] = "ok", [TQ_EINVALID] = "invalid",
		[TQ_ENOTFOUND] = "not_found", [TQ_ECONFLICT] = "conflict",
		[TQ_EDENIED] = "denied", [TQ_ELIMIT] = "limit",
		[TQ_EBUSY] = "busy", [TQ_EIO] = "io", [TQ_EBUG] = "bug",
	};

	if ((size_t)code >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[code];
}
